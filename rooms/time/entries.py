"""Time entries: the stretches of work that timers leave.

No two entries of one person overlap (an exclusion constraint), and one person has one that runs (a partial unique
index): the database holds both, whatever the code above it does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.streams import business_stream
from rooms.access import SeenRoom, room_stream
from rooms.announcements import GLANCED, RoomArchiving, RoomShown, RoomsLeft
from rooms.lenses import narrows
from rooms.tasks.announcements import TaskDone, TaskGoes, TaskShownTo
from rooms.tasks.named_tasks import show_named_tasks
from rooms.time.events import EntryChanged, EntryWithdrawn, TimerStarted, TimerStopped, WhyStopped
from rooms.time.forms import EntryForm
from store.database import Transaction
from store.errors import Conflict, _
from store.events import Gone, wired
from store.log import narrow
from store.rows import Row, Signed
from store.streams import Stream

RECENT = timedelta(days=62)
"""How far back a snapshot's time entries go; earlier ones are read by their dates."""


class TaskHasTime(Conflict):
    code = "task_has_time"
    message = _("Time was recorded on this task, so it can be completed but not removed.")


class TimeEntry(Signed, Row):
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


async def stop(tx: Transaction, entry: TimeEntry, *, by: Actor, reason: WhyStopped | None = None) -> EntryForm:
    """End a running entry now, and tell it: whose it is stands in it, who ended it in the event, and with what else it
    ended. The clock of the node that started it may have been ahead."""
    entry.stopped_at = max(tx.now, entry.started_at)
    await tx.flush()
    form = EntryForm.model_validate(entry)
    stream = room_stream(entry.room_id, entry.business_id)
    tx.record(stream, TimerStopped(entry=form, reason=reason), by=by.id, audience=entry.audience)
    tell_around(tx, entry, TimerStopped(timer=Gone(id=entry.id), reason=reason), by=by)
    return form


async def stop_in_room(tx: Transaction, archiving: RoomArchiving) -> None:
    """Stop the timers that run in a room."""
    await _stop_all(tx, TimeEntry.room_id == archiving.room.id, by=archiving.by, reason="room_archived")


async def stop_of_member(tx: Transaction, left: RoomsLeft) -> None:
    """Stop somebody's timer in rooms that they leave."""
    theirs = (TimeEntry.person_id == left.person_id) & TimeEntry.room_id.in_(left.room_ids)
    await _stop_all(tx, theirs, by=left.by, reason=left.reason)


async def stop_on_task(tx: Transaction, completed: TaskDone) -> None:
    """Stop the timers that run on a task."""
    await _stop_all(tx, TimeEntry.task_id == completed.task_id, by=completed.by, reason="task_completed")


async def _stop_all(tx: Transaction, which: ColumnElement[bool], *, by: Actor, reason: WhyStopped) -> None:
    running = select(TimeEntry).where(which, TimeEntry.stopped_at.is_(None)).order_by(TimeEntry.person_id)
    for entry in (await tx.scalars(running.with_for_update())).all():
        await stop(tx, entry, by=by, reason=reason)


def tell_around(tx: Transaction, entry: TimeEntry, event: TimerStarted | TimerStopped, *, by: Actor) -> None:
    """Tell the person, on whatever page they are, and the managers' board."""
    tx.record(Stream("person", entry.person_id, entry.business_id), event, by=by.id)
    tx.record(business_stream(entry.business_id), event, by=by.id, audience="managers")


async def follow_task(tx: Transaction, shown: TaskShownTo) -> None:
    """Show a task's entries to those who see the task, and to nobody else."""
    room, task_id, audience, by = shown.room, shown.task_id, shown.audience, shown.by
    changed = list(
        await tx.scalars(
            select(TimeEntry).where(TimeEntry.task_id == task_id, TimeEntry.audience != audience).with_for_update()
        )
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
    span = or_(TimeEntry.stopped_at > since, TimeEntry.stopped_at.is_(None))
    rows: Iterable[TimeEntry] = await tx.scalars(
        select(TimeEntry)
        .where(TimeEntry.room_id == room.id, TimeEntry.audience.in_(room.audiences), span)
        .where(*([] if until is None else [TimeEntry.started_at < until]))
        .order_by(TimeEntry.started_at, TimeEntry.id)
        .limit(2000)
    )
    return [EntryForm.model_validate(row) for row in rows]


async def must_be_unused(tx: Transaction, going: TaskGoes) -> None:
    """Keep a task on which time was recorded.

    Raises:
        TaskHasTime: some was.
    """
    if await tx.scalar(select(TimeEntry.id).where(TimeEntry.task_id == going.task_id).limit(1)):
        raise TaskHasTime()


async def show_entries(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the room's recent entries; where they aren't wanted, those that run and the latest. With them come the
    tasks that somebody works on."""
    if shown.wants("time"):
        found = await entries(tx, shown.room, tx.now - RECENT)
    else:
        found = await _at_a_glance(tx, shown.room)
    worked_on = {entry.task_id for entry in found if entry.stopped_at is None and entry.task_id}
    return {"entries": wired(found), **await show_named_tasks(tx, shown, worked_on)}


async def _at_a_glance(tx: Transaction, room: SeenRoom) -> list[EntryForm]:
    seen = select(TimeEntry).where(TimeEntry.room_id == room.id, TimeEntry.audience.in_(room.audiences))
    running = await tx.scalars(seen.where(TimeEntry.stopped_at.is_(None)))
    latest = await tx.scalars(seen.order_by(TimeEntry.started_at.desc()).limit(GLANCED))
    glanced = {row.id: row for row in (*running, *latest)}
    rows = sorted(glanced.values(), key=lambda row: (row.started_at, row.id))
    return [EntryForm.model_validate(row) for row in rows]
