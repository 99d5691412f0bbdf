"""Holidays, and days that are worked in exchange (CC-58)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from people.businesses import Business
from staff.leave.calendars import holidays
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, Refusal
from tests.hub.agencies import Agency
from tests.staff.leave.leaves import FRIDAY, MONDAY, SATURDAY, ask, business_of, days_of, told


async def test_working_days_leave_out_weekends_and_holidays(database: Database, agency: Agency) -> None:
    # Orthodox Easter 2027: Good Friday is 30 April, Easter Monday 3 May; the 1st of May is a Saturday.
    easter = await ask(agency, database, agency.ana, starts_on=date(2027, 4, 26), ends_on=date(2027, 5, 7))
    assert easter["days"] == {"2027": "8"}
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, starts_on=date(2027, 3, 6), ends_on=date(2027, 3, 7))
    assert refused.value.fields.keys() == {"ends_on"}
    over = await ask(agency, database, agency.mihai, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 5))
    assert over["days"] == {"2026": "2", "2027": "2"}  # the 1st and 2nd of January are holidays


async def test_cc58_holidays_are_added_renamed_removed_and_restored(database: Database, agency: Agency) -> None:
    async def known(language: str = "en") -> dict[date, str]:
        async with database.reading() as tx:
            business = await tx.get(Business, business_of(agency))
            assert business
            return {day.day: day.name for day in await holidays(tx, business, [2027], language) if day.kept}

    union = date(2027, 12, 1)
    assert (await known())[union] != (await known("ro"))[union]
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=4))
    await agency.run(agency.admin, "holiday.add", day="2027-03-03", name="Our birthday")
    assert (await known())[date(2027, 3, 3)] == "Our birthday"
    async with database.reading() as tx:
        days = await tx.scalar(text("select days from leaves where id = :id").bindparams(id=UUID(leave["id"])))
    assert days == {"2027": "4"}
    assert "leave.recounted" in await told(database, f"person:{agency.ana.id}")
    await agency.run(agency.admin, "holiday.remove", day=str(union))
    assert union not in await known()
    await agency.run(agency.admin, "holiday.restore", day=str(union))
    await agency.run(agency.admin, "holiday.rename", day=str(union), name="The Union")
    assert (await known("uk"))[union] == "The Union"
    await agency.run(agency.admin, "holiday.remove", day="2027-03-03")
    assert date(2027, 3, 3) not in await known()
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "holiday.remove", day="2027-03-03")
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "holiday.add", day=str(union), name="Twice")
    with pytest.raises(Forbidden):
        await agency.run(agency.ana, "holiday.add", day="2027-03-09", name="Mine")


async def test_a_region_s_holidays_are_free_of_work_too(database: Database, agency: Agency) -> None:
    epiphany = {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8)}  # from Monday, with the 6th
    await agency.run(agency.admin, "calendar.change", country="DE")
    assert (await ask(agency, database, agency.ana, **epiphany))["days"] == {"2027": "5"}
    changed = await agency.run(agency.admin, "calendar.change", region="BY")
    assert changed.result["region"] == "BY"
    assert (await ask(agency, database, agency.mihai, **epiphany))["days"] == {"2027": "4"}
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.admin, "calendar.change", region="XX")
    assert refused.value.fields.keys() == {"region"}
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "calendar.change", country="AT", region="XX")
    moved = await agency.run(agency.admin, "calendar.change", country="RO", region="BY")
    assert moved.result["region"] is None, "as a form sends it, where the old one still stands"


async def test_what_is_kept_of_a_day_means_the_same_beside_any_country(database: Database, agency: Agency) -> None:
    union = "2027-12-01"

    async def free() -> bool:
        async with database.reading() as tx:
            business = await tx.get(Business, business_of(agency))
            assert business
            return any(str(day.day) == union and day.kept for day in await holidays(tx, business, [2027]))

    async def country(code: str | None) -> None:
        await agency.run(agency.admin, "calendar.change", country=code)

    await agency.run(agency.admin, "holiday.remove", day=union)
    await agency.run(agency.admin, "holiday.add", day=union, name="The Union")
    await agency.run(agency.admin, "holiday.rename", day=union, name="Union day")
    await country(None)
    assert await free(), "it was added, beside which country ever"
    await country("RO")
    await agency.run(agency.admin, "holiday.remove", day=union)
    assert not await free(), "what was added goes, and the law's day with it"


async def test_a_saturday_is_worked_in_exchange_for_a_friday(database: Database, agency: Agency) -> None:
    weeks = await ask(agency, database, agency.ana, ends_on=date(2027, 3, 14))
    fridays = await ask(agency, database, agency.mihai, starts_on=FRIDAY, ends_on=FRIDAY)
    exchange = {"day": str(SATURDAY), "instead_of": str(FRIDAY), "name": "Before the fair"}
    await agency.run(agency.admin, "working_day.add", **exchange)
    assert await days_of(database, weeks["id"]) == {"2027": "10"}
    assert await days_of(database, fridays["id"]) == {}
    saturday = await ask(agency, database, agency.mihai, starts_on=SATURDAY, ends_on=SATURDAY)
    assert saturday["days"] == {"2027": "1"}
    for fields, wrong in (
        ({"day": str(SATURDAY)}, "day"),  # worked already
        ({"day": "2027-03-03"}, "day"),  # a Wednesday
        ({"day": "2027-05-01"}, "day"),  # Labour Day, a Saturday
        ({"day": "2027-03-13", "instead_of": str(FRIDAY)}, "instead_of"),
        ({"day": "2027-03-13", "instead_of": str(SATURDAY)}, "instead_of"),
        ({"day": "1999-03-13"}, "day"),
    ):
        with pytest.raises(Refusal) as refused:
            await agency.run(agency.admin, "working_day.add", **fields)
        assert refused.value.fields.keys() == {wrong}, fields
    for command, fields in (
        ("holiday.remove", {"day": str(FRIDAY)}),
        ("holiday.rename", {"day": str(FRIDAY), "name": "Bridge"}),
        ("holiday.add", {"day": str(SATURDAY), "name": "Free after all"}),
    ):
        with pytest.raises(Conflict) as conflict:
            await agency.run(agency.admin, command, **fields)
        assert conflict.value.code == "worked_in_exchange"
    await agency.run(agency.admin, "working_day.remove", day=str(SATURDAY))
    assert await days_of(database, weeks["id"]) == {"2027": "10"}
    assert await days_of(database, fridays["id"]) == {"2027": "1"}
    assert await days_of(database, saturday["id"]) == {}
    with pytest.raises(Conflict):
        await agency.run(agency.admin, "working_day.remove", day=str(SATURDAY))
