"""Pages of employees and departments: for the team, by plain forms, and what of them nobody else sees."""

from typing import Any

from staff.leave.weeks import week_form
from tests.clocks import NEXT_YEAR
from tests.web.drawn_forms import drawn_forms
from tests.web.houses import House, csrf_of
from tests.web.staff.pages import MONDAY, send, shown

STRANGERS = ("client", "root")


async def test_strangers_and_clients_find_none_of_it(house: House) -> None:
    card = f"/people/{house.person('ana').id}/card"
    for path in ("/departments", "/leave", "/settings/leave", card):
        assert (await shown(house, None, path)).status_code == 303
        for who in STRANGERS:
            assert (await shown(house, who, path)).status_code == 404, (who, path)
        for who in ("client",):
            assert (await shown(house, who, f"/parts{path}")).status_code == 404, (who, path)
    assert (await shown(house, "outsider", card)).status_code == 404
    assert (await shown(house, "mihai", "/settings/leave")).status_code == 403
    async with house.bot("client") as bot:
        assert (await bot.get("/api/v1/departments")).status_code == 404
        assert (await bot.get("/api/v1/absences")).status_code == 404


async def test_departments_are_made_and_changed_by_forms(house: House) -> None:
    added = await send(house, "admin", "/departments", "/departments", command="department.add", name="Design")
    assert added.status_code == 303
    id = added.headers["location"].partition("department=")[2].partition("&")[0]
    ana, admin = str(house.person("ana").id), str(house.person("admin").id)
    lead = {"command": "department.change", "name": "Design", "parent_id": "", "head_id": ana}
    doubled = {**lead, "department_id": id, "deputy_ids": ["", admin, ana]}
    again = await send(house, "admin", f"/departments?department={id}", "/departments", **doubled)
    assert again.status_code == 422
    assert 'id="deputies-error">The head can&#39;t be their own deputy.' in again.text
    assert again.text.count(f'name="deputy_ids" value="{admin}" checked') == 1, "what was ticked stays so"
    for fields in (
        {**lead, "deputy_ids": ["", admin]},
        {"command": "department_member.add", "person_id": ana, "main": "true"},
    ):
        changed = await send(house, "admin", "/departments", "/departments", department_id=id, **fields)
        assert changed.status_code == 303, changed.text
    page = (await shown(house, "mihai", f"/departments?department={id}")).text
    assert "Head: Ana" in page
    assert "Add the department" not in page
    refused = await send(house, "admin", "/departments", "/departments", command="department.remove", department_id=id)
    assert refused.status_code == 409
    assert "It has people or departments in it." in refused.text
    assert (await shown(house, "mihai", f"/departments?department={id}&position=Nothing")).status_code == 200


async def test_the_personal_part_is_shown_by_an_act_alone(house: House) -> None:
    card = f"/people/{house.person('ana').id}/card"
    secret = "Strada Florilor 7"
    written = await send(house, "admin", card, card, command="employee.change", address=secret, position="Designer")
    assert written.status_code == 303
    page = await shown(house, "admin", card)
    assert secret not in page.text
    assert page.headers["cache-control"] == "no-store"
    asked = await send(house, "admin", card, card, command="card.read")
    assert asked.status_code == 303
    reading = asked.headers["location"]
    assert secret in (await shown(house, "admin", reading)).text
    assert secret in (await shown(house, "admin", f"/parts{reading}")).text
    others = (await shown(house, "mihai", card)).text
    assert "Designer" in others
    assert secret not in others
    assert "Show the personal part" not in others
    own = (await shown(house, "ana", card)).text
    assert secret in own
    assert "read the personal part" in own
    assert (await send(house, "mihai", "/leave", card, command="card.read")).status_code == 403
    stolen = reading.replace(str(house.person("ana").id), str(house.person("mihai").id))
    assert secret not in (await shown(house, "admin", stolen)).text


async def test_a_week_of_one_s_own_is_said_on_the_card(own_house: House) -> None:
    card = f"/people/{own_house.person('ana').id}/card"
    days = ["day", "day", "morning", "off", "off", "off", "off"]
    saved = await send(own_house, "admin", card, card, command="employee_week.change", since="", days=days)
    assert saved.status_code == 303, saved.text
    for who in ("admin", "ana"):
        week = (await shown(own_house, who, card)).text.partition('id="week"')[2].partition("</section>")[0]
        assert "Monday, Tuesday, Wednesday (until noon)" in " ".join(week.split())
    assert 'id="week"' not in (await shown(own_house, "mihai", card)).text
    settings = (await shown(own_house, "admin", f"/settings/leave?year={NEXT_YEAR}")).text
    assert "own week" in settings
    assert 'name="entitled" value="10.5"' in settings
    wrong = await send(own_house, "admin", card, card, command="employee_week.change", days=["off"] * 7)
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true" aria-describedby="week-error"') == 7
    assert 'id="week-error">A working week has at least one day.' in wrong.text
    back = {"command": "employee_week.change", "since": str(MONDAY), "days": days, "as_business": "true"}
    assert (await send(own_house, "admin", card, card, **back)).status_code == 303
    week = (await shown(own_house, "ana", card)).text.partition('id="week"')[2].partition("</section>")[0]
    assert "<b>The business's week</b>" in week
    for who, page, status in (("mihai", "/leave", 403), ("client", "/account", 404), ("outsider", "/leave", 404)):
        refused = await send(own_house, who, page, card, command="employee_week.change", days=days)
        assert refused.status_code == status, who
    taken = await send(own_house, "admin", card, card, command="employee_week.remove", since="")
    assert taken.status_code == 303


async def test_a_week_saved_as_it_was_drawn_stays_as_it_was(own_house: House) -> None:
    person = own_house.person("ana").id
    part = ["day", "day", "morning", "off", "off", "off", "off"]
    said: list[dict[str, Any]] = [
        {},
        {"since": None, "days": ["day"] * 5 + ["off"] * 2},
        {"since": "2026-12-01", "days": part},
        {"since": "2027-03-01", "days": None},
    ]
    for week in said:
        if week:
            await own_house.scene.agency.run(
                own_house.person("admin"), "employee_week.change", person_id=str(person), **week
            )
        async with own_house.scene.database.reading() as tx:
            before = await week_form(tx, person)
        page = (await shown(own_house, "admin", f"/people/{person}/card")).text
        (form,) = [each for each in drawn_forms(page) if each.command == "employee_week.change"]
        saved = await send(
            own_house, "admin", f"/people/{person}/card", form.action, **{**form.data(), "csrf": csrf_of(page)}
        )
        assert saved.status_code == 303, saved.text
        async with own_house.scene.database.reading() as tx:
            assert await week_form(tx, person) == before, week
