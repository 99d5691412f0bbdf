"""Hours: how long was worked, by room, day and person, out of the time entries that the asker may see.

Time belongs to the local day, and month, in which it passed: an entry that reaches over a border counts on each side
with the part that lies there. Whose days: the reader's, in whose zone all times are shown.

Moments count by their whole minute, as they are shown: from 9:12 to 9:50 are 38 minutes, whatever the seconds. So a
stretch is as long as its parts wherever it is cut, and what is shown adds up by entry, day, month, person, room and
business alike, here and in the browser (``web/client/models/hours.ts``): no sum is rounded, and none depends on what
stands beside it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, or_, select

from people.accounts import Account
from people.actors import Actor
from people.forms import PersonForm
from people.parties import Party
from rooms.access import Room, SeenRoom, visible
from rooms.lenses import audiences_of, lens_of
from rooms.time.entries import TimeEntry
from rooms.time.forms import TimerForm
from rooms.time.timers import running_timers
from store.database import Transaction
from store.days import MINUTE, Span, days_from, local_day, midnight, month_of
from store.errors import Forbidden
from store.texts.sorting import by_name

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def today_of(now: datetime, actor: Actor) -> Span:
    """This is the asker's today."""
    zone = ZoneInfo(actor.time_zone)
    return days_from(local_day(now, zone), 1, zone)


def this_week_of(now: datetime, actor: Actor) -> Span:
    """This is the asker's present week, from Monday."""
    zone = ZoneInfo(actor.time_zone)
    today = local_day(now, zone)
    return days_from(today - timedelta(days=today.weekday()), 7, zone)


def this_month_of(now: datetime, actor: Actor) -> Span:
    """This is the asker's present month."""
    zone = ZoneInfo(actor.time_zone)
    return month_of(local_day(now, zone), zone)


@dataclass(frozen=True, slots=True)
class DayShare:
    """What of an entry lies in one local day."""

    day: date
    begin: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return seconds_between(self.begin, self.end)


def parts_by_day(begin: datetime, end: datetime, zone: tzinfo) -> Iterator[DayShare]:
    """These are a stretch's parts, earliest first: one for each local day that it reaches into, and one at least."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    day = local_day(begin, zone)
    while (border := midnight(day + timedelta(days=1), zone)) < end:
        if border > begin:
            yield DayShare(day, begin, border)
            begin = border
        day += timedelta(days=1)
    yield DayShare(day, begin, max(begin, end))


def seconds_between(begin: datetime, end: datetime) -> int:
    """This is how long it is from one moment's minute to another's, never below nothing."""
    return max(0, (end - EPOCH) // MINUTE - (begin - EPOCH) // MINUTE) * 60


def worked(span: Span, now: datetime) -> ColumnElement[Any]:
    """This is the sum, in seconds, of the minutes that entries have inside a span; what runs counts until now."""
    begin = func.greatest(TimeEntry.started_at, span.begin)
    end = func.least(func.coalesce(TimeEntry.stopped_at, now), span.end)
    return cast(func.coalesce(func.sum(func.greatest(_minute(end) - _minute(begin), 0)), 0) * 60, BigInteger)


def _minute(at: Any) -> ColumnElement[Any]:
    return func.floor(func.extract("epoch", at) / 60)


def within(span: Span) -> ColumnElement[bool]:
    """This is the condition on ``Entry`` that it reaches into a span."""
    return (TimeEntry.started_at < span.end) & or_(TimeEntry.stopped_at > span.begin, TimeEntry.stopped_at.is_(None))


def _seen(actor: Actor, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(TimeEntry)
        .join(Room, Room.id == TimeEntry.room_id)
        .where(visible(actor), TimeEntry.audience.in_(audiences_of(lens_of(actor))))
    )


async def hours_by_room(tx: Transaction, actor: Actor, room_ids: Iterable[UUID], span: Span) -> dict[UUID, int]:
    """These are the seconds worked in rooms, within a span."""
    rows = await tx.execute(
        _seen(actor, TimeEntry.room_id, worked(span, tx.now).label("seconds"))
        .where(TimeEntry.room_id.in_(list(room_ids)), within(span))
        .group_by(TimeEntry.room_id)
    )
    return {row.room_id: row.seconds for row in rows}


async def hours_in(tx: Transaction, room: SeenRoom, span: Span) -> int:
    """This is how many seconds were worked in a room within a span, as the asker sees it."""
    seconds: int = await tx.scalar(
        select(worked(span, tx.now)).where(
            TimeEntry.room_id == room.id, TimeEntry.audience.in_(room.audiences), within(span)
        )
    )
    return seconds


async def hours_by_day(tx: Transaction, actor: Actor, days: int, *, own: bool = False) -> list[tuple[date, int]]:
    """These are the seconds worked on each of the last days, today the last: all that the asker sees, or their own."""
    zone = ZoneInfo(actor.time_zone)
    first = local_day(tx.now, zone) - timedelta(days=days - 1)
    span = days_from(first, days, zone)
    query = _seen(actor, TimeEntry.started_at, TimeEntry.stopped_at).where(within(span))
    rows = (await tx.execute(query.where(TimeEntry.person_id == actor.id) if own else query)).all()
    stretches = [(max(row.started_at, span.begin), min(row.stopped_at or tx.now, span.end)) for row in rows]
    parts = [part for begin, end in stretches for part in parts_by_day(begin, end, zone)]
    each = [first + timedelta(days=number) for number in range(days)]
    return [(day, sum(part.seconds for part in parts if part.day == day)) for day in each]


def inside(span: Span, begin: datetime, end: datetime) -> int:
    """This is how many seconds of a stretch lie in a span."""
    return seconds_between(max(begin, span.begin), min(end, span.end))


@dataclass(frozen=True, slots=True)
class PersonDay:
    """Someone's day: what runs, how long they worked, and when, as shares of the day from 0 to 1."""

    person: PersonForm
    timer: TimerForm | None
    seconds: int
    stretches: list[tuple[float, float, bool]]
    """Begin, end, and whether it is running."""


async def team_days(tx: Transaction, actor: Actor) -> list[PersonDay]:
    """These are today's days of the whole team: who works first, then by name.

    Raises:
        Forbidden: the asker isn't an admin.
    """
    if actor.kind != "admin":
        raise Forbidden()
    span = today_of(tx.now, actor)
    team = await tx.scalars(
        select(Party)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind.in_(("admin", "staff")), Account.active)
        .order_by(Party.id)
        .limit(500)
    )
    entries: dict[UUID, list[TimeEntry]] = {}
    for entry in await tx.scalars(_seen(actor, TimeEntry).where(within(span)).order_by(TimeEntry.started_at)):
        entries.setdefault(entry.person_id, []).append(entry)
    timers = {timer.person_id: timer for timer in await running_timers(tx, actor)}
    named = by_name(team, actor.language)
    days = [_day(tx, span, person, timers.get(person.id), entries.get(person.id, [])) for person in named]
    return sorted(days, key=lambda day: (day.timer is None, -day.seconds))


def _day(tx: Transaction, span: Span, person: Party, timer: TimerForm | None, entries: list[TimeEntry]) -> PersonDay:
    length = (span.end - span.begin).total_seconds()
    stretches = [
        (
            max(0.0, (entry.started_at - span.begin).total_seconds() / length),
            min(1.0, ((entry.stopped_at or tx.now) - span.begin).total_seconds() / length),
            entry.stopped_at is None,
        )
        for entry in entries
    ]
    seconds = sum(inside(span, entry.started_at, entry.stopped_at or tx.now) for entry in entries)
    return PersonDay(PersonForm.model_validate(person), timer, seconds, stretches)
