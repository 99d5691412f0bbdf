"""Leave: asked for, put down, approved, refused, taken back (CC-59, CC-60, CC-92, CC-93)."""

import asyncio
from datetime import date, timedelta

import pytest

from staff.leave.leave_lists import leaves_to_come
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, Refusal
from tests.hub.agencies import Agency
from tests.people.permits import permit
from tests.staff.leave.leaves import MONDAY, ask, kind, put_down, record


async def test_cc93_without_the_permission_one_asks_but_doesn_t_set(database: Database, agency: Agency) -> None:
    with pytest.raises(Forbidden):
        await record(agency, database, agency.ana, agency.ana)
    assert (await ask(agency, database, agency.ana))["state"] == "requested"


async def test_cc92_with_the_permission_one_sets_one_s_own_leave(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "own_leave")
    assert (await record(agency, database, ana, ana))["state"] == "approved"
    day = MONDAY + timedelta(days=1)
    later = await ask(agency, database, ana, starts_on=day, ends_on=day)
    assert later["state"] == "approved"
    assert (await agency.run(ana, "leave.cancel", leave_id=later["id"])).result["state"] == "cancelled"


async def test_cc60_the_right_can_be_taken_away(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "own_leave")
    leave = await record(agency, database, ana, ana)
    ana = await permit(database, agency.ana)
    with pytest.raises(Forbidden):
        await agency.run(ana, "leave.cancel", leave_id=leave["id"])
    with pytest.raises(Forbidden):
        await record(agency, database, ana, ana, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 4))


async def test_cc59_an_admin_puts_down_leave_of_any_kind_for_anyone(database: Database, agency: Agency) -> None:
    for days, key in enumerate(("annual", "medical", "other")):
        day = MONDAY + timedelta(days=days)
        leave = await record(
            agency,
            database,
            agency.admin,
            agency.ana,
            kind_id=await kind(database, agency, key),
            starts_on=day,
            ends_on=day,
        )
        assert leave["state"] == "approved"
    for stranger in (agency.client, agency.outsider):
        with pytest.raises(Invalid):
            await record(agency, database, agency.admin, stranger)
    for asker, refusal in ((agency.mihai, Forbidden), (agency.client, Forbidden), (agency.outsider, Invalid)):
        with pytest.raises(refusal):
            await record(agency, database, asker, agency.ana, starts_on=date(2027, 6, 9), ends_on=date(2027, 6, 9))


async def test_leave_is_approved_refused_or_withdrawn_once(database: Database, agency: Agency) -> None:
    first, second, third = [
        await ask(agency, database, agency.ana, starts_on=day, ends_on=day)
        for day in (MONDAY + timedelta(days=number) for number in range(3))
    ]
    approved = (await agency.run(agency.admin, "leave.approve", leave_id=first["id"])).result
    assert (approved["state"], approved["decided_by"]) == ("approved", str(agency.admin.id))
    refused = (await agency.run(agency.admin, "leave.refuse", leave_id=second["id"], reason="The fair")).result
    assert (refused["state"], refused["reason"]) == ("refused", "The fair")
    assert (await agency.run(agency.ana, "leave.withdraw", leave_id=third["id"])).result["state"] == "withdrawn"
    for leave in (first, second, third):
        for command, person, more in (
            ("leave.approve", agency.admin, {}),
            ("leave.refuse", agency.admin, {"reason": "Again"}),
            ("leave.withdraw", agency.ana, {}),
        ):
            with pytest.raises(Conflict) as again:
                await agency.run(person, command, leave_id=leave["id"], **more)
            assert again.value.code == "leave_decided"
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "leave.refuse", leave_id=first["id"], reason="")


async def test_leave_of_one_person_never_overlaps(database: Database, agency: Agency) -> None:
    friday = MONDAY + timedelta(days=4)
    await ask(agency, database, agency.ana, ends_on=friday)
    for starts_on, ends_on in ((MONDAY, MONDAY), (friday, friday + timedelta(days=3)), (MONDAY, friday)):
        with pytest.raises(Conflict) as refused:
            await ask(agency, database, agency.ana, starts_on=starts_on, ends_on=ends_on)
        assert refused.value.code == "leave_overlaps"
    await ask(agency, database, agency.mihai, ends_on=friday)


async def test_two_requests_at_once_for_the_same_days_are_one(database: Database, agency: Agency) -> None:
    outcomes = await asyncio.gather(*(ask(agency, database, agency.ana) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Refusal) for outcome in outcomes if not isinstance(outcome, dict))


async def test_halves_of_one_day_stand_side_by_side(database: Database, agency: Agency) -> None:
    morning = await ask(agency, database, agency.ana, ends_at_noon=True)
    afternoon = await ask(agency, database, agency.ana, starts_at_noon=True)
    assert [leave["days"] for leave in (morning, afternoon)] == [{"2027": "0.5"}] * 2
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, starts_at_noon=True, ends_at_noon=True)
    assert refused.value.fields.keys() == {"ends_at_noon"}


@pytest.mark.parametrize("year", [2020, 2099])
async def test_leave_too_far_away_is_refused_on_its_field(database: Database, agency: Agency, year: int) -> None:
    for fields, wrong in (
        ({"starts_on": date(year, 3, 1), "ends_on": date(year, 3, 2)}, {"starts_on", "ends_on"}),
        ({"ends_on": date(year, 3, 1)}, {"ends_on"}),
    ):
        for refusing in (ask(agency, database, agency.ana, **fields), put_down(agency, database, **fields)):
            with pytest.raises(Invalid) as refused:
                await refusing
            assert refused.value.fields.keys() == wrong
            assert refused.value.params["last"] < 2099


async def test_next_year_s_leave_is_listed_and_cancelled(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        after_next = tx.now.year + 2
    days = [date(year, 3, 8) for year in (after_next - 1, after_next)]
    leaves = [await put_down(agency, database, starts_on=day, ends_on=day + timedelta(days=3)) for day in days]
    async with database.reading() as tx:
        assert [leave.starts_on for leave in await leaves_to_come(tx, agency.admin.actor)] == days
        for stranger in (agency.ana, agency.mihai, agency.client, agency.outsider):
            assert await leaves_to_come(tx, stranger.actor) == []
    await agency.run(agency.admin, "leave.cancel", leave_id=leaves[1]["id"])
    async with database.reading() as tx:
        assert [str(leave.id) for leave in await leaves_to_come(tx, agency.admin.actor)] == [leaves[0]["id"]]
