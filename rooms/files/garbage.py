"""Garbage: blobs that perhaps nothing needs any more.

A note is written in the transaction that stops needing a blob (or before one that will begin to), so that no crash
leaves a removed file's bytes behind. Who places a blob and who deletes one hold the same lock, so that bytes which are
uploaded anew while their last file is removed stay.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, delete, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.businesses import Business
from people.installation.deletions import BusinessEnds
from rooms.files.attachments import File
from store.database import Database, Transaction
from store.files.blobs import Blobs
from store.rows import Row
from store.scopes import EVERYWHERE
from store.upkeep import Household

AT_ONCE = 50
DELETING = 0x626C6F62  # "blob": shared by who deletes blobs, held alone by who backs them up


class Discard(Row):
    """A note to look whether a blob is still needed."""

    __tablename__ = "discards"
    __table_args__ = (Index("ix_discards_due", "due_at"),)

    business_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    due_at: Mapped[datetime]


class BlobIsGone(Exception):
    """The blob was deleted before it could be held; putting it again is all it takes."""


async def discard(tx: Transaction, business_id: UUID, digests: Iterable[str], after: timedelta = timedelta(0)) -> None:
    """Note blobs for deletion, should nothing need them then."""
    notes = [{"business_id": business_id, "digest": digest, "due_at": tx.now + after} for digest in sorted(digests)]
    note = insert(Discard)
    sooner = func.least(Discard.due_at, note.excluded.due_at)
    await tx.execute(
        note.on_conflict_do_update(index_elements=["business_id", "digest"], set_={"due_at": sooner}), notes
    )


async def discard_all(tx: Transaction, ends: BusinessEnds) -> None:
    """Note all blobs of a business's files, before its rows go."""
    digests = select(func.unnest(literal_column("array[files.digest, files.preview_digest]"))).select_from(File)
    found = set(await tx.scalars(digests.where(File.business_id == ends.business_id))) - {None}
    if found:
        await discard(tx, ends.business_id, found)


async def hold(tx: Transaction, blobs: Blobs, business_id: UUID, digests: Iterable[str]) -> None:
    """Keep blobs from being deleted until this transaction ends.

    Raises:
        BlobIsGone: one was deleted already.
    """
    for digest in sorted(digests):
        await _lock(tx, business_id, digest)
        if not await blobs.exists(business_id, digest):
            raise BlobIsGone(digest)


async def delete_all_discarded(house: Household) -> None:
    """Delete all of them."""
    while await delete_discarded(house.database, house.blobs):
        pass


async def delete_discarded(database: Database, blobs: Blobs) -> int:
    """Delete the noted blobs that no file and no logo needs; this is how many notes were dealt with, at most fifty."""
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
    by_a_file = select(File.id).where(
        File.business_id == business_id, or_(File.digest == digest, File.preview_digest == digest)
    )
    as_a_logo = select(Business.id).where(Business.id == business_id, Business.logo == digest)
    return await tx.scalar(select(or_(by_a_file.exists(), as_a_logo.exists()))) is True


async def _lock(tx: Transaction, business_id: UUID, digest: str) -> None:
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"blob {business_id}/{digest}", 0))))
