"""Clients without an e-mail: kept by name, and invited once there is one."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from clients.kept_clients import HasEmail
from people.managers import HasLeft
from people.parties import EmailTaken
from people.persons.directory import profile
from people.persons.invitation_links import accept_invitation
from people.persons.records import AlreadyLinked
from people.signing.throttling import Whence
from rooms.persons import person_rooms
from store.database import Database
from store.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from tests.hub.agencies import open_room
from tests.mail import MailServer, link_in, mail_server
from tests.people.mail.test_letters import working
from tests.people.offices import Office, open_office
from tests.stages import staged

EMAIL = "horia@casa.example"


office = staged(open_office)


@pytest.fixture
async def mail(database: Database) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        await server.set_up(database)
        yield server


async def invite(office: Office, by: str = "manager", **fields: str) -> None:
    given = {"person_id": office.things["kept"], "email": EMAIL} | fields
    await office.agency.run(office.person(by), "client.invite", **given)


async def state_of(database: Database, office: Office, person_id: str) -> str:
    async with database.reading(office.agency.admin.actor.within) as tx:
        return (await profile(tx, office.agency.admin.actor, UUID(person_id))).state


async def test_a_client_without_an_e_mail_comes_to_one_and_in(
    database: Database, office: Office, mail: MailServer
) -> None:
    kept = office.things["kept"]
    room = await open_room(office.agency, "House", [kept])
    assert await state_of(database, office, kept) == "kept"
    for command in ("reset.send", "invitation.resend"):
        with pytest.raises(Conflict):
            await office.agency.run(office.manager, command, person_id=kept)
    await invite(office)
    assert await state_of(database, office, kept) == "invited"
    async with working(database):
        secret = link_in(await mail.letter_to(EMAIL)).removeprefix("/invitation/")
    actor, _token = await accept_invitation(database, secret, "seven quiet otters sing", "ro", Whence("127.0.0.1", ""))
    assert (str(actor.id), actor.kind, actor.name) == (kept, "client", "Horia")
    assert await state_of(database, office, kept) == "active"
    async with database.reading(actor.within) as tx:
        whom = await profile(tx, office.agency.admin.actor, actor.id)
        found = await person_rooms(tx, office.agency.admin.actor, whom)
        assert [str(each.id) for each in found.inside] == [room]


async def test_an_e_mail_is_given_once_and_is_nobody_elses(database: Database, office: Office) -> None:
    with pytest.raises(EmailTaken):
        await invite(office, email="manager@atelier.example")
    assert await state_of(database, office, office.things["kept"]) == "kept"
    await invite(office)
    with pytest.raises(HasEmail):
        await invite(office, email="another@casa.example")
    with pytest.raises(EmailTaken):
        await office.agency.run(office.agency.admin, "company.add", name="Horia", email=EMAIL)


@pytest.mark.parametrize(
    ("by", "refusal"), [("ana", Forbidden), ("lead", Forbidden), ("client", Forbidden), ("outsider", NotFound)]
)
async def test_who_looks_after_no_clients_gives_none(office: Office, by: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        await invite(office, by)


async def test_it_is_for_clients_who_are_here(office: Office) -> None:
    agency, kept = office.agency, office.things["kept"]
    with pytest.raises(Invalid):
        await invite(office, "admin", person_id=str(agency.ana.id))
    await agency.run(agency.admin, "person.link", person_id=kept, staff_id=str(agency.ana.id))
    with pytest.raises(AlreadyLinked):
        await invite(office)
    await agency.run(agency.admin, "person.unlink", person_id=kept)
    await agency.run(office.manager, "person.deactivate", person_id=kept)
    with pytest.raises(HasLeft):
        await invite(office)
