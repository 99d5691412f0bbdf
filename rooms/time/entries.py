"""Time entries: the stretches of work that timers leave.

No two entries of one person overlap (an exclusion constraint), and one person has one that runs (a partial unique
index): the database holds both, whatever the code above it does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.streams import business_stream
from rooms.access import SeenRoom, room_stream
from rooms.announcements import RoomShown
from rooms.lenses import narrows
from rooms.time.events import EntryChanged, EntryWithdrawn, TimerStarted, TimerStopped, WhyStopped
from rooms.time.forms import EntryForm
from store.database import Transaction
from store.events import Audience, Gone, wired
from store.log import narrow
from store.rows import Row, Signed
from store.streams import Stream

RECENT = timedelta(days=62)
"""How far back a snapshot's time entries go; earlier ones are read by their dates."""


class Entry(Signed, Row):
    """A stretch of work; running while ``stopped_at`` is null."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("uq_entries_running", "person_id", unique=True, postgresql_where=text("stopped_at is null")),
        Index("ix_entries_room", "room_id", "started_at"),
        Index("ix_entries_room_end", "room_id", "stopped_at"),
        Index("ix_entries_person", "person_id", "started_at"),
        Index("ix_entries_task", "task_id"),
        ExcludeConstraint(
            ("person_id", "="),
            (literal_column("tstzrange(started_at, stopped_at)"), "&&"),
            name="ex_entries_overlap",
            using="gist",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


async def stop(tx: Transaction, entry: Entry, *, by: Actor, reason: WhyStopped | None = None) -> EntryForm:
    """End a running entry now, and tell it: whose it is stands in it, who ended it in the event, and with what else it
    ended. The clock of the node that started it may have been ahead."""
    entry.stopped_at = max(tx.now, entry.started_at)
    await tx.flush()
    form = EntryForm.model_validate(entry)
    stream = room_stream(entry.room_id, entry.business_id)
    tx.record(stream, TimerStopped(entry=form, reason=reason), by=by.id, audience=entry.audience)
    tell_around(tx, entry, TimerStopped(timer=Gone(id=entry.id), reason=reason), by=by)
    return form


async def stop_in_room(
    tx: Transaction,
    room: SeenRoom,
    *,
    by: Actor,
    reason: WhyStopped,
    person_id: UUID | None = None,
    task_id: UUID | None = None,
) -> None:
    """Stop the timers that run in a room: one person's, one task's, or all."""
    query = select(Entry).where(Entry.room_id == room.id, Entry.stopped_at.is_(None))
    if person_id is not None:
        query = query.where(Entry.person_id == person_id)
    if task_id is not None:
        query = query.where(Entry.task_id == task_id)
    for entry in (await tx.scalars(query.order_by(Entry.person_id).with_for_update())).all():
        await stop(tx, entry, by=by, reason=reason)


def tell_around(tx: Transaction, entry: Entry, event: TimerStarted | TimerStopped, *, by: Actor) -> None:
    """Tell the person, on whatever page they are, and the managers' board."""
    tx.record(Stream("person", entry.person_id, entry.business_id), event, by=by.id)
    tx.record(business_stream(entry.business_id), event, by=by.id, audience="managers")


async def reaudience(tx: Transaction, room: SeenRoom, task_id: UUID, audience: Audience, *, by: Actor) -> None:
    """Show a task's entries to those who see the task, and to nobody else."""
    changed = list(
        await tx.scalars(select(Entry).where(Entry.task_id == task_id, Entry.audience != audience).with_for_update())
    )
    taken_back = [entry.id for entry in changed if narrows(entry.audience, audience)]
    if taken_back:
        await narrow(tx, room.stream, taken_back, audience)
    for entry in changed:
        if entry.id in taken_back:
            tx.record(room.stream, EntryWithdrawn(entry=Gone(id=entry.id)), by=by.id, audience=entry.audience)
        entry.audience = audience
        form = EntryForm.model_validate(entry)
        tx.record(room.stream, EntryChanged(entry=form), by=by.id, audience=audience)


async def entries(tx: Transaction, room: SeenRoom, since: datetime, until: datetime | None = None) -> list[EntryForm]:
    """These are a room's entries that reach into a span of time, those that run too, earliest first."""
    span = or_(Entry.stopped_at > since, Entry.stopped_at.is_(None))
    rows: Iterable[Entry] = await tx.scalars(
        select(Entry)
        .where(Entry.room_id == room.id, Entry.audience.in_(room.audiences), span)
        .where(*([] if until is None else [Entry.started_at < until]))
        .order_by(Entry.started_at, Entry.id)
        .limit(2000)
    )
    return [EntryForm.model_validate(row) for row in rows]


async def used_on(tx: Transaction, task_id: UUID) -> bool:
    """Whether time was recorded on a task."""
    return (await tx.scalar(select(Entry.id).where(Entry.task_id == task_id).limit(1))) is not None


async def show_entries(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the room's recent entries."""
    return {"entries": wired(await entries(tx, shown.room, tx.now - RECENT))}
