"""Letters: sent once, in both parts and the receiver's language, however often the server or the worker fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from hub.operations.jobs import tasks_of
from hub.operations.worker import Worker
from hub.parts import LETTERS
from people.accounts import Account
from people.mail import Letter, MailKind, send_letter
from people.mail.mail_settings import MailSettings, SendTestLetter, mail_works, send_test_letter
from people.mail.retries import RetryLetter, retry_letter
from people.parties import Party
from people.persons.departures import ACCOUNT_CLOSED
from people.persons.locks import ACCOUNT_LOCKED
from store.database import Database
from store.errors import Conflict, Forbidden
from tests.certificates import certificate, server_context
from tests.mail import PASSWORD, USER, MailServer, html_of, mail_server, text_of
from tests.patience import PATIENT_SECONDS
from tests.people.offices import Office, open_office
from tests.stages import staged
from web.words.translations import translated

SITE = "https://hub.example"
ABOUT = {"business": "Atelier", "by": "Irina", "contact": "desk@atelier.example"}


@staged
async def office(database: Database) -> Office:
    office = await open_office(database)
    async with database.transaction() as tx:
        await tx.execute(text("delete from letters"))  # what was written while the office came to be
    return office


@pytest.fixture
async def mail() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@asynccontextmanager
async def working(database: Database) -> AsyncIterator[Worker]:
    worker = Worker(database.url, tasks_of(database, SITE), concurrency=2, drain_seconds=1)
    worker.start()
    try:
        yield worker
    finally:
        await worker.stop()


async def queue(database: Database, office: Office, kind: MailKind = ACCOUNT_CLOSED, /, **params: object) -> UUID:
    async with database.transaction() as tx:
        letter_id = await send_letter(
            tx,
            kind,
            to_person_id=office.agency.ana.id,
            **(ABOUT if kind is ACCOUNT_CLOSED else params),
        )
    assert letter_id
    return letter_id


async def state_of(database: Database, letter_id: UUID) -> Letter:
    async with database.reading() as tx:
        letter = await tx.get(Letter, letter_id)
    assert letter
    return letter


async def until(database: Database, letter_id: UUID, state: str, tries: int = 0) -> Letter:
    async with asyncio.timeout(PATIENT_SECONDS):
        while True:
            letter = await state_of(database, letter_id)
            if letter.state == state and letter.tries >= tries and (letter.error or not tries):
                return letter
            await asyncio.sleep(0.02)


async def address_of(database: Database, office: Office) -> str:
    async with database.reading() as tx:
        return str(await tx.scalar(select(Party.email).where(Party.id == office.agency.ana.id)))


async def test_a_letter_has_both_parts_and_says_that_it_is_automatic(
    database: Database, office: Office, mail: MailServer
) -> None:
    await mail.set_up(database, sender_name="Atelier, înscrieri")
    async with working(database):
        letter_id = await queue(database, office, ACCOUNT_LOCKED, business="Atelier & <Co>", by="Irina", contact="")
        letter = await mail.letter_to(await address_of(database, office))
        kept = await until(database, letter_id, "sent")
    assert letter["Subject"] == "Your account was locked"
    assert letter["From"] == '"Atelier, înscrieri" <hub@atrium.example>'
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"] == f"<{letter_id}@atrium.example>"
    assert letter["Date"]
    assert "Your account at Atelier & <Co> was locked." in text_of(letter)
    assert "Your account at Atelier &amp; &lt;Co&gt; was locked." in html_of(letter)
    assert kept.sent_at
    assert (kept.tries, kept.error, kept.params) == (1, None, {}), "what was said is in the letter alone"


async def test_a_letter_is_in_its_receivers_language(database: Database, office: Office, mail: MailServer) -> None:
    await mail.set_up(database)
    for number, language in enumerate(("en", "ro", "uk"), 1):
        async with database.transaction() as tx:
            await tx.execute(update(Account).values(language=language))
        async with working(database):
            await queue(database, office)
            letter = await mail.letter_to(await address_of(database, office), number=number)
        assert letter["Content-Language"] == language
        assert letter["Subject"] == translated(language, "Your account was deactivated")
        assert f'<html lang="{language}">' in html_of(letter)


async def test_every_kind_can_be_drawn(database: Database, office: Office, mail: MailServer) -> None:
    await mail.set_up(database)
    plain = [kind for kind in LETTERS.values() if kind.link is None]
    example = {
        "at": "2026-11-21T10:00:00Z",
        "until": "2026-11-28T10:00:00Z",
        "first": "2026-11-23",
        "last": "2026-11-24",
        "days": "1.5",
    }
    async with working(database):
        for kind in plain:
            await queue(database, office, kind, **{name: example.get(name, name) for name in kind.params})
        await mail.letter_to(await address_of(database, office), number=len(plain))


async def test_a_letter_of_what_was_undone_is_never_sent(database: Database, office: Office, mail: MailServer) -> None:
    await mail.set_up(database)
    before = await jobs(database)
    with suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            await send_letter(tx, ACCOUNT_CLOSED, to_person_id=office.agency.ana.id, **ABOUT)
            raise ZeroDivisionError
    async with database.reading() as tx:
        assert not await tx.scalar(select(Letter.id).where(Letter.kind == "account_closed"))
        assert await jobs(database) == before


async def test_a_letter_waits_for_a_server_to_be_named(database: Database, office: Office, mail: MailServer) -> None:
    async with working(database):
        letter_id = await queue(database, office)
        async with asyncio.timeout(PATIENT_SECONDS):
            while await jobs(database):  # noqa: ASYNC110 - of another process, as far as this one knows
                await asyncio.sleep(0.02)
        assert (await state_of(database, letter_id)).state == "queued"
        async with database.reading(office.agency.admin.actor.within) as tx:
            assert not await mail_works(tx)
        await mail.set_up(database)
        kept = await until(database, letter_id, "sent")
        async with database.reading(office.agency.admin.actor.within) as tx:
            assert await mail_works(tx)
    assert len(mail.letters_to(kept.email)) == 1


async def jobs(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(text("select count(*) from procrastinate_jobs")))


async def make_due(database: Database) -> None:
    """Let the next try be now, which would be later."""
    async with asyncio.timeout(PATIENT_SECONDS):
        while True:
            async with database.transaction() as tx:
                moved = await tx.execute(
                    text(
                        "update procrastinate_jobs set scheduled_at = now() where status = 'todo' "
                        "and scheduled_at > now() returning id"
                    )
                )
            if moved.first():
                return
            await asyncio.sleep(0.02)


async def test_a_server_that_is_down_is_tried_again(database: Database, office: Office, mail: MailServer) -> None:
    await mail.set_up(database)
    await mail.stop()
    async with working(database):
        letter_id = await queue(database, office)
        assert "refused" in str((await until(database, letter_id, "queued", tries=1)).error).lower()
        mail.answer = "451 Later"
        await mail.start()
        await make_due(database)
        assert (await until(database, letter_id, "queued", tries=2)).error == "451 Later"
        mail.answer = "250 OK"
        await make_due(database)
        kept = await until(database, letter_id, "sent")
    assert (kept.tries, len(mail.letters_to(kept.email))) == (3, 1)


async def test_a_letter_that_is_never_taken_fails_at_once_and_can_be_tried_anew(
    database: Database, office: Office, mail: MailServer
) -> None:
    await mail.set_up(database)
    email = await address_of(database, office)
    mail.refused[email] = "550 No such user here"
    async with working(database):
        letter_id = await queue(database, office)
        assert (await until(database, letter_id, "failed", tries=1)).error == "550 No such user here"
        del mail.refused[email]
        with pytest.raises(Forbidden):
            await office.agency.run(office.agency.admin, "letter.retry", letter_id=str(letter_id))
        async with database.transaction() as tx:
            await retry_letter(tx, office.root.actor, RetryLetter(letter_id=letter_id))
        await until(database, letter_id, "sent")
        with pytest.raises(Conflict):
            async with database.transaction() as tx:
                await retry_letter(tx, office.root.actor, RetryLetter(letter_id=letter_id))
    assert len(mail.letters_to(email)) == 1


async def test_a_test_says_what_the_server_says(database: Database, office: Office, mail: MailServer) -> None:
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            await send_test_letter(tx, office.root.actor, SendTestLetter())
    await mail.set_up(database)
    mail.answer = "452 Mailbox full"
    async with working(database):
        async with database.transaction() as tx:
            sent = await send_test_letter(tx, office.root.actor, SendTestLetter(email="someone@else.example"))
        assert (await until(database, sent.id, "failed", tries=1)).error == "452 Mailbox full"
        mail.answer = "250 OK"
        async with database.transaction() as tx:
            sent = await send_test_letter(tx, office.root.actor, SendTestLetter())
        await until(database, sent.id, "sent")
    assert "Rada" in text_of(mail.letters_to("rada@atrium.example")[0])


async def test_a_server_may_ask_who_we_are(database: Database, office: Office) -> None:
    async with mail_server(users=True) as mail, working(database):
        await mail.set_up(database, username=USER, password="not it")
        letter_id = await queue(database, office)
        assert "535" in str((await until(database, letter_id, "queued", tries=1)).error)
        await mail.set_up(database, username=USER, password=PASSWORD)
        await until(database, letter_id, "sent")
        await mail.set_up(database, username=USER)
        await queue(database, office)
        await mail.letter_to(await address_of(database, office), number=2)
    async with database.reading() as tx:
        row = await tx.get(MailSettings, 1)
    assert row
    assert row.password
    assert PASSWORD.encode() not in row.password


async def test_two_workers_send_a_letter_once(database: Database, office: Office, mail: MailServer) -> None:
    await mail.set_up(database)
    async with working(database), working(database):
        letters = [await queue(database, office) for _ in range(20)]
        for letter_id in letters:
            await until(database, letter_id, "sent")
    sent = mail.letters_to(await address_of(database, office))
    assert len({letter["Message-ID"] for letter in sent}) == len(sent) == 20


@pytest.mark.parametrize(("security", "at_once"), [("starttls", False), ("tls", True)])
async def test_a_letter_goes_over_tls_to_a_server_that_can_be_trusted(
    database: Database,
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
    at_once: bool,
) -> None:
    own = certificate(tmp_path)
    options = {"tls": server_context(own), "tls_at_once": at_once, "users": True}
    async with mail_server(**options) as mail, working(database):
        await mail.set_up(database, security=security, username=USER, password=PASSWORD)
        letter_id = await queue(database, office)
        assert "certificate" in str((await until(database, letter_id, "queued", tries=1)).error).lower()
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        await mail.set_up(database, security=security, username=USER, password=PASSWORD)
        await until(database, letter_id, "sent")
