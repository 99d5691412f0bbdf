"""What comes of an upload, piece by piece; with the last it becomes a file."""

import secrets
from collections.abc import AsyncIterable, AsyncIterator
from datetime import timedelta
from uuid import UUID

from people.actors import Actor
from people.signing.tokens import as_now, must_cover
from rooms.files.contents import Content, keep
from rooms.files.files import add_file, place_for
from rooms.files.quotas import must_have_room
from rooms.files.senders import Senders
from rooms.files.uploads import (
    LIFETIME,
    MOST_BREAKS,
    BeginUpload,
    OffsetIsWrong,
    TooManyPieces,
    Upload,
    UploadLimits,
    begin_one_after_the_other,
    must_be_few,
    own_upload,
)
from store.database import Database, Transaction
from store.errors import Refusal, Size, TooLarge, Unavailable, _
from store.files.blobs import PIECE_BYTES, Blobs
from store.files.garbage import BlobIsGone, discard, hold
from store.files.spools import Spool


async def receive(
    database: Database,
    blobs: Blobs,
    actor: Actor,
    upload_id: UUID,
    offset: int,
    content: AsyncIterable[bytes],
    *,
    senders: Senders | None = None,
) -> Upload:
    """Take in what comes of an upload from an offset on, in pieces; the file is added with the last of them.

    What the content brings until it ends or breaks is kept, as long as the asker may send it.

    Raises:
        NotFound: the upload isn't there, or isn't the asker's.
        NotSignedIn, ScopeMissing: their session or token ended meanwhile, or may less.
        OffsetIsWrong: it goes on from another place, or another sender was faster.
        TakenOver: somebody sends it anew.
        TooManySenders: the asker sends as much already.
        TooLarge: more comes than was announced.
        TooManyPieces: it was broken off too often.
        RoomIsArchived, Invalid: the file can no longer be added as it was announced.
    """
    await _standing_at(database, actor, upload_id, offset)
    senders = senders or Senders()
    async with senders.sender(actor.id, upload_id) as sender:
        upload = await _standing_at(database, actor, upload_id, offset)
        with Spool(blobs.spools) as piece:
            async for _full in _pieces(sender.sent(content), piece):
                left = upload.size - upload.received
                if piece.size > left:
                    raise TooLarge(_("More data arrived than was announced."))
                if piece.size < left:
                    async with senders.putting:
                        upload = await _keep_piece(database, blobs, actor, upload, await piece.whole())
                else:
                    upload = await _finish(database, blobs, actor, upload, piece)
    return upload


async def _standing_at(database: Database, actor: Actor, upload_id: UUID, offset: int) -> Upload:
    async with database.reading(actor.within) as tx:
        upload = await own_upload(tx, actor, upload_id)
    if upload.received != offset:
        raise OffsetIsWrong()
    return upload


async def _pieces(content: AsyncIterable[bytes], piece: Spool) -> AsyncIterator[Spool]:
    """What comes, in one piece after the other: all but the last of one size."""
    async for chunk in content:
        rest = chunk
        while rest:
            part = rest[: PIECE_BYTES - piece.size]
            rest = rest[len(part) :]
            await piece.add(part)
            if piece.size == PIECE_BYTES:
                yield piece
                await piece.clear()
    if piece.size:
        yield piece


async def _keep_piece(database: Database, blobs: Blobs, actor: Actor, upload: Upload, piece: bytes) -> Upload:
    """Keep a piece. Of two senders at once the faster wins; a piece's name is its sender's own."""
    if len(upload.pieces) >= MOST_BREAKS + upload.size // PIECE_BYTES:
        raise TooManyPieces()
    name = f"{upload.received:016}-{secrets.token_hex(4)}"
    await blobs.put_piece(upload.id, name, piece)
    try:
        return await _add_piece(database, actor, upload, name, len(piece))
    except Unavailable:
        raise  # it may count all the same
    except Refusal:
        await blobs.delete_piece(upload.id, name)
        raise


async def _add_piece(database: Database, actor: Actor, upload: Upload, name: str, size: int) -> Upload:
    async with database.asked_by(actor) as tx:
        now = await _as_it_stands(tx, await _still_may(tx, actor), upload)
        now.received += size
        now.pieces = [*now.pieces, name]
        now.expires_at = tx.now + LIFETIME
    return now


async def _finish(database: Database, blobs: Blobs, actor: Actor, upload: Upload, last: Spool) -> Upload:
    while True:
        content = await keep(blobs, upload.business_id, upload.name, _whole(blobs, upload, last))
        async with database.asked_by(actor) as tx:
            # Should the file not come to be, its bytes go again.
            await discard(tx, upload.business_id, content.digests, after=timedelta(minutes=10))
        try:
            done = await _add(database, blobs, actor, upload, content)
        except BlobIsGone:
            continue
        await blobs.delete_pieces(upload.id)
        return done


async def _whole(blobs: Blobs, upload: Upload, last: Spool) -> AsyncIterator[bytes]:
    async for chunk in blobs.pieces(upload.id, upload.pieces):
        yield chunk
    async for chunk in last.parts():
        yield chunk


async def _add(database: Database, blobs: Blobs, actor: Actor, upload: Upload, content: Content) -> Upload:
    async with database.asked_by(actor) as tx:
        actor = await _still_may(tx, actor)
        if upload.size == 0:
            tx.add(upload)
        else:
            upload = await _as_it_stands(tx, actor, upload)
        await hold(tx, blobs, upload.business_id, content.digests)
        await add_file(tx, actor, upload.file, content, upload.id)
        upload.received, upload.pieces = upload.size, []
        # From here on the name is the file's alone, and goes with it.
        upload.name = ""
        upload.expires_at = tx.now + LIFETIME
    return upload


async def _still_may(tx: Transaction, actor: Actor) -> Actor:
    actor = await as_now(tx, actor)
    must_cover(actor, "rooms:write")
    return actor


async def _as_it_stands(tx: Transaction, actor: Actor, upload: Upload) -> Upload:
    now = await own_upload(tx, actor, upload.id, lock=True)
    if now.received != upload.received:
        raise OffsetIsWrong()
    return now


async def begin_upload(
    database: Database,
    blobs: Blobs,
    actor: Actor,
    command: BeginUpload,
    *,
    most_bytes: int,
    limits: UploadLimits | None = None,
) -> Upload:
    """Begin to upload a file into a room. An empty file has arrived with that.

    Raises:
        NotFound: the room or the task isn't there, or isn't the asker's.
        Invalid: the audience isn't theirs to choose, or is wider than the task's.
        RoomIsArchived: the room is read-only.
        TooLarge: files of this size aren't taken.
        QuotaReached: the business's files would take more than they may.
        TooManyUploads: the asker has too many on their way, or too large ones.
    """
    if command.size > most_bytes:
        size, most = Size(command.size), Size(most_bytes)
        raise TooLarge(_("Files can be at most %(most)s. This one is %(size)s."), size=size, most=most)
    async with database.asked_by(actor) as tx:
        room, _audience = await place_for(tx, actor, command)
        upload = Upload(
            id=tx.new_id(),
            business_id=room.business_id,
            room_id=room.id,
            person_id=actor.id,
            task_id=command.task_id,
            name=command.name,
            audience=command.audience,
            size=command.size,
            received=0,
            pieces=[],
            created_at=tx.now,
            expires_at=tx.now + LIFETIME,
        )
        if command.size > 0:
            await begin_one_after_the_other(tx, actor)
            tx.add(upload)
            await tx.flush()
            await must_be_few(tx, actor, limits)
            await must_have_room(tx, actor, room.business_id, command.size)
    if command.size == 0:
        await _finish(database, blobs, actor, upload, Spool())
    return upload
