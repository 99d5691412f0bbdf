"""Acting as somebody: when it ends, with whose session, and what the journals tell of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from people.installation.impersonations import Impersonation, end_overdue, step_out, traces, unseen
from people.journal import Filters, JournalLine, journal
from people.signing.session_ends import RevokeSession, revoke_session, sign_out
from people.signing.sessions import Session, open_session
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hub.agencies import Person
from tests.people.acting import REASON, acting_as
from tests.people.offices import Office
from tests.reads import actor_of


async def lines(database: Database, reader: Person) -> list[JournalLine]:
    async with database.reading(reader.actor.within) as tx:
        return [line for line in await journal(tx, reader.actor, Filters()) if line.what.startswith("impersonation")]


async def test_the_business_s_journal_tells_who_acted_as_whom_how_long_and_how_much(
    database: Database, office: Office, as_ana: Person
) -> None:
    agency = office.agency
    await agency.post(as_ana, "Hers")
    await agency.run(as_ana, "task.create", room_id=agency.room_id, title="Copy")
    await agency.post(agency.ana, "Mine, and not counted")
    await agency.run(as_ana, "impersonation.end")
    ended, begun = await lines(database, agency.admin)
    assert (begun.what, begun.person, begun.details["by_name"], begun.details["reason"]) == (
        "impersonation_begun",
        "Ana",
        "Rada",
        REASON,
    )
    assert (ended.what, ended.details["by_name"], ended.details["deeds"]) == ("impersonation_ended", "Rada", 2)
    assert ended.details["since"] <= ended.details["until"]
    async with database.reading(agency.ana.actor.within) as tx:
        (known,) = await unseen(tx, agency.ana.actor)
    assert (known.by_name, known.deeds) == ("Rada", 2)
    async with database.reading(agency.admin.actor.within) as tx:
        ((trace, name),) = await traces(tx, agency.admin.actor)
    assert (trace.deeds, name) == (2, "Ana")


async def test_signing_out_while_acting_ends_both_sittings_and_no_sign_in_of_theirs(
    database: Database, office: Office, as_ana: Person
) -> None:
    async with database.asked_by(as_ana.actor) as tx:
        await step_out(tx, as_ana.actor)
    assert not await lives(database, as_ana)
    assert not await lives(database, office.root), "nobody is left in the browser"
    assert await lives(database, office.agency.ana)
    assert [line.what for line in await lines(database, office.agency.admin)] == [
        "impersonation_ended",
        "impersonation_begun",
    ]
    async with database.reading(EVERYWHERE) as tx:
        (out,) = await journal(tx, office.root.actor, Filters(what=("sign_out",)))
    assert (out.person, out.by) == ("Rada", None)


@pytest.mark.parametrize("how", ["signed out", "revoked"])
async def test_a_sitting_ends_with_the_session_that_it_was_begun_out_of(
    database: Database, office: Office, as_ana: Person, how: str
) -> None:
    elsewhere = await acting_as(database, await another_sign_in(database, office.root), office.agency.mihai)
    async with database.asked_by(office.root.actor) as tx:
        if how == "revoked":
            assert office.root.actor.session_id
            await revoke_session(tx, office.root.actor, RevokeSession(session_id=office.root.actor.session_id))
        else:
            await sign_out(tx, office.root.actor)
    assert not await lives(database, as_ana)
    assert await lives(database, elsewhere), "that one was begun out of another"


async def another_sign_in(database: Database, person: Person) -> Person:
    async with database.transaction() as tx:
        actor, token = await open_session(tx, person.id, address="192.0.2.7", agent="laptop")
    return Person(actor, token)


async def lives(database: Database, person: Person) -> bool:
    async with database.reading() as tx:
        return await actor_of(tx, person.token) is not None


async def test_acting_that_runs_out_is_ended_and_told_too(database: Database, office: Office, as_ana: Person) -> None:
    async with database.reading() as tx:
        later = tx.now + timedelta(minutes=61)
    async with database.transaction(EVERYWHERE) as tx:
        await end_overdue(tx)
        assert (await tx.scalars(select(Impersonation))).one().ended_at is None, "it isn't over yet"
    async with database.transaction(EVERYWHERE, now=later) as tx:
        await end_overdue(tx)
        row = (await tx.scalars(select(Impersonation))).one()
        assert row.ended_at == row.ends_at
    assert (await lines(database, office.agency.admin))[0].what == "impersonation_ended"


async def test_acting_whose_session_was_revoked_is_ended_when_that_was(
    database: Database, office: Office, as_ana: Person
) -> None:
    await office.agency.run(office.root, "all_sessions.revoke")
    async with database.transaction(EVERYWHERE) as tx:
        await end_overdue(tx)
        row = (await tx.scalars(select(Impersonation))).one()
        session = await tx.get(Session, as_ana.actor.session_id)
        assert session
        assert row.ended_at == session.ended_at


async def test_the_journal_names_whose_hand_it_was_and_whose_name_it_bears(database: Database, office: Office) -> None:
    agency, whom = office.agency, {"person_id": str(office.agency.mihai.id)}
    as_admin = await acting_as(database, office.root, agency.admin)
    await agency.run(as_admin, "person.lock", **whom)
    await agency.run(agency.admin, "person.unlock", **whom)
    await agency.run(agency.admin, "person.deactivate", **whom, successor_id=str(agency.ana.id))
    await agency.run(agency.admin, "person.erase", **whom, name="Mihai")
    told = {}
    for reader in (agency.admin, office.root):
        async with database.reading(reader.actor.within) as tx:
            found = await journal(tx, reader.actor, Filters(what=("person_locked", "person_unlocked")))
        told[reader.actor.name] = {(line.what, line.by or line.details["by_name"], line.on_behalf_of) for line in found}
    assert told["Irina"] == told["Rada"] == {("person_locked", "Rada", "Irina"), ("person_unlocked", "Irina", None)}


async def test_a_child_s_journal_names_who_acted_as_its_parent_s_admin(database: Database, office: Office) -> None:
    agency = office.agency
    above, below = (str(person.actor.business_id) for person in (agency.admin, agency.outsider))
    await agency.run(office.root, "business.move", business_id=below, parent_id=above)
    as_admin = await acting_as(database, office.root, agency.admin)
    await agency.run(as_admin, "business.enter", business_id=below)
    async with database.reading(agency.outsider.actor.within) as tx:
        entered = (await journal(tx, agency.outsider.actor, Filters()))[0]
    assert (entered.what, entered.details["by_name"]) == ("business_entered", "Rada")
