"""An employee's card: its work part to the team, all of it to themselves, and the rest only by an act."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from staff.employees.directory import EmployeeRecord, employee_record
from staff.employees.events import CardRead
from staff.employees.forms import CardReadingForm, EmployeeStatusForm
from staff.employees.records import ChangeEmployee
from staff.employees.revealed_cards import ReadCard
from staff.employees.sentences import READINGS
from staff.employees.statuses import statuses
from staff.leave.absences import away_today
from staff.leave.calendars import own_business, week_of
from staff.leave.rosters import ChangeEmployeeWeek, RemoveEmployeeWeek
from staff.leave.weeks import week_form
from store.errors import Forbidden, _
from web.declared import Form, Page, Posted, Visit
from web.forms.command_forms import Asked
from web.page import text_of
from web.queries import identifier
from web.words.sentences import in_words
from web.words.signatures import signed
from web.words.translations import translated


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, person_id = visit.tx, visit.actor, visit.id("person_id")
    found, over = await _card(visit)
    assert actor.business_id
    known = await statuses(tx, actor.business_id, actor.language)
    away = await away_today(tx, actor)
    return {
        "card": found,
        "readings": [_read(reading, actor.language) for reading in found.readings or ()],
        "status_choices": [(str(each.id), _name(each, actor.language)) for each in known],
        "standing": next((each for each in known if found.work and each.id == found.work["status_id"]), None),
        "until": away.get(person_id),
        "weeks": (await week_form(tx, person_id)).weeks if found.work is not None else [],
        "week": week_of(await own_business(tx, actor)),
        "reading_over": over,
    }


async def _card(visit: Visit) -> tuple[EmployeeRecord, bool]:
    """The card as far as the asker may read it, and whether they might have read more until now."""
    person_id = visit.id("person_id")
    try:
        return await employee_record(visit.tx, visit.actor, person_id, identifier(visit.request, "reading")), False
    except Forbidden as refusal:
        if refusal.code != "reading_over":
            raise
        return await employee_record(visit.tx, visit.actor, person_id), True


def _name(status: EmployeeStatusForm, language: str) -> str:
    return translated(language, status.name) if status.key else status.name


def _read(reading: CardReadingForm, language: str) -> tuple[CardReadingForm, str, str]:
    """Who looked or wrote, in words, and the icon before it."""
    told = {"name": CardRead.wire_name, "card_reading": reading.model_dump(mode="json")}
    said = READINGS.said(told, {"reader": lambda _: signed(reading.reader_name, reading.acted_by, language)})
    assert said
    return reading, in_words(said, language), said.icon


def _as_business(form: FormData) -> Mapping[str, Any]:
    """The business's week again, which has no days of its own."""
    return {"days": None} if text_of(form, "as_business") else {}


def _then(done: Posted) -> str:
    looked = done.command == ReadCard.wire_name
    reading = done.result["id"] if looked else done.text("reading")
    where = [f"reading={reading}"] if reading else []
    where += [] if looked else ["done=1"]
    return f"/people/{done.request.path_params['person_id']}/card?{'&'.join(where)}"


WORK = (
    Asked("surname", _("Surname")),
    (Asked("first_name", _("First name")), Asked("patronymic", _("Patronymic"))),
    Asked("position", _("Position"), _("The whole team sees it, and the work phone.")),
    Asked("status_id", _("Status"), choices="status_choices", nothing=_("None")),
    (Asked("employed_from", _("Employed from")), Asked("employed_until", _("Employed until"))),
    (Asked("work_phone", _("Work phone"), type="tel"), Asked("mobile_phone", _("Mobile phone"), type="tel")),
    Asked("fax", _("Fax"), type="tel"),
    Asked("messengers", _("Messengers, one per line"), placeholder=_("Signal: ana.01"), rows=2),
)
PERSONAL = (
    Asked("birth_date", _("Birth date")),
    Asked("identity", _("Passport or identity card")),
    Asked("tax_number", _("Tax number")),
    Asked("address", _("Home address"), rows=2),
    Asked("home_phone", _("Home phone"), type="tel"),
    Asked(
        "rating",
        _("Rating"),
        _("5 is the highest."),
        choices=tuple((rating, str(rating)) for rating in range(1, 6)),
        nothing=_("None"),
    ),
    Asked("notes", _("Notes"), _("The person can read all of this and see who changed it."), rows=4),
)
SINCE = Asked("since", _("Starting on"), _("Leave empty if it has always been so."))
PAGE = Page(
    "/people/{person_id}/card",
    "people/card.html",
    reads,
    forms=(
        Form(ChangeEmployee, then=_then, fields=WORK),
        Form(ChangeEmployee, then=_then, fields=PERSONAL, called="personal"),
        Form(ReadCard, then=_then),
        Form(ChangeEmployeeWeek, then=_then, given=_as_business, fields=(SINCE,)),
        Form(RemoveEmployeeWeek, then=_then),
    ),
    at="people",
    live=True,
    private=True,
)
