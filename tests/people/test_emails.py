"""One's own e-mail: changed with the password, and by a link where letters are sent."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from hub.tasks import tasks_of
from hub.worker import Worker
from people.emails import confirm_email, email_by
from people.links import LinkDead
from people.parties import Party
from people.signing.entrances import sign_in
from people.signing.tries import Whence
from store.database import Database
from store.errors import Invalid, Refusal
from tests.hub.agencies import Agency, open_agency
from tests.mail import MailServer, link_in, mail_server
from tests.people.offices import PASSWORD, with_password

HERE = Whence("127.0.0.1", "test")
NEW = "ana@new.example"


@pytest.fixture
async def agency(database: Database) -> Agency:
    agency = await open_agency(database)
    await with_password(database, agency.ana)
    return agency


@pytest.fixture
async def mail(database: Database) -> AsyncIterator[MailServer]:
    worker = Worker(database.url, tasks_of(database, "https://hub.example"), concurrency=1, drain_seconds=1)
    async with mail_server() as server:
        await server.set_up(database)
        worker.start()
        yield server
        await worker.stop()


async def email_of(database: Database, agency: Agency) -> str:
    async with database.reading() as tx:
        return str(await tx.scalar(select(Party.email).where(Party.id == agency.ana.id)))


async def test_cc26_without_mail_the_email_is_changed_at_once(database: Database, agency: Agency) -> None:
    with pytest.raises(Invalid) as wrong:
        await agency.run(agency.ana, "email.change", email=NEW, password="not this one")
    assert list(wrong.value.fields) == ["password"]
    answer = await agency.run(agency.ana, "email.change", email=NEW, password=PASSWORD)
    assert answer.result == {"email": NEW, "waits": False}
    await sign_in(database, NEW, PASSWORD, address="192.0.2.1", agent="test", limits=None)


async def test_cc04_an_email_in_use_is_refused(database: Database, agency: Agency) -> None:
    async with database.reading() as tx:
        taken = await tx.scalar(select(Party.email).where(Party.id == agency.outsider.id))
    with pytest.raises(Refusal) as refused:
        await agency.run(agency.ana, "email.change", email=taken, password=PASSWORD)
    assert (refused.value.code, list(refused.value.fields)) == ("email_taken", ["email"])


async def test_with_mail_the_new_address_has_to_answer_first(
    database: Database, agency: Agency, mail: MailServer
) -> None:
    old = await email_of(database, agency)
    answer = await agency.run(agency.ana, "email.change", email=NEW, password=PASSWORD)
    assert answer.result == {"email": NEW, "waits": True}
    assert await email_of(database, agency) == old
    secret = urlsplit(link_in(await mail.letter_to(NEW))).path.removeprefix("/email/")
    assert await email_by(database, secret) == NEW
    await confirm_email(database, secret, HERE)
    assert await email_of(database, agency) == NEW
    await mail.letter_to(old)
    with pytest.raises(LinkDead):
        await confirm_email(database, secret, HERE)
    with pytest.raises(LinkDead):
        await email_by(database, "nonsense")


async def test_a_newer_wish_ends_the_earlier_link(database: Database, agency: Agency, mail: MailServer) -> None:
    await agency.run(agency.ana, "email.change", email=NEW, password=PASSWORD)
    secret = urlsplit(link_in(await mail.letter_to(NEW))).path.removeprefix("/email/")
    await agency.run(agency.ana, "email.change", email="other@new.example", password=PASSWORD)
    with pytest.raises(LinkDead):
        await confirm_email(database, secret, HERE)
