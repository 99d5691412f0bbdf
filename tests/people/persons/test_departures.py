"""Who is locked, leaves or comes back: a successor takes over, and sign-ins end."""

from uuid import UUID

import pytest
from sqlalchemy import select

from people.journal import JournalEntry
from people.parties import Party
from people.persons.departures import held_by
from people.signing.sign_in import NotAdmitted, sign_in
from rooms.access import Member
from rooms.tasks.tasks import Task
from rooms.time.entries import TimeEntry
from staff.department_rows import Department
from store.database import Database
from store.errors import Invalid, NotFound
from tests.hub.agencies import Agency, open_room
from tests.people.doors import PASSWORD, with_passwords
from tests.people.persons.leavers import account, hire, refusal
from tests.reads import actor_of, read_log
from tests.stages import staged

agency = staged(with_passwords)


async def test_mc_p09_who_is_locked_cannot_sign_in_and_all_else_goes_on(database: Database, agency: Agency) -> None:
    await agency.run(agency.ana, "timer.start", room_id=agency.room_id)
    task = await agency.run(
        agency.admin, "task.create", room_id=agency.room_id, title="Copy", assignee_id=str(agency.ana.id)
    )
    await agency.run(agency.admin, "person.lock", person_id=str(agency.ana.id))
    async with database.reading() as tx:
        assert await actor_of(tx, agency.ana.token) is None
        assert await tx.scalar(
            select(TimeEntry.id).where(TimeEntry.person_id == agency.ana.id, TimeEntry.stopped_at.is_(None))
        )
        row = await tx.get(Task, UUID(task.result["id"]))
        assert row
        assert row.assignee_id == agency.ana.id
        email = await tx.scalar(select(Party.email).where(Party.id == agency.ana.id))
    with pytest.raises(NotAdmitted):
        await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    await agency.run(agency.admin, "person.unlock", person_id=str(agency.ana.id))
    await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)


async def test_mc_p07_a_successor_takes_over_rooms_and_tasks_and_the_clock_stops(
    database: Database, agency: Agency
) -> None:
    shop = await open_room(agency, "Shop", [str(agency.ana.id)])
    done = await open_room(agency, "Done", [str(agency.ana.id)])
    await agency.run(agency.admin, "room.archive", room_id=done)
    task = (
        await agency.run(agency.admin, "task.create", room_id=shop, title="Copy", assignee_id=str(agency.ana.id))
    ).result["id"]
    await agency.run(agency.ana, "timer.start", room_id=shop)
    needs = await refusal(agency, agency.admin, "person.deactivate", person_id=str(agency.ana.id))
    assert list(needs.fields) == ["successor_id"]
    assert (await account(database, agency.ana)).active

    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(agency.mihai.id))

    async with database.reading() as tx:
        assert await actor_of(tx, agency.ana.token) is None
        row = await tx.get(Task, UUID(task))
        assert row
        assert row.assignee_id == agency.mihai.id
        entry = await tx.scalar(select(TimeEntry).where(TimeEntry.person_id == agency.ana.id))
        assert entry
        assert entry.stopped_at
        members = {
            (str(member.room_id), member.person_id)
            for member in await tx.scalars(select(Member).where(Member.left_at.is_(None)))
        }
        assert {(shop, agency.mihai.id), (agency.room_id, agency.mihai.id)} <= members
        assert not {(shop, agency.ana.id), (agency.room_id, agency.ana.id)} & members
        assert (done, agency.ana.id) in members
        names = [event.name for event in await read_log(tx, f"room:{shop}", 0)]
        assert names[-4:] == ["member.added", "task.changed", "timer.stopped", "member.removed"]
        noted = await tx.scalar(select(JournalEntry).where(JournalEntry.what == "person_deactivated"))
        assert noted
        assert (noted.person_id, noted.details["by"]) == (agency.ana.id, str(agency.admin.id))


async def test_who_takes_over_is_here_of_the_team_and_another(database: Database, agency: Agency) -> None:
    gone = await hire(agency)
    await agency.run(agency.admin, "person.deactivate", person_id=gone)
    for successor in (agency.client.id, agency.outsider.id, agency.ana.id, gone):
        refused = await refusal(
            agency, agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(successor)
        )
        assert list(refused.fields) == ["successor_id"]


async def test_mc_p06_nobody_is_deleted_and_who_left_comes_back(database: Database, agency: Agency) -> None:
    assert not [name for name in agency.commands.catalogue if name in ("person.delete", "person.remove")]
    petru = await hire(agency)
    await agency.run(agency.admin, "person.deactivate", person_id=petru)
    assert not (await account(database, petru)).active
    await agency.run(agency.admin, "person.deactivate", person_id=petru)
    assert (await refusal(agency, agency.admin, "person.lock", person_id=petru)).code == "has_left"
    assert (await refusal(agency, agency.admin, "person.change", person_id=petru, name="X")).code == "has_left"
    await agency.run(agency.admin, "person.reactivate", person_id=petru)
    assert (await account(database, petru)).active


async def test_mc_p11_nobody_changes_another_s_email_or_password(agency: Agency) -> None:
    for field in ("email", "password"):
        refused = await refusal(
            agency, agency.admin, "person.change", person_id=str(agency.ana.id), **{field: "new@atelier.example"}
        )
        assert isinstance(refused, Invalid)
        assert list(refused.fields) == [field]


async def test_cc07_a_client_who_is_staff_gets_no_client_s_session(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        email = await tx.scalar(select(Party.email).where(Party.id == agency.client.id))
    await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    await agency.run(agency.admin, "person.link", person_id=str(agency.client.id), staff_id=str(agency.ana.id))
    async with database.reading() as tx:
        assert await actor_of(tx, agency.client.token) is None
        assert await actor_of(tx, agency.ana.token)
    with pytest.raises(NotAdmitted):
        await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    await agency.run(agency.admin, "person.unlink", person_id=str(agency.client.id))
    actor, _ = await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    assert actor.kind == "client"


async def test_cc06_a_client_who_was_staff_signs_in_as_a_client_again(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        email = await tx.scalar(select(Party.email).where(Party.id == agency.client.id))
    ana = str(agency.ana.id)
    await agency.run(agency.admin, "person.link", person_id=str(agency.client.id), staff_id=ana)
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    actor, token = await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)
    assert actor.kind == "client"
    await agency.run(agency.admin, "person.reactivate", person_id=ana)
    async with database.reading() as tx:
        assert await actor_of(tx, token) is None  # of the staff again, and signs in as that alone
    with pytest.raises(NotAdmitted):
        await sign_in(database, email, PASSWORD, address="192.0.2.1", agent="test", limits=None)


async def test_others_people_are_not_there(agency: Agency) -> None:
    for act in ("lock", "unlock", "deactivate", "reactivate", "promote", "demote", "unlink"):
        refused = await refusal(agency, agency.outsider, f"person.{act}", person_id=str(agency.ana.id))
        assert isinstance(refused, NotFound), act


async def test_a_new_name_is_told_in_the_rooms(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "person.change", person_id=str(agency.ana.id), name="Ana Maria")
    async with database.reading() as tx:
        told = (await read_log(tx, f"room:{agency.room_id}", 0))[-1]
    assert (told.name, told.body["person"]["name"]) == ("person.changed", "Ana Maria")


async def test_mc_p07_a_department_that_they_lead_goes_to_the_successor(database: Database, agency: Agency) -> None:
    ana, mihai = str(agency.ana.id), str(agency.mihai.id)
    made = await agency.run(agency.admin, "department.add", name="Design")
    await agency.run(agency.admin, "department.change", department_id=made.result["id"], head_id=ana)
    async with database.reading() as tx:
        assert (await held_by(tx, agency.ana.id))["departments"] == 1
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=mihai)
    async with database.reading() as tx:
        department = await tx.get(Department, UUID(made.result["id"]))
        assert department
        assert department.head_id == agency.mihai.id


async def test_a_task_that_the_successor_may_not_see_is_nobody_s(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "person.change", person_id=str(agency.ana.id), permissions=["invoicing"])
    made = await agency.run(
        agency.admin,
        "task.create",
        room_id=agency.room_id,
        title="Margins",
        assignee_id=str(agency.ana.id),
        audience="managers",
    )
    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(agency.mihai.id))
    async with database.reading() as tx:
        task = await tx.get(Task, UUID(made.result["id"]))
        assert task
        assert task.assignee_id is None
