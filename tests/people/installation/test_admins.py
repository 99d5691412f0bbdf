"""Admins as who runs the installation makes, changes and deletes them; registrations; impersonations."""

from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from people.accounts import Account
from people.hands import NotInAnothersName
from people.installation.deletions import end_businesses
from people.installation.impersonations import Impersonate, Impersonation, begin_impersonation
from people.installation.registration_decisions import registrations
from people.installation.registrations import Registration, RegistrationClosed
from people.logos import keep_logo
from people.mail import Letter
from people.parties import EmailTaken, Party
from people.persons.locks import LockedAbove
from people.signing.sign_in import NotAdmitted, WrongCredentials, sign_in
from store.database import Database
from store.errors import Forbidden, Invalid, NotFound
from store.files.blobs import Blobs
from store.files.garbage import Discard, delete_discarded
from tests.people.installations import registered
from tests.people.offices import Office
from tests.reads import actor_of, read_log

PASSWORD = "grey heron over water"
A_PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


async def run(office: Office, command: str, /, by: str = "root", **fields: Any) -> Any:
    return (await office.agency.commands.run(office.person(by).actor, command, fields)).result


async def signs_in(database: Database, email: str, password: str = PASSWORD) -> bool:
    try:
        await sign_in(database, email, password, address="192.0.2.7", agent="test", limits=None)
    except (WrongCredentials, NotAdmitted):
        return False
    return True


async def test_cc13_an_admin_is_made_with_a_business(database: Database, office: Office) -> None:
    made = await run(
        office, "admin.add", name="Vera", email="vera@new.example", password=PASSWORD, business_name="Vera's"
    )
    assert await signs_in(database, "vera@new.example")
    with pytest.raises(EmailTaken):
        await run(office, "admin.add", name="V", email="vera@new.example", business_id=made["business_id"])
    with pytest.raises(Invalid):
        await run(office, "admin.add", name="V", email="v@new.example")


async def test_cc14_an_admin_is_edited(office: Office, database: Database) -> None:
    admin = office.agency.admin
    await run(office, "admin.change", person_id=str(admin.id), name="Irina N.", email="irina@new.example")
    async with database.reading() as tx:
        person = await tx.get(Party, admin.id)
    assert person
    assert (person.name, person.email) == ("Irina N.", "irina@new.example")
    with pytest.raises(EmailTaken):
        await run(office, "admin.change", person_id=str(admin.id), email="manager@atelier.example")
    with pytest.raises(NotFound):
        await run(office, "admin.change", person_id=str(office.agency.ana.id), name="Nobody")


async def test_cc15_a_deactivated_admin_cannot_sign_in(database: Database, office: Office) -> None:
    made = await run(office, "admin.add", name="Vera", email="v@new.example", password=PASSWORD, business_name="Vera's")
    await run(office, "admin.deactivate", person_id=made["id"])
    assert not await signs_in(database, "v@new.example")
    await run(office, "admin.activate", person_id=made["id"])
    assert await signs_in(database, "v@new.example")


async def test_cc15_a_fellow_admin_frees_nobody_whom_the_installation_deactivated(
    database: Database, office: Office
) -> None:
    agency = office.agency
    vera = {"kind": "admin", "name": "Vera", "email": "v@new.example", "password": PASSWORD}
    made = (await agency.run(agency.admin, "person.add", **vera)).result["id"]
    await agency.run(agency.admin, "person.lock", person_id=made)
    await agency.run(agency.admin, "person.unlock", person_id=made)
    assert await signs_in(database, "v@new.example")
    await agency.run(agency.admin, "person.lock", person_id=made)
    await run(office, "admin.deactivate", person_id=made)
    with pytest.raises(LockedAbove):
        await agency.run(agency.admin, "person.unlock", person_id=made)
    assert not await signs_in(database, "v@new.example")
    await run(office, "admin.activate", person_id=made)
    assert await signs_in(database, "v@new.example")


async def test_cc15_their_open_sessions_end(database: Database, office: Office) -> None:
    admin = office.agency.admin
    await run(office, "admin.deactivate", person_id=str(admin.id))
    async with database.reading() as tx:
        assert await actor_of(tx, admin.token) is None


async def test_cc16_the_last_admin_goes_with_the_business(database: Database, office: Office, tmp_path: Path) -> None:
    agency = office.agency
    blobs = Blobs.at(tmp_path / "blobs")
    business_id = agency.admin.actor.business_id
    assert business_id
    await agency.post(agency.ana, "To be forgotten")
    await agency.run(agency.ana, "timer.start", room_id=agency.room_id)
    logo = (await keep_logo(database, blobs, agency.admin.actor, A_PICTURE)).logo
    assert logo
    await run(office, "business.move", business_id=str(business_id), parent_id=str(agency.outsider.actor.business_id))
    with pytest.raises(Invalid):
        await run(office, "admin.delete", person_id=str(agency.admin.id), typed="atelier")
    await run(office, "admin.delete", person_id=str(agency.admin.id), typed="Atelier")
    async with database.reading() as tx:
        assert await actor_of(tx, agency.ana.token) is None
    assert await end_businesses(database) == 1
    assert await end_businesses(database) == 0
    await delete_discarded(database, blobs)
    async with database.reading() as tx:
        for table in ("businesses where id", *(f"{name} where business_id" for name in await _tables(tx))):
            assert await tx.scalar(text(f"select count(*) from {table} = '{business_id}'")) == 0, table
        assert await tx.scalar(select(func.count()).select_from(Discard)) == 0
    assert not await blobs.exists(business_id, logo)


async def _tables(tx: Any) -> list[str]:
    rows = await tx.scalars(text("select table_name from information_schema.columns where column_name = 'business_id'"))
    return [name for name in rows if name != Discard.__tablename__]


async def test_who_worked_in_a_child_keeps_the_name_there(database: Database, office: Office) -> None:
    agency = office.agency
    atelier, other = str(agency.admin.actor.business_id), str(agency.outsider.actor.business_id)
    await run(office, "business.move", business_id=atelier, parent_id=other)
    await run(office, "business.enter", by="outsider", business_id=atelier)
    async with database.reading() as tx:
        there = await actor_of(tx, agency.outsider.token)
    assert there
    await agency.commands.run(there, "message.post", {"room_id": agency.room_id, "body": "I was here"})
    await run(office, "admin.delete", person_id=str(agency.outsider.id), typed="Other")
    await end_businesses(database)
    async with database.reading() as tx:
        kept = await tx.get(Party, agency.outsider.id)
        assert await tx.get(Account, agency.outsider.id) is None
    assert kept
    assert (kept.name, str(kept.business_id), kept.email) == ("Oleh", atelier, None)


async def test_cc16_any_other_admin_hands_over(database: Database, office: Office) -> None:
    agency = office.agency
    await run(
        office, "admin.add", name="Vera", email="vera@new.example", password=PASSWORD,
        business_id=str(agency.admin.actor.business_id),
    )  # fmt: skip
    with pytest.raises(Invalid):
        await run(office, "admin.delete", person_id=str(agency.admin.id), typed="Atelier")
    await run(office, "admin.delete", person_id=str(agency.admin.id), typed="Irina")
    assert await end_businesses(database) == 0
    async with database.reading() as tx:
        gone = await tx.get(Party, agency.admin.id)
        assert await actor_of(tx, agency.admin.token) is None
        assert await actor_of(tx, agency.ana.token) is not None
    assert gone
    assert (gone.name, gone.email) == ("Irina", None)


WISH = {"business_name": "Casa", "name": "Nadia", "email": "nadia@casa.example", "password": PASSWORD}


async def test_cc20_who_registers_waits_for_a_yes(database: Database, office: Office) -> None:
    with pytest.raises(RegistrationClosed):
        await registered(database, **WISH)
    await run(office, "installation.change", registration_open=True)
    for _twice in range(2):
        await registered(database, **WISH)
    assert not await signs_in(database, "nadia@casa.example")
    async with database.reading() as tx:
        waiting = await registrations(tx, office.root.actor)
    assert [each.business_name for each in waiting] == ["Casa"]
    await run(office, "registration.approve", registration_id=str(waiting[0].id))
    assert await signs_in(database, "nadia@casa.example")
    async with database.reading() as tx:
        decided = await tx.get(Registration, waiting[0].id)
        assert decided
        assert (decided.decision, decided.password_hash) == ("approved", "")
        kinds = await tx.scalars(select(Letter.kind).where(Letter.email == "nadia@casa.example").order_by(Letter.id))
        assert set(kinds) == {"registration_waiting", "account_approved"}


async def test_cc20_who_is_refused_gets_a_letter_and_no_account(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)
    await registered(database, **WISH)
    async with database.reading() as tx:
        (waiting,) = await registrations(tx, office.root.actor)
    await run(office, "registration.refuse", registration_id=str(waiting.id), reason="We know no Casa.")
    assert not await signs_in(database, "nadia@casa.example")
    async with database.reading() as tx:
        letter = (await tx.scalars(select(Letter).where(Letter.kind == "account_refused"))).one()
    assert letter.params["reason"] == "We know no Casa."


async def test_a_known_address_is_told_by_letter_alone(database: Database, office: Office) -> None:
    await run(office, "installation.change", registration_open=True)
    known = WISH | {"email": "manager@atelier.example"}
    await registered(database, **known)
    async with database.reading() as tx:
        assert await registrations(tx, office.root.actor) == []
        told = select(Letter.kind).where(Letter.email == "manager@atelier.example")
        assert (await tx.scalars(told)).all() == ["registration_known"]


async def test_impersonation_leaves_a_trace_and_no_keys(database: Database, office: Office) -> None:
    agency = office.agency
    wish = Impersonate(person_id=agency.ana.id, reason="She can't find her hours of May.")
    async with database.transaction() as tx:
        token = await begin_impersonation(tx, office.root.actor, wish)
    told = {(event.stream.partition(":")[0], event.name, event.audience) for event in tx.stored}
    assert told >= {("business", "impersonation.begun", "managers"), ("person", "impersonation.begun", "all")}
    async with database.reading() as tx:
        as_ana = await actor_of(tx, token)
    assert as_ana
    assert (as_ana.id, as_ana.impersonator_id) == (agency.ana.id, office.root.id)
    with pytest.raises(NotInAnothersName):
        await agency.commands.run(as_ana, "password.change", {"old_password": PASSWORD, "new_password": PASSWORD * 2})
    await agency.commands.run(as_ana, "impersonation.end", {})
    async with database.reading() as tx:
        assert await actor_of(tx, token) is None
        row = (await tx.scalars(select(Impersonation))).one()
    assert row.ended_at is not None
    assert (row.by_name, row.reason) == ("Rada", wish.reason)


async def test_impersonation_lasts_an_hour_at_most(database: Database, office: Office) -> None:
    wish = Impersonate(person_id=office.agency.ana.id, reason="She can't find her hours of May.")
    async with database.transaction() as tx:
        token = await begin_impersonation(tx, office.root.actor, wish)
        begun = tx.now
    async with database.transaction(now=begun + timedelta(minutes=59)) as tx:
        actor = await actor_of(tx, token)
        assert actor
        assert actor.session_id
        from people.signing.sessions import see  # noqa: PLC0415

        await see(tx, actor.session_id)
    async with database.transaction(now=begun + timedelta(minutes=61)) as tx:
        assert await actor_of(tx, token) is None


async def test_only_superadmins_impersonate(database: Database, office: Office) -> None:
    wish = Impersonate(person_id=office.agency.ana.id, reason="Out of curiosity alone")
    async with database.transaction() as tx:
        with pytest.raises(Forbidden):
            await begin_impersonation(tx, office.agency.admin.actor, wish)
        with pytest.raises(NotFound):
            await begin_impersonation(tx, office.root.actor, wish.model_copy(update={"person_id": office.root.id}))
        with pytest.raises(NotFound):
            await begin_impersonation(tx, office.root.actor, wish.model_copy(update={"person_id": UUID(int=9)}))


async def test_an_admin_s_new_name_is_told_in_their_rooms(database: Database, office: Office) -> None:
    agency = office.agency
    await agency.commands.run(
        office.root.actor, "admin.change", {"person_id": str(agency.admin.id), "name": "Irina Pop"}
    )
    async with database.reading() as tx:
        told = (await read_log(tx, f"room:{agency.room_id}", 0))[-1]
    assert (told.name, told.body["person"]["name"]) == ("person.changed", "Irina Pop")
