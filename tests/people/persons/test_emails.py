"""One's own e-mail: changed with the password, and by a link where letters are sent."""

import asyncio
import inspect
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from commands.pace import Pace
from commands.runner import Commands
from hub.operations.jobs import tasks_of
from hub.operations.worker import Worker
from hub.parts import VERBS
from people.mail.links import LinkDead
from people.parties import EmailTaken, NamesParty, Party
from people.persons.emails import MOST_OF_PERSON, MOST_TAKEN, TooManyChanges, TooManyTaken, confirm_email, email_by
from people.signing.sign_in import sign_in
from people.signing.throttling import Whence
from store.commands import catalogue
from store.database import Database
from store.errors import Invalid, Refusal
from tests.clocks import set_clock
from tests.hub.agencies import Agency, open_agency
from tests.mail import MailServer, link_in, mail_server, text_of
from tests.people.offices import PASSWORD, with_password
from tests.stages import staged

HERE = Whence("127.0.0.1", "test")
NEW = "ana@new.example"


@staged
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


async def test_with_mail_only_its_owner_learns_that_an_email_is_known(
    database: Database, agency: Agency, mail: MailServer
) -> None:
    async with database.reading() as tx:
        known = str(await tx.scalar(select(Party.email).where(Party.id == agency.outsider.id)))
    answers = [await agency.run(agency.ana, "email.change", email=email, password=PASSWORD) for email in (NEW, known)]
    assert [answer.result for answer in answers] == [{"email": email, "waits": True} for email in (NEW, known)]
    letter = await mail.letter_to(known)
    assert "already have an account with it" in text_of(letter)
    assert "/email/" not in text_of(letter)
    assert await email_of(database, agency) != known


async def test_letters_to_new_emails_have_a_pace(database: Database, agency: Agency, mail: MailServer) -> None:
    for nr in range(MOST_OF_PERSON):
        await agency.run(agency.ana, "email.change", email=f"ana{nr}@new.example", password=PASSWORD)
    with pytest.raises(TooManyChanges):
        await agency.run(agency.ana, "email.change", email=NEW, password=PASSWORD)


async def test_letters_to_one_email_have_a_pace_whoever_asks(
    database: Database, agency: Agency, mail: MailServer
) -> None:
    for person in (agency.mihai, agency.client):
        await with_password(database, person)
    for person in (agency.ana, agency.mihai, agency.ana):
        await agency.run(person, "email.change", email=NEW, password=PASSWORD)
    with pytest.raises(TooManyChanges):
        await agency.run(agency.client, "email.change", email=NEW.upper(), password=PASSWORD)


NAMING = [
    ("email.change", {"password": PASSWORD}),
    ("person.add", {"name": "Eve", "kind": "staff", "password": "grey heron over water"}),
    ("company.add", {"name": "Casa"}),
]


@pytest.fixture
async def known(database: Database, agency: Agency) -> str:
    """The e-mail of somebody elsewhere."""
    await with_password(database, agency.admin)
    async with database.reading() as tx:
        return str(await tx.scalar(select(Party.email).where(Party.id == agency.outsider.id)))


@pytest.mark.parametrize(("name", "fields"), NAMING)
async def test_nobody_looks_through_whose_emails_are_known(
    database: Database, agency: Agency, known: str, name: str, fields: dict[str, str]
) -> None:
    commands = Commands(database, VERBS, Pace(1_000, 1_000))
    for _turn in range(MOST_TAKEN):
        with pytest.raises(EmailTaken):
            await commands.run(agency.admin.actor, name, fields | {"email": known})
    for email in (known, NEW):
        with pytest.raises(TooManyTaken):
            await commands.run(agency.admin.actor, name, fields | {"email": email})
    await commands.run(agency.admin.actor, "business.change", {"email": "office@studio.example"})
    set_clock(database, datetime.now(UTC) + timedelta(hours=1, minutes=1))
    await commands.run(agency.admin.actor, name, fields | {"email": NEW})


async def test_many_at_once_learn_no_more(database: Database, agency: Agency, known: str) -> None:
    commands = Commands(database, VERBS, Pace(1_000, 1_000))
    name, fields = NAMING[2]
    asked = (commands.run(agency.admin.actor, name, fields | {"email": known}) for _turn in range(MOST_TAKEN + 5))
    answers = Counter(type(answer) for answer in await asyncio.gather(*asked, return_exceptions=True))
    assert answers == {EmailTaken: MOST_TAKEN, TooManyTaken: 5}


async def test_what_tells_nothing_counts_for_nothing(database: Database, agency: Agency, known: str) -> None:
    commands = Commands(database, VERBS, Pace(1_000, 1_000))
    for nr in range(MOST_TAKEN):
        await commands.run(agency.admin.actor, "company.add", {"name": f"Casa {nr}", "email": f"casa{nr}@new.example"})
        with pytest.raises(Refusal):
            await commands.run(agency.client.actor, "company.add", {"name": "Casa", "email": known})
    with pytest.raises(EmailTaken):
        await commands.run(agency.admin.actor, "company.add", {"name": "Casa", "email": known})


def test_what_can_tell_of_an_email_is_counted() -> None:
    for name, entry in catalogue(VERBS).items():
        tells = "EmailTaken" in (inspect.getdoc(entry.verb) or "") and "email" in entry.command.model_fields
        assert tells == issubclass(entry.command, NamesParty), name
