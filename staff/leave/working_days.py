"""Working days, counted from a calendar alone. Halves are halves of a working day, before or after noon."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

NOTHING, MORNING, AFTERNOON = 0, 1, 2
WHOLE = MORNING | AFTERNOON
"""Halves of a day, as a set of bits."""
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

    def days(self) -> Iterator[tuple[date, int]]:
        """These are its days, each with the halves of it that are meant."""
        for number in range((self.ends_on - self.starts_on).days + 1):
            day, halves = self.starts_on + timedelta(days=number), WHOLE
            if day == self.starts_on and self.starts_at_noon:
                halves &= AFTERNOON
            if day == self.ends_on and self.ends_at_noon:
                halves &= MORNING
            yield day, halves


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """The halves of each day from Monday on that somebody works, from a day on; None is the business's week again."""

    since: date
    halves: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """On which days people work: those of the week (Monday is 1) that are no holidays, and those that are worked in
    exchange for another."""

    week: Collection[int]
    holidays: Collection[date]
    exchanged: Mapping[date, date | None] = field(default_factory=dict)
    """Days that the week or the law leaves free and that are worked, each with the day that is free for it."""
    own: Sequence[OwnWeek] = ()
    """Somebody's weeks, the earliest first."""

    def of(self, own: Sequence[OwnWeek]) -> "WorkingDays":
        """These are the working days of someone who has a week of their own."""
        return replace(self, own=own) if own else self

    def works(self, day: date) -> bool:
        return self.halves(day) != NOTHING

    def first_from(self, day: date) -> date:
        """This is the first day that is worked, from one on; that one itself where none is within a year."""
        days = (day + timedelta(days=number) for number in range(366))
        return next((each for each in days if self.works(each)), day)

    def halves(self, day: date) -> int:
        """These are the halves of a day that are worked. Whoever has the day off that another is worked for works on
        that one what they would have worked on theirs."""
        if day in self.exchanged:
            instead, own = self.exchanged[day], self._own_week(day)
            if own is None:
                return WHOLE
            return own[(instead or day).isoweekday() - 1]
        return NOTHING if day in self.holidays else self._by_week(day)

    def by_year(self, period: Period) -> dict[int, Decimal]:
        """These are the working days in a period, by the year that they count in."""
        found: Counter[int] = Counter()
        for day, halves in period.days():
            found[day.year] += (halves & self.halves(day)).bit_count()
        return {year: Decimal(part) / 2 for year, part in sorted(found.items()) if part}

    def shares(self, employment: "Employment", year: int) -> Fraction:
        """This is how much of a year's work somebody does: 1 where they are employed all of it by the business's week,
        three fifths of it who works three days of five."""
        starts = [date(year, 1, 1), *(own.since for own in self.own if own.since.year == year)]
        ends = [*(day - timedelta(days=1) for day in starts[1:]), date(year, 12, 31)]
        done = Fraction(0)
        for first, last in zip(starts, ends, strict=True):
            done += self._share(first) * employment.days_between(first, last)
        return done / ((ends[-1] - starts[0]).days + 1)

    def _share(self, day: date) -> Fraction:
        own = self._own_week(day)
        return Fraction(1) if own is None else Fraction(sum(each.bit_count() for each in own), 2 * len(self.week))

    def _by_week(self, day: date) -> int:
        own = self._own_week(day)
        if own is not None:
            return own[day.isoweekday() - 1]
        return WHOLE if day.isoweekday() in self.week else NOTHING

    def _own_week(self, day: date) -> tuple[int, ...] | None:
        latest = next((own for own in reversed(self.own) if own.since <= day), None)
        return latest.halves if latest else None


@dataclass(frozen=True, slots=True)
class Employment:
    """From when until when somebody is employed, both days counted; without a day it is open on that side."""

    starts_on: date | None = None
    ends_on: date | None = None

    def days_between(self, first: date, last: date) -> int:
        """This is on how many days of a time they are employed."""
        return max(0, (min(self.ends_on or last, last) - max(self.starts_on or first, first)).days + 1)


def entitlement(days_a_year: Decimal, share: Fraction) -> Decimal:
    """This is what somebody has of a year's days who does a part of its work: that part, up to the next half of a
    day."""
    return Decimal(math.ceil(Fraction(days_a_year) * 2 * share)) / 2


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
