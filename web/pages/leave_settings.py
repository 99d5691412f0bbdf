"""Leave among the settings: the business's calendar, the kinds of leave, and everyone's days of a year."""

from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.businesses import today_in
from staff.colleagues import colleagues
from staff.employees.statuses import AddEmployeeStatus, RemoveEmployeeStatus, RenameEmployeeStatus, statuses
from staff.leave.calendars import USUAL_WEEK, YEARS, holidays, own_business, regions
from staff.leave.entitlements import CarryLeaveAllowances, ChangeLeaveAllowance
from staff.leave.holidays import (
    AddHoliday,
    AddWorkingDay,
    ChangeCalendar,
    RemoveHoliday,
    RemoveWorkingDay,
    RenameHoliday,
    RestoreHoliday,
)
from staff.leave.kinds import AddLeaveKind, ChangeLeaveKind, RemoveLeaveKind, kinds
from staff.leave.leave_lists import balances
from staff.leave.weeks import own_weeks
from store.database import Transaction
from store.errors import Forbidden, NotFound
from store.sorting import by_name
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.queries import whole

PLACES = {
    command.wire_name: place
    for command, place in (
        (ChangeCalendar, "calendar"),
        (AddHoliday, "holidays"),
        (RenameHoliday, "holidays"),
        (RemoveHoliday, "holidays"),
        (RestoreHoliday, "holidays"),
        (AddWorkingDay, "holidays"),
        (RemoveWorkingDay, "holidays"),
        (AddLeaveKind, "kinds"),
        (ChangeLeaveKind, "kinds"),
        (RemoveLeaveKind, "kinds"),
        (ChangeLeaveAllowance, "allowances"),
        (CarryLeaveAllowances, "allowances"),
        (AddEmployeeStatus, "statuses"),
        (RenameEmployeeStatus, "statuses"),
        (RemoveEmployeeStatus, "statuses"),
    )
}
"""What may be posted here, and where on the page it stands."""


async def leave_settings_page(request: Request) -> Response:
    """Show how leave is given, to who manages staff."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def leave_settings_part(request: Request) -> Response:
    """What of it changes, by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/settings/leave.html")


async def change(request: Request) -> Response:
    """Change it by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in PLACES:
        raise NotFound()
    outcome = await perform(request, actor, name, form, **_several(form))
    if not isinstance(outcome, Feedback):
        year = text_of(form, "shown_year")
        kept = f"year={year}&" if year.isdecimal() else ""
        return RedirectResponse(f"/settings/leave?{kept}done=1#{PLACES[name]}", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


def _several(form: FormData) -> dict[str, Any]:
    """These are the days of the week that were ticked; an empty one says that the form has them."""
    if "working_week" not in form:
        return {}
    return {"working_week": [day for day in form.getlist("working_week") if day]}


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "settings/leave.html",
) -> Response:
    business = await own_business(tx, actor)
    if not actor.may("staff"):
        raise Forbidden()
    today = today_in(business, tx.now)
    year = min(max(whole(request, "year", today.year), YEARS[1]), YEARS[-2])
    known = await kinds(tx, business.id, actor.language)
    team = by_name(await colleagues(tx, business.id), actor.language)
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="settings",
        setting="leave",
        country=business.country,
        region=business.region,
        regions=list(regions(business.country, actor.language).items()),
        week=business.working_week or list(USUAL_WEEK),
        year=year,
        first_of_year=date(year, 1, 1),
        holidays=await holidays(tx, business, [year], actor.language),
        kinds=known,
        counted=[kind for kind in known if kind.counted],
        team=team,
        weeks=await own_weeks(tx, [person.id for person in team]),
        balances=await balances(tx, business, [person.id for person in team], known, year),
        statuses=await statuses(tx, business.id, actor.language),
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


ROUTES: list[BaseRoute] = [
    Route("/settings/leave", leave_settings_page),
    Route("/settings/leave", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/settings/leave", leave_settings_part)]
