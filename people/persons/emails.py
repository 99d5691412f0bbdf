"""One's own e-mail: changed with the password, and, where letters are sent, by a link in a letter to the new address.

Until the link is used the old e-mail holds, so that a slip of the finger locks nobody out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, update

from people.accounts import Account, account_form
from people.actors import Actor
from people.events import AccountChanged, PersonChanged
from people.forms import PersonForm
from people.journal import note
from people.mail import MailKind, mail_kind, send_letter
from people.mail.links import LinkDead, find_link
from people.mail.mail_settings import mail_works
from people.mailboxes import Email
from people.parties import EmailTaken, NamesParty, Party
from people.persons.sentences import JOURNAL
from people.rate_limits import RateLimit, forget_hits, of_email
from people.signing.open_links import EmailChange, withdraw_links
from people.signing.reauthentication import ProvesWho, prove_own_password
from people.signing.throttling import Whence
from people.streams import business_stream, own_stream
from store.clashes import despite_clashes
from store.database import Database, Transaction
from store.errors import NotFound, Refusal, TooMany, _
from store.scopes import EVERYWHERE
from store.texts.texts import AsTyped

NEW_EMAIL = mail_kind(
    "email", _("Your new email for %(product)s"), _("Link for a new email"), "who", "email_id", link="email"
)
EMAIL_KNOWN = mail_kind("email_known", _("You have an account already"), _("New email already in use"))
EMAIL_CHANGED = mail_kind("email_changed", _("Your email was changed"), _("Email changed"), "email")

MOST_OF_PERSON, MOST_OF_EMAIL = 5, 3
"""So many letters may go out in an hour, by one person's wish and to one new address."""
MOST_TAKEN = 20
"""So often somebody may learn in an hour that an e-mail belongs to someone."""
ASKED, TAKEN = RateLimit("email.ask"), RateLimit("email.taken")


class ChangeEmail(ProvesWho, NamesParty, needs="anyone"):
    email: Email
    password: AsTyped = Field(max_length=200)


class TooManyChanges(TooMany):
    code = "too_many_changes"
    message = _("You've requested that several times already. Check your inbox and your spam folder.")


class TooManyTaken(TooMany):
    code = "too_many_taken"
    message = _("You entered many emails that are already in use.")


class EmailOutcome(BaseModel):
    """An e-mail that holds, or that waits until the link in its letter is used."""

    model_config = ConfigDict(extra="forbid")

    email: str
    waits: bool


async def change_email(tx: Transaction, actor: Actor, command: ChangeEmail) -> EmailOutcome:
    """Change your own e-mail. Where letters are sent, a link in one to the new address has to be used first.

    Where they are, whether the e-mail belongs to somebody is said in the letter alone, to them.

    Raises:
        WrongSecret: the password is wrong, on its field.
        EmailTaken: no letters are sent, and the e-mail belongs to someone, of whatever kind.
        OwnHandsOnly: someone acts for the person.
        TooMany: there were too many wrong tries.
        TooManyChanges: too often, by the asker or to this e-mail.
    """
    await prove_own_password(tx, actor, command.password)
    person = await tx.get(Party, actor.id, lock=True)
    if person is None:
        raise NotFound()
    await _close(tx, actor.id, "replaced")
    if person.email == command.email:
        return EmailOutcome(email=command.email, waits=False)
    if not await mail_works(tx):
        await _set(tx, person, command.email, Whence(actor.address, actor.agent))
        return EmailOutcome(email=command.email, waits=False)
    await _ask(tx, actor, person, command.email)
    return EmailOutcome(email=command.email, waits=True)


async def _ask(tx: Transaction, actor: Actor, person: Party, email: str) -> None:
    async with tx.looking(EVERYWHERE):  # one e-mail is one party's over all businesses
        await ASKED.hit(tx, {str(person.id): MOST_OF_PERSON} | of_email(email, MOST_OF_EMAIL), TooManyChanges)
        known = (
            await tx.execute(
                select(Party.id, Account.language)
                .outerjoin(Account, Account.person_id == Party.id)
                .where(Party.email == email)
            )
        ).first()
    change = EmailChange(
        id=tx.new_id(), business_id=person.business_id, person_id=person.id, email=email, asked_at=tx.now
    )
    tx.add(change)
    await tx.flush()
    if known is None:
        await _write_to(tx, NEW_EMAIL, email, actor.language, who=person, email_id=change.id)
    else:
        await _write_to(tx, EMAIL_KNOWN, email, known.language or actor.language)


@asynccontextmanager
async def learning_of_few(database: Database, actor: Actor) -> AsyncIterator[None]:
    """Count that somebody may learn by a command whether an e-mail belongs to someone, and forget it unless they did:
    whoever learns it of many looks who has an account.

    Raises:
        TooManyTaken: they learned it of as many as may be.
    """
    async with database.transaction(EVERYWHERE) as tx:
        hits = await TAKEN.hit(tx, {str(actor.id): MOST_TAKEN}, TooManyTaken)
    try:
        yield
    except EmailTaken:
        raise
    except Refusal:
        await _forget(database, hits)
        raise
    await _forget(database, hits)


async def _forget(database: Database, hits: list[UUID]) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        await forget_hits(tx, hits)


async def _write_to(tx: Transaction, kind: MailKind, to: str, language: str, /, **params: Any) -> None:
    """Queue a letter to an address that is nobody's yet, or any more: it belongs to no business."""
    async with tx.looking(EVERYWHERE):
        await send_letter(tx, kind, to_email=to, language=language, **params)


async def email_by(database: Database, secret: str) -> str:
    """This is the new e-mail that a link is for.

    Raises:
        LinkDead: it never was, or is no longer good.
    """
    async with database.reading(EVERYWHERE) as tx:
        return (await _by_secret(tx, secret)).email


async def confirm_email(database: Database, secret: str, whence: Whence) -> str:
    """Let a new e-mail hold, by its link; this is it.

    Raises:
        LinkDead: it never was, or is no longer good.
        EmailTaken: it has become somebody else's meanwhile.
    """

    async def confirm() -> str:
        async with database.transaction(EVERYWHERE) as tx:
            return await _confirm(tx, secret, whence)

    return await despite_clashes(confirm, name="email_confirmed")


async def _confirm(tx: Transaction, secret: str, whence: Whence) -> str:
    # The account and the person first, as whatever closes a change of theirs does.
    person_id = (await _by_secret(tx, secret)).person_id
    account = await tx.get(Account, person_id, lock=True)
    person = await tx.get(Party, person_id, lock=True)
    change = await _by_secret(tx, secret, lock=True)
    if person is None or account is None or not account.active:
        raise LinkDead()
    change.closed_at, change.outcome = tx.now, "used"
    await _set(tx, person, change.email, whence)
    return change.email


async def _by_secret(tx: Transaction, secret: str, *, lock: bool = False) -> EmailChange:
    link = await find_link(tx, "email", secret)
    change = await tx.get(EmailChange, link.subject_id, lock=lock) if link else None
    if link is None or change is None or change.closed_at is not None or link.expires_at <= tx.now:
        raise LinkDead()
    return change


async def _set(tx: Transaction, person: Party, email: str, whence: Whence) -> None:
    old, person.email = person.email, email
    async with tx.refusing("uq_parties_email", EmailTaken(fields={"email": EmailTaken.message})):
        await tx.flush()
    await withdraw_links(tx, person.id)
    account = await tx.get(Account, person.id)
    assert account is not None
    if old:
        await _write_to(tx, EMAIL_CHANGED, old, account.language, email=email)
    event = AccountChanged(account=account_form(person, account), changed=["email"])
    tx.record(own_stream(person.id, person.business_id), event, by=person.id)
    if person.business_id is not None:
        changed = PersonChanged(person=PersonForm.model_validate(person), changed=["email"])
        tx.record(business_stream(person.business_id), changed, by=person.id, audience="team")
    note(
        tx,
        JOURNAL["email_changed"],
        person_id=person.id,
        business_id=person.business_id,
        address=whence.address,
        agent=whence.agent,
        email=old or "",
    )


async def _close(tx: Transaction, person_id: UUID, outcome: str) -> None:
    await tx.execute(
        update(EmailChange)
        .where(EmailChange.person_id == person_id, EmailChange.closed_at.is_(None))
        .values(closed_at=tx.now, outcome=outcome)
    )


async def waiting_email(tx: Transaction, actor: Actor) -> str | None:
    """This is the e-mail of the asker's that waits for its link to be used."""
    email: str | None = await tx.scalar(
        select(EmailChange.email).where(EmailChange.person_id == actor.id, EmailChange.closed_at.is_(None))
    )
    return email
