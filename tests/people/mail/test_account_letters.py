"""Letters about accounts: who is locked, unlocked, let go or brought back is told, in their language."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import select, update

from people.accounts import Account
from people.mail import Letter
from people.parties import Party
from store.database import Database
from store.errors import Refusal
from tests.mail import MailServer, html_of, mail_server, text_of
from tests.people.mail.test_letters import address_of, working
from tests.people.offices import Office, open_office
from tests.stages import staged
from web.words.translations import translated

ABOUT = ("account_locked", "account_unlocked", "account_closed", "account_reopened")


office = staged(open_office)


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


async def written(database: Database, person_id: UUID | str) -> list[str]:
    """The kinds of the letters about their account that someone was written, in order."""
    async with database.reading() as tx:
        query = select(Letter.kind).where(Letter.person_id == UUID(str(person_id)), Letter.kind.in_(ABOUT))
        return list(await tx.scalars(query.order_by(Letter.id)))


@pytest.mark.parametrize("language", ["en", "ro", "uk"])
async def test_each_act_is_told_in_ones_own_language(
    database: Database, office: Office, mail: MailServer, language: str
) -> None:
    agency, ana = office.agency, str(office.agency.ana.id)
    await agency.run(agency.admin, "business.change", email="desk@atelier.example")
    async with database.transaction() as tx:
        await tx.execute(update(Account).where(Account.person_id == agency.ana.id).values(language=language))
    await mail.set_up(database)
    email = await address_of(database, office)
    subjects = (
        "Your account was locked",
        "Your account was unlocked",
        "Your account was deactivated",
        "Your account is active again",
    )
    before = len(mail.letters_to(email))
    async with working(database):
        for number, (command, subject) in enumerate(
            zip(("person.lock", "person.unlock", "person.deactivate", "person.reactivate"), subjects, strict=True), 1
        ):
            successor = {"successor_id": str(agency.mihai.id)} if command == "person.deactivate" else {}
            await agency.run(agency.admin, command, person_id=ana, **successor)
            letter = await mail.letter_to(email, number=before + number)
            assert letter["Subject"] == translated(language, subject)
            for part in (text_of(letter), html_of(letter)):
                assert "Irina" in part, "whom to ask"
                assert "desk@atelier.example" in part, "and where"
                assert "Atelier" in part
                assert "token" not in part


async def test_what_changes_nothing_writes_nothing(database: Database, office: Office) -> None:
    agency, ana = office.agency, str(office.agency.ana.id)
    for _twice in range(2):
        await agency.run(agency.admin, "person.lock", person_id=ana)
    with pytest.raises(Refusal):
        await agency.run(agency.mihai, "person.unlock", person_id=ana)
    assert await written(database, ana) == ["account_locked"]
    for _twice in range(2):
        await agency.run(agency.admin, "person.unlock", person_id=ana)
    assert await written(database, ana) == ["account_locked", "account_unlocked"]


async def test_who_is_back_but_still_locked_is_not_told_to_come_in(database: Database, office: Office) -> None:
    agency, ana = office.agency, str(office.agency.ana.id)
    await agency.run(agency.admin, "person.lock", person_id=ana)
    await agency.run(agency.admin, "person.deactivate", person_id=ana, successor_id=str(agency.mihai.id))
    await agency.run(agency.admin, "person.reactivate", person_id=ana)
    assert await written(database, ana) == ["account_locked", "account_closed"]
    await agency.run(agency.admin, "person.unlock", person_id=ana)
    assert (await written(database, ana))[2:] == ["account_unlocked"]


async def test_a_clients_record_of_a_colleague_is_no_news(database: Database, office: Office) -> None:
    agency, customer = office.agency, office.things["customer"]
    await agency.run(agency.admin, "person.link", person_id=customer, staff_id=str(agency.ana.id))
    await agency.run(agency.admin, "person.deactivate", person_id=customer)
    assert await written(database, customer) == []


async def test_who_has_no_e_mail_gets_none(database: Database, office: Office) -> None:
    agency, ana = office.agency, agency_ana(office)
    async with database.transaction() as tx:
        await tx.execute(update(Party).where(Party.id == UUID(ana)).values(email=None))
    await agency.run(agency.admin, "person.lock", person_id=ana)
    assert await written(database, ana) == []


async def test_an_erasure_takes_the_waiting_letter_along(database: Database, office: Office, mail: MailServer) -> None:
    agency, hired = office.agency, office.things["hired"]
    await agency.run(agency.admin, "person.deactivate", person_id=hired, successor_id=str(agency.mihai.id))
    assert await written(database, hired) == ["account_closed"]
    await agency.run(agency.admin, "person.erase", person_id=hired, name="Petru")
    assert await written(database, hired) == []
    await mail.set_up(database)
    async with working(database):
        await agency.run(agency.admin, "person.lock", person_id=agency_ana(office))
        await mail.letter_to(await address_of(database, office))
    assert mail.letters_to("hired@atelier.example") == []


async def test_an_admin_is_told_by_who_runs_the_installation(database: Database, office: Office) -> None:
    agency, vera = office.agency, {"name": "Vera", "email": "vera@fourth.example", "password": "grey heron over water"}
    await agency.run(office.root, "installation.change", support="help@hub.example")
    added = await agency.run(office.root, "admin.add", **vera, business_name="Fourth")
    for command in ("admin.deactivate", "admin.activate", "admin.activate"):
        await agency.run(office.root, command, person_id=added.result["id"])
    assert await written(database, added.result["id"]) == ["account_locked", "account_unlocked"]
    async with database.reading() as tx:
        letter = (await tx.scalars(select(Letter).where(Letter.kind == "account_locked"))).one()
    assert letter.params == {
        "business": "Fourth",
        "by": "Rada",
        "by_id": str(office.root.id),
        "contact": "help@hub.example",
    }


def agency_ana(office: Office) -> str:
    return str(office.agency.ana.id)
