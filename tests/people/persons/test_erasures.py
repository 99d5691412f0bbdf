"""Who is erased: their personal data go everywhere, letters too, and a pseudonym stays."""

from typing import Any

from sqlalchemy import delete, func, select

from people.accounts import Account
from people.journal import JournalEntry
from people.mail import Letter, send_letter
from people.managers import Managed
from people.parties import Party
from people.persons.departures import ACCOUNT_CLOSED, pseudonym
from people.persons.emails import NEW_EMAIL
from people.rate_limits import Hit, RateLimit, of_email, of_network
from people.signing.open_links import EmailChange
from people.signing.sessions import Session
from staff.leave.leaves import LEAVE_ASKED
from store.database import Database
from store.scopes import EVERYWHERE
from store.streams import EventRow
from tests.hub.agencies import Agency
from tests.people.doors import with_passwords
from tests.people.persons.leavers import refusal
from tests.stages import staged

agency = staged(with_passwords)


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
