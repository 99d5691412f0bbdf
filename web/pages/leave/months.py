"""A month of the team's leave, as the calendar draws it: its days, and each one's stretches of it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from people.actors import Actor
from people.businesses import Business
from staff.colleagues import Colleague
from staff.leave.calendars import FREE, YEARS, Holiday, holidays
from staff.leave.forms import AbsenceForm
from staff.leave.working_days import WorkingDays
from store.database import Transaction
from web.words.translations import translated


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar."""

    first: date

    @classmethod
    def named(cls, text: str, today: date) -> "Month":
        """This is a month as the address says it, ``2027-03``; else the one that it is."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            return cls(today.replace(day=1))
        return cls(first) if first.year in YEARS else cls(today.replace(day=1))

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def before(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.last + timedelta(days=1):%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of someone's month: free of leave, or a leave as far as it lies in the month."""

    first: date
    last: date
    absence: AbsenceForm | None = None
    free: bool = False
    """Whether its person doesn't work on it anyway."""

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """Someone's month."""

    person: Colleague
    bars: list[Bar]

    @property
    def away(self) -> list[AbsenceForm]:
        return [bar.absence for bar in self.bars if bar.absence]


def lines_of(
    month: Month, team: list[Colleague], found: list[AbsenceForm], works: dict[UUID, WorkingDays]
) -> list[PersonMonth]:
    """These are the team's months, those first who are away in it."""
    lines = [
        PersonMonth(person, _bars(month, [each for each in found if each.person_id == person.id], works[person.id]))
        for person in team
    ]
    return sorted(lines, key=lambda line: not line.away)


def _bars(month: Month, found: list[AbsenceForm], works: WorkingDays) -> list[Bar]:
    bars, day = list[Bar](), month.first
    for each in sorted(found, key=lambda absence: (absence.starts_on, absence.starts_at_noon)):
        first, last = max(each.starts_on, day), min(each.ends_on, month.last)
        if first > last:  # the other half of a day that is drawn already
            continue
        bars += _free(day, first, works)
        bars.append(Bar(first, last, each))
        day = last + timedelta(days=1)
    return bars + _free(day, month.last + timedelta(days=1), works)


def _free(first: date, until: date, works: WorkingDays) -> list[Bar]:
    days = (first + timedelta(days=number) for number in range((until - first).days))
    return [Bar(day, day, free=not works.works(day)) for day in days]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the calendar's head."""

    day: date
    free: bool
    holiday: str | None
    worked: Holiday | None = None
    """That it is worked in exchange for another."""


async def days_of(
    tx: Transaction, business: Business, month: Month, actor: Actor, works: WorkingDays
) -> list[MonthDay]:
    known = {each.day: each for each in await holidays(tx, business, [month.first.year], actor.language)}
    free = {day: each.name or translated(actor.language, FREE) for day, each in known.items() if each.kept}
    worked = {day: each for day, each in known.items() if each.change == "worked"}
    return [MonthDay(day, not works.works(day), free.get(day), worked.get(day)) for day in month.days()]
