"""Uploads: files on their way, whole or not at all.

What arrives is kept in pieces, and ``received`` says how much of it there is. The piece that completes an upload moves
``received`` only in the transaction that adds the file. So at every moment either the file is there, or its sender is
told to send the last piece again: no crash can lose a file that was said to have arrived, or add it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import BigInteger, ForeignKey, Index, Text, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.rate_limits import CLIENTS_SHARE
from rooms.access import visible_room
from rooms.files.files import AddFile
from store.database import Database, Transaction
from store.errors import Conflict, NotFound, TooMany, _
from store.files.blobs import Blobs
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


async def begin_one_after_the_other(tx: Transaction, actor: Actor) -> None:
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"uploads {actor.id}", 0))))


async def must_be_few(tx: Transaction, actor: Actor, limits: UploadLimits | None) -> None:
    if limits is None:
        return
    their_own = Upload.person_id == actor.id, Upload.received < Upload.size, Upload.expires_at > tx.now
    count, size = (await tx.execute(select(func.count(), func.sum(Upload.size)).where(*their_own))).one()
    if not limits.admit(actor, count, size):
        raise TooManyUploads(retry_after_seconds=AGAIN_SECONDS)
