"""Leave among the settings: the business's calendar, the kinds of leave, and everyone's days of a year."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

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
from store.commands import Command
from store.errors import _
from store.texts.sorting import by_name
from web.declared import Form, Page, Posted, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import WORKING_WEEK
from web.queries import whole
from web.words.choices import country_choices


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    business = await own_business(tx, actor)
    today = today_in(business, tx.now)
    year = min(max(whole(visit.request, "year", today.year), YEARS[1]), YEARS[-2])
    known = await kinds(tx, business.id, actor.language)
    team = by_name(await colleagues(tx, business.id), actor.language)
    return {
        "calendar": {
            "country": business.country,
            "region": business.region,
            "working_week": business.working_week or list(USUAL_WEEK),
        },
        "regions": list(regions(business.country, actor.language).items()),
        "year": year,
        "first_of_year": date(year, 1, 1),
        "holidays": await holidays(tx, business, [year], actor.language),
        "kinds": known,
        "counted": [kind for kind in known if kind.counted],
        "team": team,
        "weeks": await own_weeks(tx, [person.id for person in team]),
        "balances": await balances(tx, business, [person.id for person in team], known, year),
        "statuses": await statuses(tx, business.id, actor.language),
    }


def _then(place: str) -> Callable[[Posted], str]:
    def then(done: Posted) -> str:
        year = done.text("shown_year")
        kept = f"year={year}&" if year.isdecimal() else ""
        return f"/settings/leave?{kept}done=1#{place}"

    return then


def _forms(place: str, *commands: type[Command]) -> tuple[Form, ...]:
    return tuple(Form(command, then=_then(place)) for command in commands)


NAME = Asked("name", _("Its name"))
COLORS = (
    ("teal", _("Teal")),
    ("blue", _("Blue")),
    ("violet", _("Violet")),
    ("green", _("Green")),
    ("red", _("Red")),
    ("yellow", _("Yellow")),
    ("gray", _("Grey")),
)
COLOR = Asked("color", _("Colour"), choices=COLORS)
KIND = (
    (
        Asked("paid", _("Paid")),
        Asked("counted", _("Counts against the yearly allowance")),
        Asked("prorated", _("Proportional for people who join or leave during the year")),
        Asked("approved", _("Needs approval")),
        Asked("private", _("Only people who decide on leave see the kind")),
    ),
    Asked("days_a_year", _("Days a year, if they are counted"), more={"step": "0.5"}),
)
CALENDAR = (
    Asked(
        "country",
        _("Country"),
        _("Its public holidays are days off."),
        choices=country_choices,
        nothing=_("None: no public holidays"),
    ),
    Asked(
        "region", _("Region"), _("Its holidays are days off too."), choices="regions", nothing=_("The whole country")
    ),
    WORKING_WEEK,
)
WORKING_DAY = (
    (
        Asked("day", _("The day worked"), _("A Saturday, for example.")),
        Asked("instead_of", _("The day off in return"), _("Leave empty if there is none.")),
    ),
    NAME,
)
PAGE = Page(
    "/settings/leave",
    "settings/leave.html",
    reads,
    needs="staff",
    forms=(
        Form(ChangeCalendar, then=_then("calendar"), fields=CALENDAR),
        Form(AddHoliday, then=_then("holidays"), fields=((Asked("day", _("Day")), NAME),)),
        Form(AddWorkingDay, then=_then("holidays"), fields=WORKING_DAY),
        *_forms("holidays", RenameHoliday, RemoveHoliday, RestoreHoliday, RemoveWorkingDay),
        Form(AddLeaveKind, then=_then("kinds"), fields=((NAME, COLOR), *KIND)),
        Form(ChangeLeaveKind, then=_then("kinds"), fields=(NAME, COLOR, *KIND)),
        *_forms("kinds", RemoveLeaveKind),
        *_forms("allowances", ChangeLeaveAllowance, CarryLeaveAllowances),
        *_forms("statuses", AddEmployeeStatus, RenameEmployeeStatus, RemoveEmployeeStatus),
    ),
    at="settings/leave",
    live=True,
)
