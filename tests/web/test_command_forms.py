"""Forms drawn from commands: what a class says of a field a browser is told, and what was wrong stands there."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import httpx

from clients.companies import AddCompany
from clients.services import AddService, ChangeService
from staff.departments import AddDepartment
from staff.leave.holidays import AddHoliday
from staff.leave.kinds import AddLeaveKind
from tests.web.drawn_forms import drawn_forms
from tests.web.houses import House
from web.forms.command_forms import Asked, DrawnForm, drawn_form
from web.page import Feedback

NAME, NOTE = Asked("name", "Its name"), Asked("note", "Note")


class Hosting:
    id = uuid4()
    name = "Hosting"
    note = "Day and night"


def refused(command: str, **values: Any) -> dict[str, Any]:
    feedback = Feedback(command, "No.", 422, {"name": "This is too long."}, values)
    return {"own_url": "/settings/services", "feedback": feedback, "done": ""}


def plain(**more: Any) -> dict[str, Any]:
    return {"own_url": "/settings/services", "feedback": None, "done": "", **more}


def test_a_field_is_what_its_class_says() -> None:
    form = drawn_form(AddService, [(NAME, NOTE)], plain())
    assert [(each.type, each.required, each.limits["maxlength"]) for each in form.rows[0]] == [
        ("text", True, 120),
        ("text", False, 500),
    ]
    assert form["note"].asked is NOTE
    assert drawn_form(AddHoliday, [Asked("day", "Day")], plain())["day"].type == "date"
    assert drawn_form(AddLeaveKind, [Asked("paid", "Paid")], plain())["paid"].type == "checkbox"
    assert drawn_form(AddLeaveKind, [Asked("days_a_year", "Days")], plain())["days_a_year"].type == "number"
    assert drawn_form(AddCompany, [Asked("address", "Address", rows=2)], plain())["address"].type == "textarea"


def test_what_is_chosen_from_is_read_by_the_page() -> None:
    asked = Asked("parent_id", "Part of", choices="above")
    found = drawn_form(AddDepartment, [asked], plain(above=[("1", "Design")]))["parent_id"]
    assert (found.type, found.choices, found.required) == ("choice", [("1", "Design")], False)


def test_a_change_says_of_what_and_shows_what_is() -> None:
    form = drawn_form(ChangeService, [NAME, NOTE], plain(), Hosting())
    assert form.of == ("service_id", str(Hosting.id))
    assert [row[0].value for row in form.rows] == ["Hosting", "Day and night"]
    assert form["name"].id == f"name-{Hosting.id}"
    assert form["name"].required, "a name can be left as it was, and not emptied"


def typed_into(form: DrawnForm) -> tuple[Any, str]:
    return form["name"].value, form["name"].error


def test_what_was_typed_and_what_was_wrong_stands_in_that_form_alone() -> None:
    context = refused("service.change", service_id=str(Hosting.id), name="Typed")
    assert typed_into(drawn_form(ChangeService, [NAME], context, Hosting())) == ("Typed", "This is too long.")
    other = refused("service.change", service_id=str(uuid4()), name="Typed")
    assert typed_into(drawn_form(ChangeService, [NAME], other, Hosting())) == ("Hosting", "")
    assert typed_into(drawn_form(AddService, [NAME], context)) == ("", "")


async def send(house: House, page: str, **fields: Any) -> httpx.Response:
    async with house.browser("admin") as browser:
        return await browser.send_form(page, page, **fields)


async def test_a_page_draws_the_error_at_the_field_with_what_was_typed(own_house: House) -> None:
    page = "/settings/services"
    assert (await send(own_house, page, command="service.add", name="Hosting")).status_code == 303
    assert (await send(own_house, page, command="service.add", name="Domains")).status_code == 303
    async with own_house.browser("admin") as browser:
        shown = (await browser.get(page)).text
    form = next(form for form in drawn_forms(shown) if ("name", "Domains") in form.fields)
    domains = dict(form.fields)["service_id"]
    taken = await send(own_house, page, command="service.change", service_id=domains, name="hosting", note="typed")
    assert taken.status_code == 409
    drawn = re.search(rf'<input[^>]* id="name-{domains}"[^>]*>', taken.text)
    assert drawn
    assert 'value="hosting"' in drawn[0]
    assert 'aria-invalid="true"' in drawn[0]
    notes = taken.text.split(f'<span id="name-{domains}-notes">')[1].split("</div>")[0]
    assert "This name is already taken." in unescape(notes)
    assert taken.text.count('aria-invalid="true"') == 1, "nothing was wrong with the others"
