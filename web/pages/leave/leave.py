"""Leave: one's own days and requests, what waits for one's decision, and the team's calendar by the month."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from people.actors import Actor
from people.businesses import Business, today_in
from staff.colleagues import Colleague, colleagues
from staff.leave.absences import absences
from staff.leave.approvers import reach_of
from staff.leave.calendars import own_business, working_days
from staff.leave.decisions import ApproveLeave, CancelLeave, RefuseLeave, WithdrawLeave
from staff.leave.feeds import RemoveCalendarFeed, RenewCalendarFeed
from staff.leave.forms import LeaveForm, LeaveKindForm
from staff.leave.kinds import kinds
from staff.leave.leave_lists import balances, leaves_of, leaves_to_come, leaves_to_decide, names_of, years_of_leave
from staff.leave.leaves import RecordLeave, RequestLeave
from staff.leave.weeks import own_weeks
from staff.leave.working_days import Balance
from store.database import Transaction
from store.errors import _
from store.texts.sorting import by_name
from web.declared import Form, Page, Posted, Visit
from web.feeds import feed_shown
from web.forms.command_forms import Asked
from web.page import text_of
from web.pages.leave.months import Month, days_of, lines_of
from web.words.translations import translated


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    known = await kinds(tx, business.id, actor.language, retired=True)
    first_year, last_year = years_of_leave(today)
    return {
        "today": today,
        "earliest": date(first_year, 1, 1),
        "latest": date(last_year, 12, 31),
        "kinds": {kind.id: kind for kind in known},
        "choices": [(str(kind.id), kind_name(kind, actor)) for kind in await kinds(tx, business.id, actor.language)],
        "balances": [
            (year, await _balances(tx, actor, business, known, year)) for year in (today.year, today.year + 1)
        ],
        "may_cancel": actor.may("own_leave"),
        **await _requests(tx, actor, business, today, known),
        **await _calendar(visit, business, today),
        **await feed_shown(visit.request, tx, actor),
    }


async def _requests(
    tx: Transaction, actor: Actor, business: Business, today: date, known: list[LeaveKindForm]
) -> dict[str, Any]:
    """One's own requests of the year, what waits for one's decision, and what is to come."""
    waiting = await leaves_to_decide(tx, actor)
    own = await leaves_of(tx, [actor.id], today.replace(month=1, day=1))
    to_come = await leaves_to_come(tx, actor)
    return {
        "own": own,
        "waiting": waiting,
        "left": await _left(tx, business, waiting, known),
        "named": await names_of(tx, _named(own, waiting, to_come)),
        "to_come": to_come,
    }


async def _calendar(visit: Visit, business: Business, today: date) -> dict[str, Any]:
    """The team's month, and who of the team is under the asker."""
    tx, actor = visit.tx, visit.actor
    month = Month.named(visit.query.get("month", ""), today)
    team: list[Colleague] = by_name(await colleagues(tx, business.id), actor.language)
    weeks = await own_weeks(tx, [person.id for person in team])
    works = await working_days(tx, business, [month.first.year])
    own_works = (await working_days(tx, business, [today.year, today.year + 1])).of(weeks.get(actor.id, ()))
    reach = await reach_of(tx, actor)
    return {
        "month": month,
        "next_working_day": own_works.first_from(today),
        "decides": bool(reach),
        "others": [(str(each.id), each.name) for each in team if each.id != actor.id and each.id in reach],
        "days": await days_of(tx, business, month, actor, works),
        "lines": lines_of(
            month,
            team,
            await absences(tx, actor, month.first, month.last),
            {person.id: works.of(weeks.get(person.id, ())) for person in team},
        ),
    }


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


def _halves(form: FormData) -> dict[str, Any]:
    """A half day is chosen as a whole, a morning or an afternoon where leave is one day long."""
    if text_of(form, "half") and text_of(form, "starts_on") == text_of(form, "ends_on"):
        return {
            "starts_at_noon": text_of(form, "half") == "afternoon",
            "ends_at_noon": text_of(form, "half") == "morning",
        }
    return {}


def _then(done: Posted) -> str:
    month = done.request.query_params.get("month", "")
    kept = f"month={month}&" if month.replace("-", "").isdecimal() else ""
    return f"/leave?{kept}done={(done.result or {}).get('state', '') or done.command}"


WHO = Asked("person_id", _("Who"), choices="others")
KIND = Asked("kind_id", _("Kind"), choices="choices")
DAYS = (Asked("starts_on", _("First day"), more={}), Asked("ends_on", _("Last day"), more={}))
NOTE = Asked("note", _("Note"), _("Only you and the people who decide can read it."), rows=2, more={})
REASON = Asked("reason", _("Why"), _("The person can read it."))
PERIOD = (KIND, DAYS, NOTE)
AT_ONCE = (ApproveLeave, WithdrawLeave, RenewCalendarFeed, RemoveCalendarFeed)
PAGE = Page(
    "/leave",
    "leave/leave.html",
    reads,
    needs="team",
    forms=(
        Form(RequestLeave, then=_then, given=_halves, fields=PERIOD),
        Form(RecordLeave, then=_then, given=_halves, fields=(WHO, *PERIOD)),
        *(Form(command, then=_then, fields=(REASON,)) for command in (RefuseLeave, CancelLeave)),
        *(Form(command, then=_then) for command in AT_ONCE),
    ),
    at="leave",
    live=True,
)
