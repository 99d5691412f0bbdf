"""Leave is counted anew when the calendar or somebody's week changes (CC-58)."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from people.businesses import Business
from staff.leave.leave_lists import leaves_of
from staff.leave.leave_rows import Leave
from staff.leave.recounts import count_all_again
from store.database import Database, sqlstate
from tests.hub.agencies import Agency
from tests.staff.leave.leaves import FOUR_DAYS, MONDAY, ask, business_of, days_of, kind, left, record, told


async def test_cc58_leave_is_counted_anew_when_the_week_or_the_country_changes(
    database: Database, agency: Agency
) -> None:
    union = {"starts_on": date(2027, 11, 29), "ends_on": date(2027, 12, 3)}  # Monday to Friday; two are holidays
    leave = await ask(agency, database, agency.ana, **union)
    assert leave["days"] == {"2027": "3"}
    assert await left(database, agency, agency.ana) == 18
    for command, fields, days in (
        ("calendar.change", {"country": None}, "5"),
        ("calendar.change", {"working_week": [1, 2, 3, 4, 5, 6]}, "5"),
        ("calendar.change", {"working_week": [1, 2]}, "2"),
        ("business.change", {"working_week": [1, 2, 3, 4, 5]}, "5"),
        ("business.change", {"country": "RO"}, "3"),
        ("holiday.remove", {"day": "2027-12-01"}, "4"),
    ):
        await agency.run(agency.admin, command, **fields)
        assert await days_of(database, leave["id"]) == {"2027": days}, (command, fields)
        assert await left(database, agency, agency.ana) == 21 - int(days)
    assert (await told(database, f"person:{agency.ana.id}")).count("leave.recounted") == 5
    assert (await told(database, f"person:{agency.admin.id}")).count("leave.recounted") == 5
    assert "leave.recounted" not in await told(database, f"person:{agency.mihai.id}")


async def test_a_year_that_is_over_stays_as_it_was_counted(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        year = tx.now.year
    first = next(day for day in (date(year - 1, 12, number) for number in range(20, 28)) if day.isoweekday() == 1)
    over = {"starts_on": first, "ends_on": date(year, 1, 31)}
    await agency.run(agency.admin, "calendar.change", country=None)
    leave = await record(agency, database, agency.admin, agency.ana, **over)
    before = await days_of(database, leave["id"])
    await agency.run(agency.admin, "calendar.change", working_week=[1, 2])
    after = await days_of(database, leave["id"])
    assert after[str(year - 1)] == before[str(year - 1)]
    assert int(after[str(year)]) < int(before[str(year)])


async def test_leave_that_was_counted_otherwise_is_settled(database: Database, agency: Agency) -> None:
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=6))
    async with database.transaction() as tx:
        await tx.execute(text("""update leaves set days = '{"2027": "7"}'"""))
    await count_all_again(database)
    assert await days_of(database, leave["id"]) == {"2027": "5"}
    await count_all_again(database)
    assert (await told(database, f"person:{agency.ana.id}")).count("leave.recounted") == 1


async def until_one_waits(database: Database) -> None:
    async with database.reading() as tx:
        while not await tx.scalar(text("select exists (select from pg_locks where not granted)")):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_leave_is_counted_anew_though_it_clashed(database: Database, agency: Agency) -> None:
    leave = await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=6))
    said: list[Any] = []
    while not said:  # PostgreSQL undoes whose wait grew long first, which on a slow machine may be the test's own
        async with database.transaction() as tx:
            await tx.execute(text("""update leaves set days = '{"2027": "7"}'"""))
        said = await clashing(database, leave["id"], business_of(agency))
    assert [line["sqlstate"] for line in said] == ["40P01"]
    assert await days_of(database, leave["id"]) == {"2027": "5"}


async def clashing(database: Database, leave_id: str, business_id: UUID) -> list[Any]:
    """Count all leave anew while another locks the same rows the other way round. These are the clashes it met."""
    with capture_logs() as said:
        try:
            async with database.transaction() as tx:
                await tx.get(Leave, UUID(leave_id), lock=True)
                counting = asyncio.create_task(count_all_again(database))
                await until_one_waits(database)
                await tx.get(Business, business_id, lock=True)
        except DBAPIError as error:
            if sqlstate(error) != "40P01":
                raise
        await counting
    return [line for line in said if line["event"] == "transaction_clashed"]


@pytest.mark.parametrize("seed", range(6))
async def test_the_end_of_it_is_the_same_in_whatever_order_it_came(
    database: Database, agency: Agency, seed: int
) -> None:
    """The calendar's changes, someone's week, and leave that is asked for and approved, in orders drawn at random."""
    other = await kind(database, agency, "other")
    months = [(date(2027, month, 3), date(2027, month, 28)) for month in (3, 4, 12)]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("calendar.change", {"country": "DE"}),
        ("business.change", {"working_week": [1, 2, 3, 5, 6]}),
        ("holiday.add", {"day": "2027-03-10", "name": "Our birthday"}),
        ("holiday.add", {"day": "2027-12-08", "name": "A quiet day"}),
        ("working_day.add", {"day": "2027-04-11", "instead_of": "2027-04-13"}),
        ("employee_week.change", {"person_id": str(agency.ana.id), "since": "2027-04-12", "days": FOUR_DAYS}),
    ]
    steps = [(agency.admin, name, fields) for name, fields in changes]
    steps += [
        (agency.ana, "leave.request", {"kind_id": other, "starts_on": first, "ends_on": last}) for first, last in months
    ]
    Random(seed).shuffle(steps)
    asked: list[str] = []
    for person, name, fields in steps:
        answer = await agency.run(person, name, **fields)
        if name == "leave.request":
            asked.append(answer.result["id"])
            if seed % 2:
                await agency.run(agency.admin, "leave.approve", leave_id=asked.pop())
    for id in asked:
        await agency.run(agency.admin, "leave.approve", leave_id=id)
    async with database.reading() as tx:
        found = {each.starts_on.month: each.days for each in await leaves_of(tx, [agency.ana.id], MONDAY)}
    # March: 18 days of the week, without Good Friday and the birthday. April: 6 days of the business's week, with the
    # Sunday that is worked, 10 of her own from the 12th on. December: 12 of her own, without the quiet day.
    assert {month: days["2027"] for month, days in found.items()} == {3: 16, 4: 16, 12: 11}


async def test_leave_asked_for_while_the_calendar_changes_follows_it(database: Database, agency: Agency) -> None:
    starts = [MONDAY + timedelta(weeks=number) for number in range(6)]
    weeks: list[dict[str, Any]] = [{"starts_on": day, "ends_on": day + timedelta(days=6)} for day in starts]
    people = (agency.ana, agency.mihai, agency.admin)
    await asyncio.gather(
        *(ask(agency, database, people[number % 3], **week) for number, week in enumerate(weeks)),
        agency.run(agency.admin, "calendar.change", working_week=[1, 2, 3]),
    )
    async with database.reading() as tx:
        found = await leaves_of(tx, [person.id for person in people], MONDAY)
    assert [leave.days for leave in found] == [{"2027": Decimal(3)}] * 6
