"""Garbage: blobs that may no longer be needed.

A note is written in the transaction that stops needing a blob (or before one that will begin to), so that no crash
leaves a removed file's bytes behind. Who places a blob and who deletes one hold the same lock, so that bytes which are
uploaded anew while their last file is removed stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, delete, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from store.announcements import Announcement
from store.database import Database, Transaction
from store.files.blobs import Blobs
from store.rows import Row
from store.scopes import EVERYWHERE

AT_ONCE = 50
DELETING = 0x626C6F62  # "blob": shared by who deletes blobs, held alone by who backs them up


class Discard(Row):
    """A note to look whether a blob is still needed."""

    __tablename__ = "discards"
    __table_args__ = (Index("ix_discards_due", "due_at"),)

    business_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    due_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class BlobSought(Announcement):
    """Is a blob needed still? The answers are conditions, each of which is true where something needs it."""

    business_id: UUID
    digest: str


class BlobIsGone(Exception):
    """The blob was deleted before it could be held; putting it again is all it takes."""


async def discard(tx: Transaction, business_id: UUID, digests: Iterable[str], after: timedelta = timedelta(0)) -> None:
    """Note blobs for deletion, should nothing need them then."""
    notes = [{"business_id": business_id, "digest": digest, "due_at": tx.now + after} for digest in sorted(digests)]
    if not notes:
        return
    note = insert(Discard)
    sooner = func.least(Discard.due_at, note.excluded.due_at)
    await tx.execute(
        note.on_conflict_do_update(index_elements=["business_id", "digest"], set_={"due_at": sooner}), notes
    )


async def hold(tx: Transaction, blobs: Blobs, business_id: UUID, digests: Iterable[str]) -> None:
    """Keep blobs from being deleted until this transaction ends.

    Raises:
        BlobIsGone: one was deleted already.
    """
    for digest in sorted(digests):
        await _lock(tx, business_id, digest)
        if not await blobs.exists(business_id, digest):
            raise BlobIsGone(digest)


async def delete_all_discarded(database: Database, blobs: Blobs) -> None:
    """Delete all of them."""
    while await delete_discarded(database, blobs):
        pass


async def delete_discarded(database: Database, blobs: Blobs) -> int:
    """Delete the noted blobs that nothing needs; this is how many notes were dealt with, at most fifty."""
    async with database.reading(EVERYWHERE) as tx:
        due = select(Discard.business_id, Discard.digest).where(Discard.due_at <= tx.now).order_by(Discard.due_at)
        notes = (await tx.execute(due.limit(AT_ONCE))).all()
    for business_id, digest in notes:
        async with database.transaction(EVERYWHERE) as tx:
            if not await tx.scalar(select(func.pg_try_advisory_xact_lock_shared(DELETING))):
                return 0  # a backup is being made: it must find every blob
            await _lock(tx, business_id, digest)
            if not await _needed(tx, business_id, digest):
                await blobs.delete(business_id, digest)
            await tx.execute(delete(Discard).where(Discard.business_id == business_id, Discard.digest == digest))
    return len(notes)


async def _needed(tx: Transaction, business_id: UUID, digest: str) -> bool:
    needed_by = await tx.announce(BlobSought(business_id, digest))
    return await tx.scalar(select(or_(false(), *needed_by))) is True


async def _lock(tx: Transaction, business_id: UUID, digest: str) -> None:
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"blob {business_id}/{digest}", 0))))
