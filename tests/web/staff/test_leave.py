"""The page of leave: asked for, decided and put down by plain forms."""

import re
from datetime import timedelta

from tests.clocks import NEXT_YEAR, monday_in
from tests.web.houses import House
from tests.web.staff.pages import MONDAY, kind, send, shown


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
