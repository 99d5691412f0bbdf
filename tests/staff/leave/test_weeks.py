"""Weeks of one's own: who works in part has leave and days in part."""

from datetime import timedelta

import pytest

from store.database import Database
from store.errors import Conflict, Forbidden, Refusal
from tests.hub.agencies import Agency
from tests.people.permits import permit
from tests.staff.leave.leaves import MONDAY, ask, days_of, left, told


async def test_who_works_in_part_has_leave_and_days_in_part(database: Database, agency: Agency) -> None:
    ana = str(agency.ana.id)
    week = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=6)}
    leave = await ask(agency, database, agency.ana, **week)
    three = ["day", "day", "morning", "off", "off", "off", "off"]
    await agency.run(agency.admin, "employee_week.change", person_id=ana, days=three)
    assert await days_of(database, leave["id"]) == {"2027": "2.5"}
    assert await left(database, agency, agency.ana) == 8  # half of 21 up to the next half, without what is asked for
    assert await left(database, agency, agency.mihai) == 21
    assert "leave.recounted" in await told(database, f"person:{ana}")
    await agency.run(agency.admin, "employee_week.change", person_id=ana, since=str(MONDAY), days=None)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    await agency.run(agency.admin, "employee_week.remove", person_id=ana, since=str(MONDAY))
    assert await days_of(database, leave["id"]) == {"2027": "2.5"}
    await agency.run(agency.admin, "employee_week.remove", person_id=ana)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    assert await left(database, agency, agency.ana) == 16
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "employee_week.remove", person_id=ana)
    for wrong in (["off"] * 7, ["day"] * 6, ["night"] * 7):
        with pytest.raises(Refusal) as refused:
            await agency.run(agency.admin, "employee_week.change", person_id=ana, days=wrong)
        assert any(field.startswith("days") for field in refused.value.fields)


async def test_nobody_says_their_own_week_but_admins(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    days = ["day", "off", "off", "off", "off", "off", "off"]
    for person in (ana, agency.admin):
        with pytest.raises(Forbidden):
            await agency.run(ana, "employee_week.change", person_id=str(person.id), days=days)
    await agency.run(ana, "employee_week.change", person_id=str(agency.mihai.id), days=days)
    await agency.run(agency.admin, "employee_week.change", person_id=str(agency.admin.id), days=days)
