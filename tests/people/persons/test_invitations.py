"""Invitations and resets: their links work once, for so long, and for nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select, text

from hub.operations.jobs import tasks_of
from hub.operations.worker import Worker
from people.accounts import Account
from people.journal import JournalEntry
from people.mail import Letter
from people.mail.letters import SentJustNow
from people.mail.links import LinkDead
from people.parties import Party
from people.persons.invitation_links import (
    MakeInvitationLink,
    ResendInvitation,
    WithdrawInvitation,
    accept_invitation,
    invited_by,
    make_invitation_link,
    resend_invitation,
    withdraw_invitation,
)
from people.persons.resets import (
    MOST_OF_EMAIL,
    SendReset,
    ask_for_reset,
    complete_reset,
    reset_on_console,
    send_reset,
)
from people.signing.open_links import Reset
from people.signing.passwords.passwords import hashed
from people.signing.sign_in import WrongCredentials, sign_in
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Conflict, Invalid, NotFound, TooMany
from tests.databases import TABLES
from tests.mail import MailServer, link_in, mail_server, text_of
from tests.people.offices import PASSWORD, Office, open_office
from tests.reads import actor_of
from tests.stages import staged
from web.refusals import translate

HERE = Whence("127.0.0.1", "test")
PETRU = "petru@new.example"
NEW = "seven quiet otters sing"


@staged
async def office(database: Database) -> Office:
    office = await open_office(database)
    async with database.transaction() as tx:
        await tx.execute(text("delete from letters"))  # what was written while the office came to be
    return office


@pytest.fixture
async def mail(database: Database) -> AsyncIterator[MailServer]:
    """A mail server that the installation sends by, and a worker that does."""
    worker = Worker(database.url, tasks_of(database, "https://hub.example"), concurrency=2, drain_seconds=1)
    async with mail_server() as server:
        await server.set_up(database)
        worker.start()
        yield server
        await worker.stop()


async def invite(office: Office, email: str = PETRU) -> UUID:
    done = await office.agency.run(office.agency.admin, "person.invite", kind="staff", name="Petru", email=email)
    return UUID(done.result["id"])


def secret_of(path: str) -> str:
    return urlsplit(path).path.rpartition("/")[2]


async def journaled(database: Database, person_id: UUID) -> list[str]:
    async with database.reading() as tx:
        return list(
            await tx.scalars(
                select(JournalEntry.what).where(JournalEntry.person_id == person_id).order_by(JournalEntry.id)
            )
        )


async def pass_by(database: Database, time: timedelta) -> None:
    """Let time pass for links."""
    async with database.transaction() as tx:
        await tx.execute(text("update links set expires_at = expires_at - cast(:time as interval)"), {"time": time})


async def test_who_is_invited_sets_a_password_and_is_in(database: Database, office: Office, mail: MailServer) -> None:
    person_id = await invite(office)
    letter = await mail.letter_to(PETRU)
    assert letter["Subject"] == "Irina invites you to Atrium"
    assert "Irina invites you to work with Atelier on Atrium." in text_of(letter)
    secret = secret_of(link_in(letter))
    invited = await invited_by(database, secret, HERE)
    assert (invited.name, invited.business, invited.inviter) == ("Petru", "Atelier", "Irina")
    actor, token = await accept_invitation(database, secret, NEW, "ro", HERE)
    assert (actor.id, actor.language) == (person_id, "ro")
    async with database.reading() as tx:
        assert await actor_of(tx, token)
    await sign_in(database, PETRU, NEW, address="127.0.0.1", agent="test", limits=None)
    assert "invitation_accepted" in await journaled(database, person_id)


async def test_the_secret_is_in_the_mail_alone(database: Database, office: Office, mail: MailServer) -> None:
    await invite(office)
    secret = secret_of(link_in(await mail.letter_to(PETRU)))
    async with database.reading() as tx:
        tables = await tx.scalars(TABLES)
        for table in tables:
            query = text(f'select 1 from "{table}" as held where held::text like :secret')
            assert (await tx.execute(query, {"secret": f"%{secret}%"})).first() is None, table


async def test_a_link_works_once(database: Database, office: Office, mail: MailServer) -> None:
    person_id = await invite(office)
    secret = secret_of(link_in(await mail.letter_to(PETRU)))
    with pytest.raises(Invalid):
        await accept_invitation(database, secret, "petru-petru", "en", HERE)
    await accept_invitation(database, secret, NEW, "en", HERE)
    with pytest.raises(LinkDead):
        await accept_invitation(database, secret, NEW * 2, "en", HERE)
    await sign_in(database, PETRU, NEW, address="127.0.0.1", agent="test", limits=None)
    assert "invitation_refused" in await journaled(database, person_id)


async def test_a_link_works_for_a_day(database: Database, office: Office, mail: MailServer) -> None:
    await invite(office)
    secret = secret_of(link_in(await mail.letter_to(PETRU)))
    await pass_by(database, timedelta(hours=23, minutes=59))
    await invited_by(database, secret, HERE)
    await pass_by(database, timedelta(minutes=2))
    with pytest.raises(LinkDead):
        await invited_by(database, secret, HERE)
    with pytest.raises(LinkDead):
        await accept_invitation(database, secret, NEW, "en", HERE)
    with pytest.raises(LinkDead):
        await invited_by(database, "there never was such a secret", HERE)


async def test_a_withdrawn_invitation_and_one_sent_again_end_the_link(
    database: Database, office: Office, mail: MailServer
) -> None:
    person_id = await invite(office)
    admin = office.agency.admin.actor
    first = secret_of(link_in(await mail.letter_to(PETRU)))
    async with database.transaction() as tx:
        await tx.execute(text("update invitations set opened_at = opened_at - interval '1 minute'"))
    async with database.transaction(admin.within) as tx:
        await resend_invitation(tx, admin, ResendInvitation(person_id=person_id))
    with pytest.raises(SentJustNow) as refused:  # a double click
        async with database.transaction(admin.within) as tx:
            await resend_invitation(tx, admin, ResendInvitation(person_id=person_id))
    assert 0 < refused.value.retry_after_seconds <= 30
    assert f"in {refused.value.retry_after_seconds} seconds" in translate("en", refused.value)["message"]
    second = secret_of(link_in(await mail.letter_to(PETRU, number=2)))
    with pytest.raises(LinkDead):
        await invited_by(database, first, HERE)
    await invited_by(database, second, HERE)
    async with database.transaction(admin.within) as tx:
        await withdraw_invitation(tx, admin, WithdrawInvitation(person_id=person_id))
    with pytest.raises(LinkDead):
        await invited_by(database, second, HERE)
    with pytest.raises(NotFound):
        async with database.transaction(admin.within) as tx:
            await withdraw_invitation(tx, admin, WithdrawInvitation(person_id=person_id))
    assert len(mail.letters_to(PETRU)) == 2


async def test_without_mail_the_inviter_gets_a_link_to_hand_over(database: Database, office: Office) -> None:
    person_id = await invite(office)
    run, admin = office.agency.commands.run, office.agency.admin.actor
    made = await run(admin, "invitation_link.make", {"person_id": str(person_id)}, key="1")
    again = await run(admin, "invitation_link.make", {"person_id": str(person_id)}, key="1")
    assert again.result["path"] is None
    await accept_invitation(database, secret_of(made.result["path"]), NEW, "en", HERE)
    with pytest.raises(Conflict):
        await run(admin, "invitation_link.make", {"person_id": str(person_id)})
    async with database.reading() as tx:
        assert await tx.scalar(select(Letter.state)) == "queued"


async def test_with_mail_the_link_is_the_invited_ones_alone(
    database: Database, office: Office, mail: MailServer
) -> None:
    person_id, admin = await invite(office), office.agency.admin.actor
    with pytest.raises(Conflict):
        async with database.transaction(admin.within) as tx:
            await make_invitation_link(tx, admin, MakeInvitationLink(person_id=person_id))
    await mail.letter_to(PETRU)


async def ana(database: Database, office: Office) -> str:
    async with database.reading() as tx:
        return str(await tx.scalar(select(Party.email).where(Party.id == office.agency.ana.id)))


async def test_a_forgotten_password_is_replaced(database: Database, office: Office, mail: MailServer) -> None:
    email = await ana(database, office)
    await set_password(database, office.agency.ana.id)
    await ask_for_reset(database, email.upper(), HERE)
    secret = secret_of(link_in(await mail.letter_to(email)))
    with pytest.raises(Invalid):
        await complete_reset(database, secret, "password12", HERE)
    await complete_reset(database, secret, NEW, HERE)
    async with database.reading() as tx:
        assert await actor_of(tx, office.agency.ana.token) is None
    await sign_in(database, email, NEW, address="127.0.0.1", agent="test", limits=None)
    assert "Your password was changed" in (await mail.letter_to(email, number=2))["Subject"]
    with pytest.raises(LinkDead):
        await complete_reset(database, secret, NEW * 2, HERE)
    assert {"reset_sent", "password_reset", "reset_refused"} <= set(await journaled(database, office.agency.ana.id))


async def set_password(database: Database, person_id: UUID) -> None:
    async with database.transaction() as tx:
        account = await tx.get(Account, person_id)
        assert account
        account.password_hash = await hashed(PASSWORD)


async def test_asking_for_nobody_sends_nothing(database: Database, office: Office, mail: MailServer) -> None:
    await ask_for_reset(database, "nobody@new.example", HERE)
    await ask_for_reset(database, await ana(database, office), HERE)
    await mail.letter_to(await ana(database, office))
    assert mail.letters_to("nobody@new.example") == []


async def test_who_operates_the_machine_can_make_a_reset(database: Database, office: Office) -> None:
    email = await ana(database, office)
    async with database.transaction() as tx:
        path = await reset_on_console(tx, email)
    await complete_reset(database, secret_of(path), NEW, HERE)
    await sign_in(database, email, NEW, address="127.0.0.1", agent="test", limits=None)
    with pytest.raises(NotFound):
        async with database.transaction() as tx:
            await reset_on_console(tx, "nobody@new.example")


async def test_asking_has_limits(database: Database, office: Office) -> None:
    for _ in range(MOST_OF_EMAIL):
        await ask_for_reset(database, "nobody@new.example", HERE)
    with pytest.raises(TooMany):
        await ask_for_reset(database, "nobody@new.example", Whence("127.0.0.2", ""))
    await ask_for_reset(database, "somebody@new.example", HERE)


async def test_an_admin_sends_a_reset_and_the_old_password_holds_until_then(
    database: Database, office: Office, mail: MailServer
) -> None:
    email, admin, whom = await ana(database, office), office.agency.admin.actor, office.agency.ana.id
    await set_password(database, whom)
    async with database.transaction(admin.within) as tx:
        await send_reset(tx, admin, SendReset(person_id=whom))
    with pytest.raises(SentJustNow):  # a double click
        async with database.transaction(admin.within) as tx:
            await send_reset(tx, admin, SendReset(person_id=whom))
    letter = await mail.letter_to(email)
    assert "Irina has asked you to choose a new password." in text_of(letter)
    await sign_in(database, email, PASSWORD, address="127.0.0.1", agent="test", limits=None)
    await pass_by(database, timedelta(hours=1))
    with pytest.raises(LinkDead):
        await complete_reset(database, secret_of(link_in(letter)), NEW, HERE)
    with pytest.raises(WrongCredentials):
        await sign_in(database, email, NEW, address="127.0.0.1", agent="test", limits=None)
    async with database.reading() as tx:
        assert len(list(await tx.scalars(select(Reset.id)))) == 1
