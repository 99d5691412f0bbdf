"""Pages of employees, departments and leave: for the team, by plain forms, and what of them nobody else sees."""

from typing import Any
from uuid import uuid5

import httpx
from icalendar import Calendar

from tests.web.houses import House

STRANGERS = ("client", "root")


async def send(house: House, who: str, page: str, action: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.send_form(page, action, **fields)


async def shown(house: House, who: str | None, path: str) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.get(path)


def kind(house: House, key: str = "annual") -> str:
    business_id = house.person("admin").actor.business_id
    assert business_id
    return str(uuid5(business_id, key))


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
    assert "There are people or departments in it." in refused.text
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


async def test_leave_is_asked_for_and_decided_by_forms(house: House) -> None:
    day = {"starts_on": "2027-03-01", "ends_on": "2027-03-01"}
    asked = await send(
        house, "ana", "/leave", "/leave", command="leave.request", kind_id=kind(house), half="morning", **day
    )
    assert asked.headers["location"] == "/leave?done=requested"
    twice = await send(house, "ana", "/leave", "/leave", command="leave.request", kind_id=kind(house), **day)
    assert twice.status_code == 409
    assert "There is leave on some of these days already." in twice.text
    page = (await shown(house, "admin", "/leave")).text
    assert "Waiting for your decision" in page
    assert "until noon" in page
    id = page.partition('name="leave_id" value="')[2].partition('"')[0]
    refused = await send(house, "admin", "/leave", "/leave", command="leave.refuse", leave_id=id, reason="")
    assert refused.status_code == 422
    approved = await send(house, "admin", "/leave", "/leave", command="leave.approve", leave_id=id)
    assert approved.headers["location"] == "/leave?done=approved"
    assert "Annual leave" in (await shown(house, "mihai", "/leave?month=2027-03")).text
    assert (await shown(house, "mihai", "/leave?month=nonsense")).status_code == 200


async def test_a_private_kind_shows_as_away(house: House) -> None:
    put = await send(
        house,
        "admin",
        "/leave",
        "/leave",
        command="leave.record",
        person_id=str(house.person("ana").id),
        kind_id=kind(house, "medical"),
        starts_on="2027-05-03",
        ends_on="2027-05-04",
    )
    assert put.status_code == 303
    grids = {who: (await shown(house, who, "/parts/leave?month=2027-05")).text for who in ("admin", "ana", "mihai")}
    assert "Medical leave" in grids["admin"]
    assert "Medical leave" in grids["ana"]
    assert "Medical leave" not in grids["mihai"]
    assert "Away" in grids["mihai"]


async def test_settings_of_leave_go_through_forms(house: House) -> None:
    page = "/settings/leave"
    for fields in (
        {"command": "calendar.change", "country": "RO", "working_week": ["", "1", "2", "3", "4"]},
        {"command": "holiday.remove", "day": "2027-12-01"},
        {"command": "holiday.add", "day": "2027-09-09", "name": "Founders' day"},
        {"command": "leave_kind.add", "name": "Study", "counted": ["false", "true"], "days_a_year": "5"},
        {"command": "leave_kind.change", "kind_id": kind(house), "paid": "false", "days_a_year": "22"},
        {"command": "employee_status.add", "name": "Abroad"},
    ):
        answer = await send(house, "admin", page, page, **fields)
        assert answer.status_code == 303, (fields, answer.text)
    drawn = (await shown(house, "admin", f"{page}?year=2027")).text
    assert "Founders" in drawn
    assert "you work on it" in drawn
    assert "22 days a year" in drawn
    assert "5 days a year" in drawn
    assert "Abroad" in drawn


async def test_a_calendar_is_read_at_a_secret_address_until_it_is_renewed(house: House) -> None:
    def address(page: str) -> str:
        return "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]

    await send(house, "admin", "/settings/leave", "/settings/leave", command="calendar.change", country="RO")
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    first = address((await shown(house, "mihai", "/leave")).text)
    read = await shown(house, None, first)
    assert read.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(read.text).walk("VEVENT")
    assert events
    assert all("Medical" not in str(event["summary"]) for event in events)
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    assert (await shown(house, None, first)).status_code == 404
    second = address((await shown(house, "mihai", "/leave")).text)
    assert (await shown(house, None, second)).status_code == 200
    await send(house, "mihai", "/leave", "/leave", command="calendar_feed.remove")
    assert (await shown(house, None, second)).status_code == 404
    assert (await shown(house, None, "/calendar/guess.ics")).status_code == 404


async def test_mc_p12_a_calendar_has_ones_own_tasks_through_ones_own_lens(own_house: House) -> None:
    agency, room = own_house.scene.agency, own_house.room
    mihai = str(agency.mihai.id)
    task = {"room_id": room, "assignee_id": mihai, "due_on": "2026-12-01"}
    await agency.run(agency.admin, "task.create", title="Print the flyers", **task)
    await agency.run(agency.admin, "task.create", title="Count the money", audience="managers", **task)
    await agency.run(agency.admin, "task.create", title="Somebody else's", **task | {"assignee_id": str(agency.ana.id)})
    await agency.run(agency.admin, "task.create", title="Some day", **task | {"due_on": None})
    done = await agency.run(agency.admin, "task.create", title="Done already", **task)
    await agency.run(agency.mihai, "task.complete", room_id=room, task_id=done.result["id"])

    assert (await send(own_house, "mihai", "/account", "/account", command="calendar_feed.renew")).status_code == 303
    page = (await shown(own_house, "mihai", "/account")).text
    assert "fetched from outside" in page
    address = "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]
    read = (await shown(own_house, None, address)).text
    events = {str(event["summary"]): event for event in Calendar.from_ical(read).walk("VEVENT")}
    found = events["Print the flyers"]
    assert b"DTSTART;VALUE=DATE:20261201" in found.to_ical()
    assert f"/rooms/{room}/tasks#task-" in str(found["url"])
    assert not {"Count the money", "Somebody else's", "Some day", "Done already"} & set(events)
    await agency.run(agency.admin, "member.remove", room_id=room, person_id=mihai)
    assert "flyers" not in (await shown(own_house, None, address)).text
    await send(own_house, "mihai", "/account", "/account", command="calendar_feed.remove")
    assert (await shown(own_house, None, address)).status_code == 404


async def test_a_client_has_no_calendar_of_the_team(house: House) -> None:
    assert "calendar_feed" not in (await shown(house, "client", "/account")).text
    refused = await send(house, "client", "/account", "/account", command="calendar_feed.renew")
    assert refused.status_code == 403
