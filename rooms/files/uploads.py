"""Uploads: files on their way, whole or not at all.

What arrives is kept in pieces, and ``received`` says how much of it there is. The piece that completes an upload moves
``received`` only in the transaction that adds the file. So at every moment either the file is there, or its sender is
told to send the last piece again: no crash can lose a file that was said to have arrived, or add it twice.
"""

import secrets
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import BigInteger, ForeignKey, Index, Text, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.rate_limits import CLIENTS_SHARE
from people.signing.tokens import as_now, must_cover
from rooms.access import visible_room
from rooms.files.contents import Content, keep
from rooms.files.files import AddFile, add_file, place_for
from rooms.files.garbage import BlobIsGone, discard, hold
from rooms.files.quotas import must_have_room
from rooms.files.senders import Senders
from store.database import Database, Transaction
from store.errors import Conflict, NotFound, Refusal, Size, TooLarge, TooMany, Unavailable, _
from store.files.blobs import PIECE_BYTES, Blobs
from store.files.spools import Spool
from store.rows import Row
from store.scopes import EVERYWHERE
from store.upkeep import Household

LIFETIME = timedelta(hours=24)
"""How long an upload waits for its next piece."""

FORGOTTEN_AT_ONCE = 50
GIVEN_UP = -1
"""What is ``received`` of an upload that is being forgotten: nobody goes on from there."""
AGAIN_SECONDS = 5
"""Whoever has too many on their way may ask again after this."""
MOST_BREAKS = 1_000
"""So often may an upload be broken off: each leaves a piece that isn't full, and takes room as if it were larger."""


class Upload(Row):
    """A file on its way; complete, and in the room, once ``received`` is its ``size``."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index("ix_uploads_expiry", "expires_at"),
        Index("ix_uploads_open", "person_id", postgresql_where=text("received < size")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    task_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    audience: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    pieces: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    @property
    def file(self) -> AddFile:
        return AddFile.model_validate(
            {"room_id": self.room_id, "name": self.name, "audience": self.audience, "task_id": self.task_id}
        )


class BeginUpload(AddFile):
    size: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How much one person may have on its way at a time; a client a quarter of it. One file may always be."""

    at_once: int = 100
    bytes: int = 50_000_000_000

    def admit(self, actor: Actor, count: int, size: int) -> bool:
        """Whether somebody may have so many uploads open, of this size together."""
        share = CLIENTS_SHARE if actor.kind == "client" else 1
        return count <= 1 or (count <= max(1, self.at_once // share) and size <= self.bytes // share)


class TooManyUploads(TooMany):
    code = "too_many_uploads"
    message = _("You've reached the limit for uploads in progress. More files are accepted as these finish.")


class TooManyPieces(Conflict):
    code = "too_many_pieces"
    message = _("This upload was interrupted too often. Please send the file again.")


class OffsetIsWrong(Conflict):
    code = "wrong_offset"
    message = _("The upload doesn't continue from this position.")


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
            await _begin_one_after_the_other(tx, actor)
            tx.add(upload)
            await tx.flush()
            await _must_be_few(tx, actor, limits)
            await must_have_room(tx, actor, room.business_id, command.size)
    if command.size == 0:
        await _finish(database, blobs, actor, upload, Spool())
    return upload


async def _begin_one_after_the_other(tx: Transaction, actor: Actor) -> None:
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"uploads {actor.id}", 0))))


async def _must_be_few(tx: Transaction, actor: Actor, limits: UploadLimits | None) -> None:
    if limits is None:
        return
    their_own = Upload.person_id == actor.id, Upload.received < Upload.size, Upload.expires_at > tx.now
    count, size = (await tx.execute(select(func.count(), func.sum(Upload.size)).where(*their_own))).one()
    if not limits.admit(actor, count, size):
        raise TooManyUploads(retry_after_seconds=AGAIN_SECONDS)


async def own_upload(tx: Transaction, actor: Actor, upload_id: UUID, *, lock: bool = False) -> Upload:
    """This is an upload that the asker began, in a room that they still see.

    Raises:
        NotFound: it isn't there, or isn't theirs, or has expired.
    """
    upload = await tx.get(Upload, upload_id, lock=lock)
    if upload is None or upload.person_id != actor.id or upload.expires_at <= tx.now:
        raise NotFound()
    await visible_room(tx, actor, upload.room_id)
    return upload


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


async def end_upload(database: Database, blobs: Blobs, actor: Actor, upload_id: UUID) -> None:
    """Give up an upload. A file that has arrived already stays.

    Raises:
        NotFound: it isn't there, or isn't the asker's.
    """
    async with database.asked_by(actor) as tx:
        await tx.delete(await own_upload(tx, actor, upload_id, lock=True))
    await blobs.delete_pieces(upload_id)


async def forget_all_expired(house: Household) -> None:
    """Forget all of them: what they were announced with is room for others."""
    while await forget_expired(house.database, house.blobs) == FORGOTTEN_AT_ONCE:
        pass


async def forget_expired(database: Database, blobs: Blobs) -> int:
    """Forget uploads whose next piece never came; this is how many there were, at most fifty.

    The store may be far away, so nothing is locked while pieces are deleted. They go before the rows: should this break
    off, the rows are still there to say what is left to delete.
    """
    async with database.transaction(EVERYWHERE) as tx:
        ids = await _give_up_expired(tx)
    for id in ids:
        await blobs.delete_pieces(id)
    async with database.transaction(EVERYWHERE) as tx:
        await tx.execute(delete(Upload).where(Upload.id.in_(ids)))
    return len(ids)


async def _give_up_expired(tx: Transaction) -> Sequence[UUID]:
    """These won't go on any more, whatever a sender still sends who began before their end."""
    expired = select(Upload.id).where(Upload.expires_at <= tx.now).order_by(Upload.expires_at)
    ids = (await tx.scalars(expired.limit(FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True))).all()
    unfinished = Upload.id.in_(ids), Upload.received < Upload.size
    await tx.execute(update(Upload).where(*unfinished).values(received=GIVEN_UP))
    return ids
