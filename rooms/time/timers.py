"""Timers: starting and stopping work.

Starting takes the lock of the person's account first, so that two clicks become one timer.
"""

from typing import Any
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased

from people.accounts import Account
from people.actors import Actor
from people.announcements import BusinessShown, PersonShown
from people.parties import Party
from rooms.access import Room, open_room_of, visible
from rooms.lenses import audiences_of, lens_of, must_ask
from rooms.members import join_to_act
from rooms.tasks.tasks import Task, task_in
from rooms.time.entries import TimeEntry, stop, tell_around
from rooms.time.events import TimerStarted
from rooms.time.forms import EntryForm, TimerForm
from store.commands import Command
from store.database import Transaction
from store.driver import Driver, Statement
from store.errors import Conflict, _
from store.events import wired
from store.texts.texts import Lines


class NoTimer(Conflict):
    code = "no_timer"
    message = _("No timer of yours is running.")


class StartTimer(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    room_id: UUID
    task_id: UUID | None = None
    note: Lines = Field("", max_length=500)


async def start_timer(tx: Transaction, actor: Actor, command: StartTimer) -> EntryForm:
    """Start to work on a room in general or on one of its tasks. A timer that runs elsewhere stops at that moment.

    Starting what runs already changes nothing.

    Raises:
        NotFound: the room or the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id)
    must_ask(actor, StartTimer, _("Only the team records time."))
    task = await task_in(tx, room, command.task_id) if command.task_id else None
    latest = await _own_latest(tx, actor)
    running = latest if latest and latest.stopped_at is None else None
    if running and (running.room_id, running.task_id) == (room.id, command.task_id):
        return EntryForm.model_validate(running)
    await join_to_act(tx, room, actor)
    if running:
        await stop(tx, running, by=actor, reason="started_elsewhere")
    entry = TimeEntry(
        id=tx.new_id(),
        business_id=room.business_id,
        room_id=room.id,
        person_id=actor.id,
        task_id=command.task_id,
        note=command.note,
        audience=task.audience if task else "all",
        # Another node's clock, by which the latest entry ended, may have been ahead of this one's.
        started_at=max(tx.now, (latest and latest.stopped_at) or tx.now),
    )
    tx.add(entry)
    await tx.flush()
    form = EntryForm.model_validate(entry)
    tx.record(room.stream, TimerStarted(entry=form), by=actor.id, audience=entry.audience)
    company = await tx.get(Party, room.row.company_id) if room.row.company_id else None
    timer = _timer(entry, actor.name, room.row.title, company.name if company else None, task.title if task else None)
    tell_around(tx, entry, TimerStarted(timer=timer), by=actor)
    return form


class StopTimer(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    note: Lines | None = Field(None, max_length=500)


async def stop_timer(tx: Transaction, actor: Actor, command: StopTimer) -> EntryForm:
    """Stop your running timer.

    Raises:
        NoTimer: none is running.
    """
    running = await _own_latest(tx, actor)
    if running is None or running.stopped_at is not None:
        raise NoTimer()
    if command.note is not None:
        running.note = command.note
    return await stop(tx, running, by=actor)


_LOCK = (
    select(Account.person_id)
    .where(Account.person_id == bindparam("person_id"))
    .with_for_update(key_share=True)
)  # fmt: skip
_LATEST = (
    select(TimeEntry)
    .where(TimeEntry.person_id == bindparam("person_id"))
    .order_by(TimeEntry.started_at.desc(), TimeEntry.stopped_at.desc().nulls_first())
    .limit(1)
    .with_for_update()
)


async def _own_latest(tx: Transaction, actor: Actor) -> TimeEntry | None:
    """The asker's latest entry, locked: the running one if there is one, since nothing can begin after it."""
    await tx.execute(_LOCK, {"person_id": actor.id})
    latest: TimeEntry | None = (await tx.execute(_LATEST, {"person_id": actor.id})).scalar()
    return latest


async def own_timers(tx: Transaction, actor: Actor) -> list[TimerForm]:
    """This is the asker's running timer, if there is one."""
    return await _timers(
        tx, select(TimeEntry.id).where(TimeEntry.person_id == actor.id, TimeEntry.stopped_at.is_(None))
    )


async def own_timer_at_once(driver: Driver, actor: Actor) -> TimerForm | None:
    """This is the same, by itself: for every page that they open."""
    rows = await driver.rows(_OWN, within=actor.within, person_id=actor.id)
    if not rows:
        return None
    timer = dict(rows[0])
    return TimerForm(**timer | {"acted_by": timer["acted_by"] and orjson.loads(timer["acted_by"])})


async def running_timers(tx: Transaction, actor: Actor) -> list[TimerForm]:
    """These are the timers that run now in the rooms that the asker sees, through their lens."""
    return await _timers(
        tx,
        select(TimeEntry.id)
        .join(Room, Room.id == TimeEntry.room_id)
        .where(visible(actor), TimeEntry.stopped_at.is_(None), TimeEntry.audience.in_(audiences_of(lens_of(actor)))),
    )


async def _timers(tx: Transaction, ids: Select[UUID]) -> list[TimerForm]:
    company = select(Party.id, Party.name).subquery("company")
    rows = await tx.execute(
        select(TimeEntry, Party.name, Room.title, company.c.name, Task.title)
        .join(Party, Party.id == TimeEntry.person_id)
        .join(Room, Room.id == TimeEntry.room_id)
        .outerjoin(company, company.c.id == Room.company_id)
        .outerjoin(Task, Task.id == TimeEntry.task_id)
        .where(TimeEntry.id.in_(ids))
        .order_by(TimeEntry.started_at)
    )
    return [_timer(*row) for row in rows]


_COMPANY = aliased(Party)
_OWN = Statement(
    select(
        TimeEntry.id,
        TimeEntry.person_id,
        Party.name.label("person_name"),
        TimeEntry.room_id,
        Room.title.label("room_title"),
        _COMPANY.name.label("company_name"),
        TimeEntry.task_id,
        Task.title.label("task_title"),
        TimeEntry.note,
        TimeEntry.started_at,
        TimeEntry.acted_by,
    )
    .join(Party, Party.id == TimeEntry.person_id)
    .join(Room, Room.id == TimeEntry.room_id)
    .outerjoin(_COMPANY, _COMPANY.id == Room.company_id)
    .outerjoin(Task, Task.id == TimeEntry.task_id)
    .where(TimeEntry.person_id == bindparam("person_id"), TimeEntry.stopped_at.is_(None))
)


def _timer(
    entry: TimeEntry, person_name: str, room_title: str, company_name: str | None, task_title: str | None
) -> TimerForm:
    return TimerForm(
        id=entry.id,
        person_id=entry.person_id,
        person_name=person_name,
        room_id=entry.room_id,
        room_title=room_title,
        company_name=company_name,
        task_id=entry.task_id,
        task_title=task_title,
        note=entry.note,
        started_at=entry.started_at,
        acted_by=entry.acted_by,  # type: ignore[arg-type]
    )


async def show_own_timer(tx: Transaction, shown: PersonShown) -> dict[str, Any]:
    """This is somebody's running timer, if there is one."""
    return {"timers": wired(await own_timers(tx, shown.actor))}


async def show_timers(tx: Transaction, shown: BusinessShown) -> dict[str, Any]:
    """These are the timers that run now in the rooms that somebody sees."""
    return {"timers": wired(await running_timers(tx, shown.actor))}
