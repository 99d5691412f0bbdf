"""Kinds of leave, and how many days of each one has: usual, given, carried over, in part."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound
from tests.hub.agencies import Agency
from tests.people.permits import permit
from tests.staff.leave.leaves import MONDAY, ask, kind, left


async def test_more_than_is_left_isn_t_asked_for(database: Database, agency: Agency) -> None:
    await agency.run(
        agency.admin,
        "leave_allowance.change",
        person_id=str(agency.ana.id),
        kind_id=await kind(database, agency),
        year=2027,
        entitled=2,
        carried=0.5,
    )
    assert await left(database, agency, agency.ana) == Decimal("2.5")
    await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        await ask(
            agency, database, agency.ana, starts_on=MONDAY + timedelta(days=2), ends_on=MONDAY + timedelta(days=2)
        )
    assert refused.value.code == "too_few_days"
    assert await left(database, agency, agency.ana) == Decimal("0.5")


async def test_what_is_left_is_carried_over_up_to_so_many_days(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    await ask(agency, database, agency.ana, ends_on=MONDAY + timedelta(days=18))  # 15 of 21
    for _again in range(2):
        await agency.run(agency.admin, "leave_allowances.carry", kind_id=annual, year=2028, most=10)
    assert await left(database, agency, agency.ana, 2028) == 27
    assert await left(database, agency, agency.mihai, 2028) == 31
    for person in (agency.ana, await permit(database, agency.mihai, "staff")):
        with pytest.raises(Forbidden):
            await agency.run(person, "leave_allowances.carry", kind_id=annual, year=2028, most=5)


async def test_who_came_since_carries_nothing_over(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    this_year = datetime.now(UTC).year
    usual = await left(database, agency, agency.ana, this_year)
    last = {"kind_id": annual, "year": this_year - 1}
    given = {"person_id": str(agency.ana.id), "entitled": 3}
    await agency.run(agency.admin, "leave_allowance.change", **last, **given)
    hired = {"person_id": str(agency.mihai.id), "employed_from": f"{this_year - 2}-03-01"}
    await agency.run(agency.admin, "employee.change", **hired)
    await agency.run(agency.admin, "leave_allowances.carry", kind_id=annual, year=this_year, most=5)
    assert await left(database, agency, agency.ana, this_year) == usual + 3
    assert await left(database, agency, agency.mihai, this_year) == usual + 5
    assert await left(database, agency, agency.admin, this_year) == usual


async def test_own_kinds_are_added_changed_and_retired(database: Database, agency: Agency) -> None:
    added = (
        await agency.run(agency.admin, "leave_kind.add", name="Study", counted=True, days_a_year=5, approved=False)
    ).result
    assert (await ask(agency, database, agency.ana, kind_id=added["id"]))["state"] == "approved"
    with pytest.raises(Invalid):
        await agency.run(agency.admin, "leave_kind.add", name="study")
    await agency.run(agency.admin, "leave_kind.change", kind_id=added["id"], name="STUDY")
    await agency.run(agency.admin, "leave_kind.change", kind_id=added["id"], name="Learning", approved=True)
    await agency.run(agency.admin, "leave_kind.remove", kind_id=added["id"])
    with pytest.raises(Invalid) as refused:
        await ask(agency, database, agency.mihai, kind_id=added["id"])
    assert refused.value.fields.keys() == {"kind_id"}
    annual = await kind(database, agency)
    changed = await agency.run(agency.admin, "leave_kind.change", kind_id=annual, days_a_year=25, name="Rest")
    assert changed.result["name"] == "Annual leave"
    assert Decimal(changed.result["days_a_year"]) == 25
    with pytest.raises(NotFound):
        await agency.run(agency.admin, "leave_kind.remove", kind_id=annual)
    with pytest.raises(NotFound):
        await agency.run(agency.outsider, "leave_kind.change", kind_id=annual, days_a_year=1)


async def test_who_comes_within_the_year_has_a_part_of_its_days(database: Database, agency: Agency) -> None:
    annual = await kind(database, agency)
    hired = {"person_id": str(agency.ana.id), "employed_from": "2027-07-01"}
    await agency.run(agency.admin, "employee.change", **hired)
    assert await left(database, agency, agency.ana) == 21, "until the business chooses so"
    await agency.run(agency.admin, "leave_kind.change", kind_id=annual, prorated=True)
    assert await left(database, agency, agency.ana) == 11
    assert await left(database, agency, agency.ana, 2028) == 21
    assert await left(database, agency, agency.mihai) == 21, "whose card says nothing"
    await agency.run(agency.admin, "employee.change", person_id=str(agency.ana.id), employed_until="2027-09-30")
    assert await left(database, agency, agency.ana) == Decimal("5.5")


async def test_what_is_usual_follows_the_card_and_what_was_said_stays(database: Database, agency: Agency) -> None:
    annual, ana = await kind(database, agency), str(agency.ana.id)
    await agency.run(agency.admin, "leave_kind.change", kind_id=annual, prorated=True)
    allowance = {"person_id": ana, "kind_id": annual, "year": 2027}
    await agency.run(agency.admin, "leave_allowance.change", **allowance, entitled=21, carried=2)
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_from="2027-07-01")
    assert await left(database, agency, agency.ana) == 13, "the eleven of half a year, and two from before"
    await agency.run(agency.admin, "leave_allowance.change", **allowance, entitled=15)
    await agency.run(agency.admin, "employee.change", person_id=ana, employed_from="2027-10-01")
    assert await left(database, agency, agency.ana) == 17
