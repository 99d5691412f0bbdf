"""Who decides on leave, and who hears of it (CC-93)."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from people.mail import Letter
from staff.leave.leave_lists import leaves_to_decide
from store.database import Database
from store.errors import Forbidden, NotFound
from tests.hub.agencies import Agency
from tests.people.permits import permit
from tests.staff.leave.leaves import ask, kind, record, told


async def test_cc93_who_decides_for_others_doesn_t_decide_for_themselves(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    asked = await ask(agency, database, ana)
    for command, more in (("leave.approve", {}), ("leave.refuse", {"reason": "No"}), ("leave.cancel", {})):
        with pytest.raises(Forbidden):
            await agency.run(ana, command, leave_id=asked["id"], **more)
    with pytest.raises(Forbidden):
        await record(agency, database, ana, ana, starts_on=date(2027, 5, 4), ends_on=date(2027, 5, 4))
    with pytest.raises(Forbidden):
        await agency.run(
            ana,
            "leave_allowance.change",
            person_id=str(ana.id),
            kind_id=await kind(database, agency),
            year=2027,
            entitled=99,
        )


async def test_others_don_t_find_it(database: Database, agency: Agency) -> None:
    asked = await ask(agency, database, agency.ana)
    for person in (agency.mihai, agency.client, agency.outsider):
        for command, more in (
            ("leave.approve", {}),
            ("leave.refuse", {"reason": "No"}),
            ("leave.withdraw", {}),
            ("leave.cancel", {}),
        ):
            with pytest.raises(NotFound):
                await agency.run(person, command, leave_id=asked["id"], **more)


async def test_the_head_of_a_department_decides_on_its_people_and_those_below(
    database: Database, agency: Agency
) -> None:
    top = (await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.mihai.id))).result["id"]
    low = (await agency.run(agency.admin, "department.add", name="Web", parent_id=top)).result["id"]
    await agency.run(agency.admin, "department_member.add", department_id=low, person_id=str(agency.ana.id))
    asked = await ask(agency, database, agency.ana)
    async with database.reading() as tx:
        assert [str(leave.id) for leave in await leaves_to_decide(tx, agency.mihai.actor)] == [asked["id"]]
        assert await leaves_to_decide(tx, agency.ana.actor) == []
    assert "leave.requested" in await told(database, f"person:{agency.mihai.id}")
    assert (await agency.run(agency.mihai, "leave.approve", leave_id=asked["id"])).result["state"] == "approved"
    own = await ask(agency, database, agency.mihai)
    with pytest.raises(Forbidden):
        await agency.run(agency.mihai, "leave.approve", leave_id=own["id"])


async def letters_of(database: Database, name: str) -> list[tuple[str, str]]:
    async with database.reading() as tx:
        rows = await tx.execute(select(Letter.kind, Letter.params[name].astext).order_by(Letter.queued_at, Letter.id))
    return [(row[0], row[1]) for row in rows]


async def receivers(database: Database) -> list[UUID]:
    async with database.reading() as tx:
        return list(await tx.scalars(select(Letter.person_id).where(Letter.kind == "leave_asked")))


async def test_leaders_are_written_to_and_the_person_hears_what_was_decided(database: Database, agency: Agency) -> None:
    asked = await ask(agency, database, agency.mihai)
    assert await receivers(database) == [agency.admin.id]
    await agency.run(agency.admin, "leave.refuse", leave_id=asked["id"], reason="The fair")
    assert ("leave_decided", "refused") in await letters_of(database, "decision")
    assert ("leave_decided", "The fair") in await letters_of(database, "note")
    design = (await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.mihai.id))).result
    await agency.run(agency.admin, "department_member.add", department_id=design["id"], person_id=str(agency.ana.id))
    await ask(agency, database, agency.ana)
    assert await receivers(database) == [agency.admin.id, agency.mihai.id]


async def test_on_an_admin_s_leave_only_admins_decide(database: Database, agency: Agency) -> None:
    ana = await permit(database, agency.ana, "staff")
    leave = await record(agency, database, agency.admin, agency.admin)
    with pytest.raises(NotFound):
        await agency.run(ana, "leave.cancel", leave_id=leave["id"])
    with pytest.raises(Forbidden):
        await record(agency, database, ana, agency.admin, starts_on=date(2027, 6, 9), ends_on=date(2027, 6, 9))
    assert await told(database, f"person:{ana.id}") == []
