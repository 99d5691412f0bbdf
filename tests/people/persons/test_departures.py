"""Who is locked, leaves, comes back, or is erased; and the last admin, who can't be lost."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from people.accounts import Account
from people.journal import JournalEntry
from people.mail import Letter, send_letter
from people.managers import Managed
from people.parties import Party
from people.persons.departures import ACCOUNT_CLOSED, held_by, pseudonym
from people.persons.emails import NEW_EMAIL
from people.rate_limits import Hit, RateLimit, of_email, of_network
from people.signing.open_links import EmailChange
from people.signing.sessions import Session, actor_of
from people.signing.sign_in import NotAdmitted, sign_in
from rooms.access import Member
from rooms.tasks.tasks import Task
from rooms.time.entries import TimeEntry
from staff.department_rows import Department
from staff.leave.leaves import LEAVE_ASKED
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound, Refusal
from store.log import read_log
from store.scopes import EVERYWHERE
from store.streams import EventRow
from tests.hub.agencies import Agency, Person, open_agency, open_room
from tests.people.offices import with_password
from tests.stages import staged

PASSWORD = "a long password"


@staged
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    for person in (agency.admin, agency.ana, agency.mihai, agency.client):
        await with_password(database, person)
    return agency


async def hire(agency: Agency, **fields: Any) -> str:
    person = {"kind": "staff", "name": "Petru", "email": "petru@atelier.example", "password": "a good long phrase"}
    return str((await agency.run(agency.admin, "person.add", **person | fields)).result["id"])


async def refusal(agency: Agency, by: Person, name: str, /, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await agency.run(by, name, **fields)
    return refused.value


async def account(database: Database, person: Person | str) -> Account:
    async with database.reading() as tx:
        found = await tx.get(Account, UUID(person) if isinstance(person, str) else person.id)
        assert found
        return found


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


@pytest.mark.parametrize("act", ["person.lock", "person.deactivate", "person.demote"])
async def test_mc_p02_the_last_admin_stays(agency: Agency, act: str) -> None:
    alone = await refusal(agency, agency.admin, act, person_id=str(agency.admin.id))
    assert alone.code == "last_admin"
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    assert (await refusal(agency, agency.admin, act, person_id=str(agency.admin.id))).code == "is_yourself"


@pytest.mark.parametrize("act", ["person.lock", "person.deactivate", "person.demote"])
async def test_mc_p02_two_admins_who_take_each_other_away_at_once_leave_one(
    database: Database, agency: Agency, act: str
) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    async with database.reading() as tx:
        mihai = await actor_of(tx, agency.mihai.token)
    assert mihai
    more = {"successor_id": str(agency.ana.id)} if act == "person.deactivate" else {}
    outcomes = await asyncio.gather(
        agency.commands.run(agency.admin.actor, act, {"person_id": str(mihai.id)} | more),
        agency.commands.run(mihai, act, {"person_id": str(agency.admin.id)} | more),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [getattr(each, "code", repr(each)) for each in refused] == ["last_admin"]
    async with database.reading() as tx:
        left = select(func.count()).where(
            Account.kind == "admin", Account.active, Account.business_id == mihai.business_id
        )
        assert await tx.scalar(left) == 1


async def test_an_invited_admin_is_no_other_admin(agency: Agency) -> None:
    await agency.run(agency.admin, "person.invite", kind="admin", name="Vera", email="vera@atelier.example")
    assert (await refusal(agency, agency.admin, "person.lock", person_id=str(agency.admin.id))).code == "last_admin"


async def test_who_is_promoted_may_do_everything_and_keeps_their_sign_in(database: Database, agency: Agency) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.ana.id))
    async with database.reading() as tx:
        ana = await actor_of(tx, agency.ana.token)
        told = [event.name for event in await read_log(tx, f"room:{agency.room_id}", 0)]
    assert ana
    assert (ana.kind, ana.may("invoicing")) == ("admin", True)
    assert "person.changed" in told
    await agency.run(agency.admin, "person.demote", person_id=str(agency.ana.id))
    async with database.reading() as tx:
        ana = await actor_of(tx, agency.ana.token)
    assert ana
    assert (ana.kind, ana.may("invoicing")) == ("staff", False)
    for who in (agency.mihai, agency.client):
        assert isinstance(await refusal(agency, who, "person.promote", person_id=str(agency.mihai.id)), Forbidden)
    assert (await refusal(agency, agency.admin, "person.promote", person_id=str(agency.client.id))).status == 409


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


async def test_personal_data_are_erased_everywhere_and_a_pseudonym_stays(database: Database, agency: Agency) -> None:
    ana = str(agency.ana.id)
    await agency.run(agency.ana, "account.change", name="Ana Zamfirescu", phone="+40 700 000 000", address="Iasi")
    await agency.post(agency.ana, "Good morning")
    await agency.run(agency.ana, "timer.start", room_id=agency.room_id)
    erasing = {"person_id": ana, "name": "Ana Zamfirescu"}
    assert (await refusal(agency, agency.admin, "person.erase", **erasing)).code == "still_here"
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    wrong = await refusal(agency, agency.admin, "person.erase", person_id=ana, name="Ana")
    assert list(wrong.fields) == ["name"]
    await agency.run(agency.admin, "person.erase", **erasing)
    async with database.reading() as tx:
        party, row = await tx.get(Party, agency.ana.id), await tx.get(Account, agency.ana.id)
        assert party
        assert row
        assert (party.email, row.phone, row.address, row.password_hash) == (None, "", "", None)
        assert party.name == pseudonym(Managed(party, row))
        bodies = " ".join(str(body) for body in await tx.scalars(select(EventRow.body)))
        assert "Zamfirescu" not in bodies
        assert "+40 700" not in bodies
        assert party.name in bodies
        assert "Good morning" in bodies
        assert not await tx.scalar(
            select(func.count()).where(Session.person_id == agency.ana.id, Session.address != "")
        )
        assert await tx.scalar(select(func.count()).where(JournalEntry.what == "person_erased"))
    assert (await refusal(agency, agency.admin, "person.erase", **erasing)).code == "already_erased"
    assert (await refusal(agency, agency.admin, "person.reactivate", person_id=ana)).code == "already_erased"


async def test_nothing_stays_counted_of_who_is_erased(database: Database, agency: Agency) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        email = await tx.scalar(select(Party.email).where(Party.id == agency.ana.id))
        await RateLimit("test").hit(tx, {str(agency.ana.id): 1} | of_email(email, 1) | of_network("192.0.2.1", 1))
    successor = str(agency.mihai.id)
    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=successor)
    await agency.run(agency.admin, "person.erase", person_id=str(agency.ana.id), name="Ana")
    async with database.reading(EVERYWHERE) as tx:
        assert (await tx.scalars(select(Hit.of))).all() == ["192.0.2.1"]


async def test_the_erased_s_names_and_notes_leave_letters_too(database: Database, agency: Agency) -> None:
    ana, other = str(agency.ana.id), "Ana Pop"
    await agency.run(agency.ana, "account.change", name="Ana Zamfirescu")
    asked: dict[str, Any] = {"kind": "Leave", "first": "2026-11-23", "last": "2026-11-24", "days": 2, "url": "/leave"}
    async with database.transaction() as tx:
        boss = agency.admin.id
        await send_letter(tx, LEAVE_ASKED, to_person_id=boss, who="Ana Zamfirescu", note="Surgery", **asked)
        await send_letter(tx, LEAVE_ASKED, to_person_id=boss, who=other, note="Holiday", **asked)
        await send_letter(
            tx, ACCOUNT_CLOSED, to_person_id=agency.mihai.id, business="", by="Ana Zamfirescu", contact=""
        )
        await send_letter(tx, LEAVE_ASKED, to_person_id=agency.outsider.id, who="Ana Zamfirescu", note="x", **asked)
        change = EmailChange(
            id=tx.new_id(), business_id=agency.ana.actor.business_id, person_id=agency.ana.id, email="z@new.example",
            asked_at=tx.now,
        )  # fmt: skip
        tx.add(change)
        await send_letter(tx, NEW_EMAIL, to_email="z@new.example", who="Ana Zamfirescu", email_id=change.id)
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    await agency.run(agency.admin, "person.erase", person_id=ana, name="Ana Zamfirescu")
    async with database.reading() as tx:
        letters = list(await tx.scalars(select(Letter)))
        party, row = await tx.get(Party, agency.ana.id), await tx.get(Account, agency.ana.id)
    assert party
    assert row
    name = pseudonym(Managed(party, row))
    said = {
        (letter.person_id, letter.params.get("who") or letter.params.get("by"), letter.params.get("note"))
        for letter in letters
        if letter.kind in ("leave_asked", "account_closed")
    }
    assert said == {
        (agency.admin.id, name, ""),
        (agency.admin.id, other, "Holiday"),
        (agency.mihai.id, name, None),
        (agency.outsider.id, "Ana Zamfirescu", "x"),  # of another business, so another Ana
    }
    assert not [letter for letter in letters if "z@new.example" in (letter.email, *letter.params.values())]
    assert not [letter for letter in letters if letter.person_id == agency.ana.id]


async def test_letters_of_another_of_the_same_name_stay_as_they_are(database: Database, agency: Agency) -> None:
    for person in (agency.ana, agency.mihai):
        await agency.run(person, "account.change", name="Ana Popescu")
    asked: dict[str, Any] = {"kind": "Leave", "first": "2026-11-23", "last": "2026-11-24", "days": 2, "url": "/leave"}
    async with database.transaction() as tx:
        await tx.execute(delete(Letter))
        for person in (agency.ana, agency.mihai):
            party = await tx.get(Party, person.id)
            await send_letter(tx, LEAVE_ASKED, to_person_id=agency.admin.id, who=party, note="Surgery", **asked)
        await send_letter(tx, ACCOUNT_CLOSED, to_person_id=agency.admin.id, business="Ana Popescu", by="", contact="")
    await agency.run(agency.ana, "account.change", name="Ana Zamfirescu")
    successor = {"successor_id": str(agency.mihai.id)}
    await agency.run(agency.admin, "person.deactivate", person_id=str(agency.ana.id), **successor)
    await agency.run(agency.admin, "person.erase", person_id=str(agency.ana.id), name="Ana Zamfirescu")
    async with database.reading() as tx:
        erased = await tx.get(Party, agency.ana.id)
        letters = list(await tx.scalars(select(Letter).where(Letter.person_id == agency.admin.id)))
    assert erased
    asking = [letter.params for letter in letters if letter.kind == "leave_asked"]
    assert {(said["who"], said["note"]) for said in asking} == {(erased.name, ""), ("Ana Popescu", "Surgery")}
    assert [letter.params["business"] for letter in letters if letter.kind == "account_closed"] == ["Ana Popescu"]


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
