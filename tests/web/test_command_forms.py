"""Forms drawn from commands: what a class says of a field a browser is told, and what was wrong stands there."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import httpx
from starlette.datastructures import FormData

from clients.companies import AddCompany
from clients.services import AddService, ChangeService
from people.installation.admins import AddAdmin
from people.profiles import ChangeBusiness
from people.signing.providers import AddProvider
from staff.departments import AddDepartment
from staff.employees.records import ChangeEmployee
from staff.leave.holidays import AddHoliday
from staff.leave.kinds import AddLeaveKind
from tests.web.drawn_forms import drawn_forms
from tests.web.houses import House
from web.declared import Form
from web.forms.command_forms import Asked, DrawnForm, Heading, drawn_form
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
    assert [(each.type, each.required, each.limits["maxlength"]) for each in (form["name"], form["note"])] == [
        ("text", True, "120"),
        ("text", False, "500"),
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
    assert [form[name].value for name in ("name", "note")] == ["Hosting", "Day and night"]
    assert form["name"].id == f"name-{Hosting.id}"
    assert form["name"].required, "a name can be left as it was, and not emptied"


def test_a_form_for_something_new_begins_with_what_the_command_would_take() -> None:
    kind = drawn_form(
        AddLeaveKind, [Asked("paid", "Paid"), Asked("counted", "Counted"), Asked("color", "Colour")], plain()
    )
    assert [row[0].value for row in kind.rows if isinstance(row, list)] == ["true", "false", "gray"]
    given = drawn_form(AddLeaveKind, [Asked("color", "Colour")], plain(), values={"color": "red"})
    assert given["color"].value == "red"


def test_what_a_thing_has_stands_in_a_form_that_says_by_its_address_of_what() -> None:
    form = drawn_form(ChangeService, [NAME, NOTE], plain(), values=Hosting())
    assert (form.of, form["name"].id, form["name"].value) == (None, "name", "Hosting")


def test_a_password_is_never_shown() -> None:
    password = Asked("password", "Password", type="password")
    found = drawn_form(AddAdmin, [password], plain(), values={"password": "correct horse"})["password"]
    assert (found.value, found.required, found.limits["minlength"]) == ("", False, "10")


def test_several_of_a_list_are_ticked_and_lines_of_one_are_typed_below_each_other() -> None:
    week = Asked("working_week", "Working days", choices=((1, "Monday"), (2, "Tuesday")))
    found = drawn_form(ChangeBusiness, [week], plain(), values={"working_week": [1]})["working_week"]
    assert (found.type, found.value) == ("several", ["1"])
    messengers = Asked("messengers", "Messengers", rows=2)
    typed = drawn_form(ChangeEmployee, [messengers], plain(), values={"messengers": ["Signal: ana", "Fax: 1"]})
    assert (typed["messengers"].type, typed["messengers"].value) == ("textarea", "Signal: ana\nFax: 1")
    domains = drawn_form(AddProvider, [Asked("domains", "Domains")], plain(), values={"domains": ["a.md", "b.md"]})
    assert domains["domains"].value == "a.md, b.md"
    posted = FormData({"messengers": "Signal: ana\r\nFax:\x071"})
    assert Form(ChangeEmployee, fields=(messengers,)).says(posted) == {"messengers": ["Signal: ana", "Fax: 1"]}
    assert Form(ChangeEmployee, fields=(messengers,)).says(FormData()) == {}, "what a form hasn't stays as it was"


def test_a_template_leaves_out_a_field_and_says_what_it_alone_knows() -> None:
    rows: list[Asked | Heading] = [NAME, Heading("More"), NOTE]
    form = drawn_form(ChangeService, rows, plain(), says={"note": {"help": "Up to 5"}}, but=("name",))
    assert form.rows[0] == Heading("More")
    assert len(form.rows) == 2
    assert form["note"].asked.help == "Up to 5"


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
