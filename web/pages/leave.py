"""Leave: one's own days and requests, what waits for one's decision, and the team's calendar by the month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.businesses import Business, today_in
from staff.colleagues import Colleague, colleagues
from staff.leave.absences import absences
from staff.leave.approvers import reach_of
from staff.leave.calendars import FREE, YEARS, Holiday, holidays, own_business, working_days
from staff.leave.feeds import RemoveCalendarFeed, RenewCalendarFeed
from staff.leave.forms import AbsenceForm, LeaveForm, LeaveKindForm
from staff.leave.kinds import kinds
from staff.leave.leave_lists import balances, leaves_of, leaves_to_come, leaves_to_decide, names_of, years_of_leave
from staff.leave.leaves import ApproveLeave, CancelLeave, RecordLeave, RefuseLeave, RequestLeave, WithdrawLeave
from staff.leave.weeks import own_weeks
from staff.leave.working_days import Balance, WorkingDays
from store.database import Transaction
from store.errors import NotFound
from store.sorting import by_name
from web.authentication import signed_in
from web.feeds import feed_shown
from web.page import Feedback, page, perform, posted, text_of
from web.words.translations import translated

COMMANDS = tuple(
    command.wire_name
    for command in (
        RequestLeave,
        RecordLeave,
        ApproveLeave,
        RefuseLeave,
        WithdrawLeave,
        CancelLeave,
        RenewCalendarFeed,
        RemoveCalendarFeed,
    )
)


async def leave_page(request: Request) -> Response:
    """Show someone of the team their leave, and the team's."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def leave_part(request: Request) -> Response:
    """What of it changes, by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/leave.html")


async def change(request: Request) -> Response:
    """Ask for leave, decide on it or take it back by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form, **_halves(form))
    if isinstance(outcome, Feedback):
        async with signed_in(request) as (tx, again):
            return await _draw(request, tx, again, feedback=outcome)
    state = (outcome.result or {}).get("state", "")
    return RedirectResponse(f"/leave?{_kept(request)}done={state or name}", 303)


def _halves(form: FormData) -> dict[str, Any]:
    """A half day is chosen as a whole, a morning or an afternoon where leave is one day long."""
    if text_of(form, "half") and text_of(form, "starts_on") == text_of(form, "ends_on"):
        return {
            "starts_at_noon": text_of(form, "half") == "afternoon",
            "ends_at_noon": text_of(form, "half") == "morning",
        }
    return {}


def _kept(request: Request) -> str:
    month = request.query_params.get("month", "")
    return f"month={month}&" if month.replace("-", "").isdecimal() else ""


async def _draw(
    request: Request, tx: Transaction, actor: Actor, *, feedback: Feedback | None = None, template: str = "leave.html"
) -> Response:
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    month = Month.named(request.query_params.get("month", ""), today)
    known = await kinds(tx, business.id, actor.language, retired=True)
    team = by_name(await colleagues(tx, business.id), actor.language)
    waiting = await leaves_to_decide(tx, actor)
    reach = await reach_of(tx, actor)
    own = await leaves_of(tx, [actor.id], today.replace(month=1, day=1))
    to_come = await leaves_to_come(tx, actor)
    works = await working_days(tx, business, [month.first.year])
    weeks = await own_weeks(tx, [person.id for person in team])
    first_year, last_year = years_of_leave(today)
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="leave",
        today=today,
        next_working_day=(await working_days(tx, business, [today.year, today.year + 1]))
        .of(weeks.get(actor.id, ()))
        .first_from(today),
        month=month,
        earliest=date(first_year, 1, 1),
        latest=date(last_year, 12, 31),
        kinds={kind.id: kind for kind in known},
        choices=[(str(kind.id), kind_name(kind, actor)) for kind in await kinds(tx, business.id, actor.language)],
        balances=[(year, await _balances(tx, actor, business, known, year)) for year in (today.year, today.year + 1)],
        own=own,
        waiting=waiting,
        left=await _left(tx, business, waiting, known),
        decides=bool(reach),
        may_cancel=actor.may("own_leave"),
        others=[person for person in team if person.id != actor.id and person.id in reach],
        named=await names_of(tx, _named(own, waiting, to_come)),
        days=await _days(tx, business, month, actor, works),
        lines=_lines(
            month,
            team,
            await absences(tx, actor, month.first, month.last),
            {person.id: works.of(weeks.get(person.id, ())) for person in team},
        ),
        to_come=to_come,
        **await feed_shown(request, tx, actor),
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


def kind_name(kind: LeaveKindForm, actor: Actor) -> str:
    """This is a kind's name, in the asker's language where it is a built-in one."""
    return translated(actor.language, kind.name) if kind.key else kind.name


async def _left(
    tx: Transaction, business: Business, waiting: list[Any], known: list[LeaveKindForm]
) -> dict[UUID, dict[int, Decimal]]:
    """These are the days that would be left to those who ask if all that waits were approved, by leave and year."""
    found: dict[UUID, dict[int, Decimal]] = {}
    counted = {kind.id: kind for kind in known if kind.counted}
    for leave in waiting:
        if leave.kind_id in counted:
            kind, found[leave.id] = counted[leave.kind_id], {}
            for year in map(int, leave.days):
                now = await balances(tx, business, [leave.person_id], [kind], year)
                found[leave.id][year] = now[leave.person_id, kind.id].left
    return found


async def _balances(
    tx: Transaction, actor: Actor, business: Business, known: list[LeaveKindForm], year: int
) -> list[tuple[LeaveKindForm, Balance]]:
    """This is how the asker's days stand in a year, by kind."""
    found = await balances(tx, business, [actor.id], known, year)
    return [(kind, found[actor.id, kind.id]) for kind in known if kind.counted]


def _named(own: list[LeaveForm], *others: list[LeaveForm]) -> set[UUID]:
    """These are the people whom the page names."""
    deciders = {leave.decided_by for leave in own if leave.decided_by}
    return deciders | {leave.person_id for leaves in others for leave in leaves}


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
class Line:
    """Someone's month."""

    person: Colleague
    bars: list[Bar]

    @property
    def away(self) -> list[AbsenceForm]:
        return [bar.absence for bar in self.bars if bar.absence]


def _lines(month: Month, team: list[Colleague], found: list[AbsenceForm], works: dict[UUID, WorkingDays]) -> list[Line]:
    """These are the team's months, those first who are away in it."""
    lines = [
        Line(person, _bars(month, [each for each in found if each.person_id == person.id], works[person.id]))
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
class Day:
    """A day of the calendar's head."""

    day: date
    free: bool
    holiday: str | None
    worked: Holiday | None = None
    """That it is worked in exchange for another."""


async def _days(tx: Transaction, business: Business, month: Month, actor: Actor, works: WorkingDays) -> list[Day]:
    known = {each.day: each for each in await holidays(tx, business, [month.first.year], actor.language)}
    free = {day: each.name or translated(actor.language, FREE) for day, each in known.items() if each.kept}
    worked = {day: each for day, each in known.items() if each.change == "worked"}
    return [Day(day, not works.works(day), free.get(day), worked.get(day)) for day in month.days()]


ROUTES: list[BaseRoute] = [
    Route("/leave", leave_page),
    Route("/leave", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/leave", leave_part)]
