"""Days: when the days and months of a time zone begin, as moments in UTC.

Two moments of one ``ZoneInfo`` are subtracted, and compared, by the hands of the clock, so that a day on which the
clock is set has 24 hours. Whatever reckons with days therefore takes their borders from here.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated

from pydantic import AfterValidator

from store.errors import _

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def known_day(day: date) -> date:
    """This is a day, if it is one that can be reckoned with: others end where the calendar does.

    Raises:
        ValueError: it is out of bounds.
    """
    if not EARLIEST <= day <= LATEST:
        raise ValueError(_("This must be between 1900 and 2199."))
    return day


CalendarDay = Annotated[date, AfterValidator(known_day)]
"""A day that somebody enters."""


def known_moment(at: datetime) -> datetime:
    """This is a moment in UTC, if it is on a day that can be reckoned with; without a zone it is UTC's already.

    Raises:
        ValueError: it is out of bounds.
    """
    known_day(at.date())
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    known_day(at.date())
    return at


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, from a moment until just before another; both are in UTC."""

    begin: datetime
    end: datetime


def midnight(day: date, zone: tzinfo) -> datetime:
    """This is the first moment of a local day. Where the clock is set forward over midnight, or over the whole day, the
    day begins as it is set."""
    on_the_clock = datetime(day.year, day.month, day.day, tzinfo=zone)
    begin = on_the_clock.astimezone(UTC)
    if begin.astimezone(zone).replace(tzinfo=None) == on_the_clock.replace(tzinfo=None):
        return begin
    return _set_forward(on_the_clock.replace(fold=1).astimezone(UTC), begin, zone)


def _set_forward(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between two at which the clock was set, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def local_day(at: datetime, zone: tzinfo) -> date:
    """This is the day on which a moment falls."""
    return at.astimezone(zone).date()


def days_from(first: date, count: int, zone: tzinfo) -> Span:
    """These are some local days, one after the other."""
    return Span(midnight(first, zone), midnight(first + timedelta(days=count), zone))


def month_of(day: date, zone: tzinfo) -> Span:
    """This is the local month that a day is in."""
    first = day.replace(day=1)
    return Span(midnight(first, zone), midnight((first + timedelta(days=32)).replace(day=1), zone))
