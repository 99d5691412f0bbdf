"""Pages of employees, departments and leave: for the team, by plain forms, and what of them nobody else sees."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

import httpx
from icalendar import Calendar
from sqlalchemy import update

from people.businesses import Business
from staff.leave.weeks import week_form
from tests.clocks import NEXT_YEAR, monday_in
from tests.web.drawn_forms import drawn_forms
from tests.web.houses import House, csrf_of

STRANGERS = ("client", "root")
MONDAY = monday_in(3)


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


async def test_leave_is_asked_for_and_decided_by_forms(house: House) -> None:
    day = {"starts_on": str(MONDAY), "ends_on": str(MONDAY)}
    asked = await send(
        house, "ana", "/leave", "/leave", command="leave.request", kind_id=kind(house), half="morning", **day
    )
    assert asked.headers["location"] == "/leave?done=requested"
    twice = await send(house, "ana", "/leave", "/leave", command="leave.request", kind_id=kind(house), **day)
    assert twice.status_code == 409
    assert "There is already leave on some of these days." in twice.text
    page = (await shown(house, "admin", "/leave")).text
    assert "Waiting for your decision" in page
    assert "until noon" in page
    id = page.partition('name="leave_id" value="')[2].partition('"')[0]
    refused = await send(house, "admin", "/leave", "/leave", command="leave.refuse", leave_id=id, reason="")
    assert refused.status_code == 422
    approved = await send(house, "admin", "/leave", "/leave", command="leave.approve", leave_id=id)
    assert approved.headers["location"] == "/leave?done=approved"
    assert "Annual leave" in (await shown(house, "mihai", f"/leave?month={MONDAY:%Y-%m}")).text
    assert (await shown(house, "mihai", "/leave?month=nonsense")).status_code == 200


async def test_a_private_kind_shows_as_away(house: House) -> None:
    monday = monday_in(5)
    put = await send(
        house,
        "admin",
        "/leave",
        "/leave",
        command="leave.record",
        person_id=str(house.person("ana").id),
        kind_id=kind(house, "medical"),
        starts_on=monday,
        ends_on=monday + timedelta(days=1),
    )
    assert put.status_code == 303
    grids = {
        who: (await shown(house, who, f"/parts/leave?month={monday:%Y-%m}")).text for who in ("admin", "ana", "mihai")
    }
    assert "Sick leave" in grids["admin"]
    assert "Sick leave" in grids["ana"]
    assert "Sick leave" not in grids["mihai"]
    assert "Away" in grids["mihai"]


async def test_settings_of_leave_go_through_forms(house: House) -> None:
    page = "/settings/leave"
    for fields in (
        {"command": "calendar.change", "country": "RO", "working_week": ["", "1", "2", "3", "4"]},
        {"command": "holiday.remove", "day": f"{NEXT_YEAR}-12-01"},
        {"command": "holiday.add", "day": f"{NEXT_YEAR}-09-09", "name": "Founders' day"},
        {"command": "leave_kind.add", "name": "Study", "counted": ["false", "true"], "days_a_year": "5"},
        {"command": "leave_kind.change", "kind_id": kind(house), "paid": "false", "days_a_year": "22"},
        {"command": "employee_status.add", "name": "Abroad"},
    ):
        answer = await send(house, "admin", page, page, **fields)
        assert answer.status_code == 303, (fields, answer.text)
    drawn = (await shown(house, "admin", f"{page}?year={NEXT_YEAR}")).text
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
    assert all("Sick" not in str(event["summary"]) for event in events)
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
    task = {"room_id": room, "assignee_id": mihai, "due_on": MONDAY}
    await agency.run(agency.admin, "task.create", title="Print the flyers", **task)
    await agency.run(agency.admin, "task.create", title="Count the money", audience="managers", **task)
    await agency.run(agency.admin, "task.create", title="Somebody else's", **task | {"assignee_id": str(agency.ana.id)})
    await agency.run(agency.admin, "task.create", title="Some day", **task | {"due_on": None})
    done = await agency.run(agency.admin, "task.create", title="Done already", **task)
    await agency.run(agency.mihai, "task.complete", room_id=room, task_id=done.result["id"])

    assert (await send(own_house, "mihai", "/account", "/account", command="calendar_feed.renew")).status_code == 303
    page = (await shown(own_house, "mihai", "/account")).text
    assert "from their own servers" in page
    address = "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]
    read = (await shown(own_house, None, address)).text
    events = {str(event["summary"]): event for event in Calendar.from_ical(read).walk("VEVENT")}
    found = events["Print the flyers"]
    assert f"DTSTART;VALUE=DATE:{MONDAY:%Y%m%d}".encode() in found.to_ical()
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


async def test_next_year_s_days_and_leave_stand_on_the_page(own_house: House) -> None:
    agency, admin = own_house.scene.agency, own_house.person("admin")
    ana = str(agency.ana.id)
    await agency.run(
        admin,
        "leave_allowance.change",
        person_id=ana,
        kind_id=kind(own_house),
        year=NEXT_YEAR,
        entitled=20,
        carried=4.5,
    )
    tuesday = monday_in(5) + timedelta(days=8)
    put = await agency.run(
        admin, "leave.record", person_id=ana, kind_id=kind(own_house), starts_on=tuesday, ends_on=tuesday
    )
    own = (await shown(own_house, "ana", "/leave")).text
    section = own.partition(f"Your days in {NEXT_YEAR}")[2].partition("</dl>")[0]
    assert [found[1] for found in re.finditer(r"<dd>(?:<b>)?([\d.]+)", section)] == ["23.5", "20", "4.5", "0", "1", "0"]
    page = (await shown(own_house, "admin", "/leave")).text
    assert put.result["id"] in page.partition('id="approved"')[2]
    cancelled = await send(
        own_house, "admin", "/leave", "/leave", command="leave.cancel", leave_id=put.result["id"], reason=""
    )
    assert cancelled.headers["location"] == "/leave?done=cancelled"
    assert put.result["id"] not in (await shown(own_house, "admin", "/leave")).text


async def test_leave_too_far_away_is_said_at_its_field(house: House) -> None:
    for year in (2020, 2099):
        day = {"starts_on": f"{year}-03-02", "ends_on": f"{year}-03-02"}
        far = await send(house, "ana", "/leave", "/leave", command="leave.request", kind_id=kind(house), **day)
        assert far.status_code == 422
        for field in ("ask-starts_on", "ask-ends_on"):
            notes = far.text.partition(f'id="{field}-notes"')[2][:200]
            assert "Choose a day between" in notes


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


async def test_an_exchanged_day_and_halves_are_read_in_the_calendar(own_house: House) -> None:
    agency, settings = own_house.scene.agency, "/settings/leave"
    async with own_house.scene.database.transaction() as tx:
        await tx.execute(update(Business).values(time_zone="Europe/Bucharest"))
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=7 - today.weekday())
    saturday, friday = monday + timedelta(days=5), monday + timedelta(days=11)
    exchange = {"command": "working_day.add", "day": str(saturday), "instead_of": str(friday), "name": "The fair"}
    assert (await send(own_house, "admin", settings, settings, **exchange)).status_code == 303
    again = await send(own_house, "admin", settings, settings, **exchange)
    assert again.status_code == 422
    assert "This day is already a working day." in again.text.partition('id="working-day-day-notes"')[2][:200]
    drawn = (await shown(own_house, "admin", f"{settings}?year={saturday.year}")).text
    assert f'aria-label="Remove the working day {saturday.day} ' in drawn
    month = (await shown(own_house, "mihai", f"/leave?month={saturday:%Y-%m}")).text
    assert "Working day: The fair" in month
    spans: dict[str, dict[str, Any]] = {
        "morning": {"starts_on": monday, "ends_on": monday, "ends_at_noon": True},
        "long": {"starts_on": saturday, "ends_on": saturday + timedelta(days=2), "starts_at_noon": True},
        "whole": {"starts_on": monday + timedelta(days=9), "ends_on": monday + timedelta(days=9)},
    }
    for name, span in spans.items():
        await agency.run(
            agency.admin, "leave.record", person_id=str(agency.mihai.id), kind_id=kind(own_house), note=name, **span
        )
    await send(own_house, "mihai", "/leave", "/leave", command="calendar_feed.renew")
    address = (await shown(own_house, "mihai", "/leave")).text.partition("/calendar/")[2].partition('"')[0]
    events = Calendar.from_ical((await shown(own_house, None, f"/calendar/{address}")).text).walk("VEVENT")
    busy = [event for event in events if event["transp"] == "OPAQUE"]
    times = sorted((str(event.decoded("dtstart")), str(event.decoded("dtend"))) for event in busy)

    def at(day: date, hour: int) -> str:
        return str(datetime.combine(day, time(hour), ZoneInfo("Europe/Bucharest")).astimezone(UTC))

    tuesday = saturday + timedelta(days=2)
    wednesday = monday + timedelta(days=9)
    assert times == sorted(
        [
            (at(monday, 8), at(monday, 12)),
            (at(saturday, 12), at(tuesday, 16)),
            (str(wednesday), str(wednesday + timedelta(days=1))),
        ]
    )
    said = {str(event["summary"]): event.decoded("dtstart") for event in events if event["transp"] == "TRANSPARENT"}
    assert said["Working day: The fair"] == saturday
    assert said["The fair"] == friday
    taken = await send(own_house, "admin", settings, settings, command="working_day.remove", day=str(saturday))
    assert taken.status_code == 303


async def test_mc_p07_nobody_nameless_waits_for_a_decision(own_house: House) -> None:
    agency = own_house.scene.agency
    day = {"starts_on": str(MONDAY), "ends_on": str(MONDAY)}
    await agency.run(agency.ana, "leave.request", kind_id=kind(own_house), **day)
    assert "Waiting for your decision" in (await shown(own_house, "admin", "/leave")).text
    letting_go = f"/people/{agency.ana.id}/let-go"
    assert "1 leave that ends with their last day" in (await shown(own_house, "admin", letting_go)).text
    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(agency.mihai.id))
    page = (await shown(own_house, "admin", "/leave")).text
    assert "Waiting for your decision" not in page
    assert ">?<" not in page
