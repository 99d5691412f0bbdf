"""Working days around today, as an office in Bucharest keeps them, numbered: 0 is today, -1 the working day before."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Bucharest")
HISTORY = 64
"""How many working days lie behind today: three months."""
AHEAD = 40

FIXED_HOLIDAYS = {
    (1, 1), (1, 2), (1, 6), (1, 7), (1, 24), (5, 1), (6, 1), (8, 15), (11, 30), (12, 1), (12, 25), (12, 26),
}  # fmt: skip


class Workdays:
    """The days of the demo, counted from the moment at which it is made."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        today = now.astimezone(ZONE).date()
        past = list(islice(_working_days(today, -1), HISTORY))
        self._dates = [*reversed(past), today, *islice(_working_days(today, 1), AHEAD)]
        self.today_is_one = _is_working(today)

    def date(self, number: int) -> date:
        return self._dates[number + HISTORY]

    def at(self, number: int, clock: time) -> datetime:
        """This is a moment of a day by the office's clock, in UTC."""
        return datetime.combine(self.date(number), clock, ZONE).astimezone(UTC)

    def ago(self, minutes: float) -> datetime:
        return self.now - timedelta(minutes=minutes)


def _working_days(day: date, step: int) -> Iterator[date]:
    while True:
        day += timedelta(days=step)
        if _is_working(day):
            yield day


def _is_working(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in _movable_holidays(day.year)


def _movable_holidays(year: int) -> set[date]:
    """Good Friday, Easter Monday and Pentecost Monday of the Orthodox year."""
    easter = orthodox_easter(year)
    return {easter + timedelta(days=days) for days in (-2, 1, 50)}


def orthodox_easter(year: int) -> date:
    """This is Orthodox Easter Sunday, from 1900 to 2099.

    Source: Meeus, Astronomical Algorithms, chapter 8 (Julian calendar, 13 days behind).
    """
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)
