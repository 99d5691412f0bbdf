"""Hours: how long was worked, by room, day and person, out of the time entries that the asker may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select

from people.accounts import Account
from people.actors import Actor
from people.forms import PersonForm
from people.parties import Party
from rooms.doors import Room, visible
from rooms.entries import Entry
from rooms.forms import TimerForm
from rooms.lenses import audiences_of, lens_of
from rooms.timers import running_timers
from store.database import Transaction
from store.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from a moment until just before another."""

    begin: datetime
    end: datetime


def day_of(now: datetime, actor: Actor) -> Span:
    """This is the asker's today."""
    zone = ZoneInfo(actor.time_zone)
    return _days(now.astimezone(zone).date(), 1, zone)


def month_of(now: datetime, actor: Actor) -> Span:
    """This is the asker's present month."""
    zone = ZoneInfo(actor.time_zone)
    first = now.astimezone(zone).date().replace(day=1)
    return Span(_midnight(first, zone), _midnight((first + timedelta(days=32)).replace(day=1), zone))


def _days(first: date, count: int, zone: ZoneInfo) -> Span:
    return Span(_midnight(first, zone), _midnight(first + timedelta(days=count), zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def worked(span: Span, now: datetime) -> ColumnElement[Any]:
    """This is the sum, in seconds, of what entries have inside a span; what runs counts until now."""
    begin = func.greatest(Entry.started_at, span.begin)
    end = func.least(func.coalesce(Entry.stopped_at, now), span.end)
    return func.coalesce(func.sum(func.greatest(func.extract("epoch", end - begin), 0)), 0)


def within(span: Span) -> ColumnElement[bool]:
    """This is the condition on ``Entry`` that it reaches into a span."""
    return (Entry.started_at < span.end) & ((Entry.stopped_at > span.begin) | Entry.stopped_at.is_(None))


def _seen(actor: Actor, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Entry)
        .join(Room, Room.id == Entry.room_id)
        .where(visible(actor), Entry.audience.in_(audiences_of(lens_of(actor))))
    )


async def hours_by_room(tx: Transaction, actor: Actor, room_ids: Iterable[UUID], span: Span) -> dict[UUID, float]:
    """These are the seconds worked in rooms, within a span."""
    rows = await tx.execute(
        _seen(actor, Entry.room_id, worked(span, tx.now).label("seconds"))
        .where(Entry.room_id.in_(list(room_ids)), within(span))
        .group_by(Entry.room_id)
    )
    return {row.room_id: float(row.seconds) for row in rows}


async def hours_by_day(tx: Transaction, actor: Actor, days: int, *, own: bool = False) -> list[tuple[date, float]]:
    """These are the seconds worked on each of the last days, today the last: all that the asker sees, or their own."""
    zone = ZoneInfo(actor.time_zone)
    today = tx.now.astimezone(zone).date()
    span = _days(today - timedelta(days=days - 1), days, zone)
    query = _seen(actor, Entry.started_at, Entry.stopped_at).where(within(span))
    rows = (await tx.execute(query.where(Entry.person_id == actor.id) if own else query)).all()
    found = []
    for index in range(days):
        day = _days(today - timedelta(days=days - 1 - index), 1, zone)
        seconds = sum(_inside(day, row.started_at, row.stopped_at or tx.now) for row in rows)
        found.append((day.begin.date(), seconds))
    return found


def _inside(span: Span, begin: datetime, end: datetime) -> float:
    return max(0.0, (min(end, span.end) - max(begin, span.begin)).total_seconds())


@dataclass(frozen=True, slots=True)
class Day:
    """Someone's day: what runs, how long they worked, and when, as shares of the day from 0 to 1."""

    person: PersonForm
    timer: TimerForm | None
    seconds: float
    stretches: list[tuple[float, float, bool]]
    """Begin, end, and whether it is running."""


async def team_days(tx: Transaction, actor: Actor) -> list[Day]:
    """These are today's days of the whole team: who works first, then by name.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    if actor.kind != "admin":
        raise Forbidden()
    span = day_of(tx.now, actor)
    team = await tx.scalars(
        select(Party)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind.in_(("admin", "staff")), Account.active)
        .order_by(Party.name, Party.id)
        .limit(500)
    )
    entries: dict[UUID, list[Entry]] = {}
    for entry in await tx.scalars(_seen(actor, Entry).where(within(span)).order_by(Entry.started_at)):
        entries.setdefault(entry.person_id, []).append(entry)
    timers = {timer.person_id: timer for timer in await running_timers(tx, actor)}
    days = [_day(tx, span, person, timers.get(person.id), entries.get(person.id, [])) for person in team]
    return sorted(days, key=lambda day: (day.timer is None, -day.seconds))


def _day(tx: Transaction, span: Span, person: Party, timer: TimerForm | None, entries: list[Entry]) -> Day:
    length = (span.end - span.begin).total_seconds()
    stretches = [
        (
            max(0.0, (entry.started_at - span.begin).total_seconds() / length),
            min(1.0, ((entry.stopped_at or tx.now) - span.begin).total_seconds() / length),
            entry.stopped_at is None,
        )
        for entry in entries
    ]
    seconds = sum(_inside(span, entry.started_at, entry.stopped_at or tx.now) for entry in entries)
    return Day(PersonForm.model_validate(person), timer, seconds, stretches)
