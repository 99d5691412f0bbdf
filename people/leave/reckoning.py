"""Reckoning: working days, from a calendar alone. Halves are halves of a working day, before or after noon."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

HALF = Decimal("0.5")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both counted; perhaps from noon, or until noon."""

    starts_on: date
    ends_on: date
    starts_at_noon: bool = False
    ends_at_noon: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is no time in it."""
        one_day = self.starts_on == self.ends_on
        return self.ends_on < self.starts_on or (one_day and self.starts_at_noon and self.ends_at_noon)

    def days(self) -> Iterator[tuple[date, Decimal]]:
        """These are its days, each with how much of it is meant: 1 or a half."""
        for number in range((self.ends_on - self.starts_on).days + 1):
            day = self.starts_on + timedelta(days=number)
            part = Decimal(1)
            if day == self.starts_on and self.starts_at_noon:
                part -= HALF
            if day == self.ends_on and self.ends_at_noon:
                part -= HALF
            yield day, part


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """On which days people work: those of the week (Monday is 1) that are no holidays."""

    week: Collection[int]
    holidays: Collection[date]

    def works(self, day: date) -> bool:
        return day.isoweekday() in self.week and day not in self.holidays

    def by_year(self, period: Period) -> dict[int, Decimal]:
        """These are the working days in a period, by the year that they count in."""
        found: Counter[int] = Counter()
        halves = {day: int(part * 2) for day, part in period.days() if self.works(day)}
        for day, part in halves.items():
            found[day.year] += part
        return {year: Decimal(part) / 2 for year, part in sorted(found.items()) if part}


@dataclass(frozen=True, slots=True)
class Employment:
    """From when until when somebody is employed, both days counted; without a day it is open on that side."""

    starts_on: date | None = None
    ends_on: date | None = None

    def days_in(self, year: int) -> int:
        """This is on how many days of a year they are employed."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return max(0, (min(self.ends_on or last, last) - max(self.starts_on or first, first)).days + 1)


def entitlement(days_a_year: Decimal, employment: Employment, year: int) -> Decimal:
    """This is what somebody employed for a part of a year has of its days: that part, up to the next half of a day."""
    in_all = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    halves = days_a_year * 2 * employment.days_in(year) / in_all
    return halves.to_integral_value(ROUND_CEILING) / 2


@dataclass(frozen=True, slots=True)
class Balance:
    """How someone's days of a kind stand in a year."""

    entitled: Decimal
    carried: Decimal
    taken: Decimal
    """Approved, and begun or over."""
    planned: Decimal
    """Approved, and to come."""
    asked: Decimal
    """Waiting to be decided."""

    @property
    def left(self) -> Decimal:
        """What may still be asked for; what waits is kept for the one who asked."""
        return self.entitled + self.carried - self.taken - self.planned - self.asked


@dataclass(frozen=True, slots=True)
class Spent:
    """What a leave takes out of a year."""

    days: Decimal
    state: str
    starts_on: date


def balance(entitled: Decimal, carried: Decimal, spent: Iterable[Spent], today: date) -> Balance:
    """This is how days stand, when these are the leaves that count against them."""
    taken = planned = asked = ZERO
    for each in spent:
        if each.state == "requested":
            asked += each.days
        elif each.state == "approved" and each.starts_on <= today:
            taken += each.days
        elif each.state == "approved":
            planned += each.days
    return Balance(entitled, carried, taken, planned, asked)


def carried_over(left: Decimal, most: Decimal) -> Decimal:
    """This is how much of what is left of a year goes over into the next."""
    return max(ZERO, min(left, most))
