"""Resets: how someone who forgot their password comes to another one, by a link in a letter.

Asking says and takes the same whether the e-mail is anybody's or not: it is written down, and a worker looks.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.actors import Actor
from people.events import SessionsRevoked
from people.forms import PersonForm
from people.mail import mail_kind, send_letter
from people.mail.letters import JUST_NOW, must_be_a_while_ago
from people.mail.links import LinkDead, make_link
from people.mailboxes import Mailbox
from people.managers import LOOKING_AFTER, managed, must_be_here
from people.parties import Party
from people.persons.invitations import Invitation, open_invitation
from people.persons.sentences import JOURNAL
from people.persons.used_links import led_to, note_dead, note_use, use_link
from people.rate_limits import RateLimit, of_email, of_network
from people.signing.access import end_access, tell_password_changed
from people.signing.open_links import Reset
from people.signing.passwords.passwords import check_password, hashed
from people.signing.throttling import Whence, forget_tries
from people.streams import own_stream
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, NotFound, TooMany, _
from store.jobs import defer
from store.rows import Row
from store.scopes import EVERYWHERE

RESET = mail_kind(
    "reset", _("Reset your %(product)s password"), _("Link for a new password"), "by", "reset_id", link="reset"
)

MOST_OF_EMAIL, MOST_OF_NETWORK = 5, 30
"""So many resets may be asked for in an hour."""
ASKED = RateLimit("reset.ask")


class ResetAsk(Row):
    """Somebody asked for a reset for an e-mail, whether anybody's or not."""

    __tablename__ = "reset_asks"
    __table_args__ = (
        Index("ix_reset_asks_email_at", "email", "at"),
        Index("ix_reset_asks_address_at", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    email: Mapped[str] = mapped_column(Mailbox)
    address: Mapped[str] = mapped_column(Text)
    agent: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class TooManyResets(TooMany):
    code = "too_many_resets"
    message = _("That was requested several times already. Check your inbox and your spam folder.")


class TooManyResetsOfNetwork(TooManyResets):
    """Perhaps by others in it: whoever is told this needn't have had a letter."""

    code = "too_many_of_network"
    message = _("Too many password resets were requested from your network.")


async def ask_for_reset(database: Database, email: str, whence: Whence, *, limited: bool = True) -> None:
    """Ask for a reset. Whether the e-mail is anybody's is found out later, by a worker.

    Raises:
        TooManyResets: too often, for this e-mail or from this network.
    """
    async with database.transaction(EVERYWHERE) as tx:
        ask = ResetAsk(id=tx.new_id(), email=email, address=whence.address, agent=whence.agent[:300], at=tx.now)
        if limited:
            most = of_email(email, MOST_OF_EMAIL) | of_network(whence.address, MOST_OF_NETWORK)
            await ASKED.hit(tx, most, TooManyResets, TooManyResetsOfNetwork)
        tx.add(ask)
        await tx.flush()
        await defer(tx, "reset.answer", ask_id=ask.id)


class Answerer:
    """Answers those who asked for a reset, if they are somebody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, ask_id: str) -> None:
        """Send the letter, where there is a person with this e-mail who may sign in. Done once, however often run."""
        async with self._database.transaction(EVERYWHERE) as tx:
            ask = await tx.get(ResetAsk, UUID(ask_id), lock=True)
            if ask is None:
                return
            found = (
                await tx.execute(
                    select(Party, Account)
                    .join(Account, Account.person_id == Party.id)
                    .where(Party.email == ask.email)
                    .with_for_update(of=Account)
                )
            ).first()
            if found is None or await tx.scalar(select(Reset.id).where(Reset.id == ask.id)):
                return
            person, account = found
            if account.active and account.password_hash is not None:
                whence = Whence(ask.address, ask.agent)
                await _open(tx, person, by=None, whence=whence, id=ask.id)
            elif account.active and account.password_hash is None:
                await _remind(tx, person)


async def _remind(tx: Transaction, person: Party) -> None:
    """Whoever was invited and never came has no password to forget: their invitation is sent anew while it is open."""
    invitation = await tx.scalar(
        select(Invitation).where(Invitation.person_id == person.id, Invitation.closed_at.is_(None))
    )
    if invitation is None or invitation.by_id is None:
        return
    inviter = await tx.get(Party, invitation.by_id)
    if inviter is not None and invitation.opened_at < tx.now - JUST_NOW:
        await open_invitation(tx, person.id, Actor(inviter.id, "admin", inviter.business_id, inviter.name))


async def _open(tx: Transaction, person: Party, *, by: Actor | None, whence: Whence, id: UUID | None = None) -> None:
    reset = await _opened(tx, person, by=by.id if by else None, id=id)
    await send_letter(tx, RESET, to_person_id=person.id, by=by or "", reset_id=reset.id)
    note_use(tx, JOURNAL["reset_sent"], reset, whence, **({"by": str(by.id)} if by else {}))


async def _opened(tx: Transaction, person: Party, *, by: UUID | None, id: UUID | None = None) -> Reset:
    """A new reset for someone, in place of the one before."""
    await tx.execute(
        update(Reset)
        .where(Reset.person_id == person.id, Reset.closed_at.is_(None))
        .values(closed_at=tx.now, outcome="replaced")
    )
    reset = Reset(id=id or tx.new_id(), business_id=person.business_id, person_id=person.id, by_id=by, asked_at=tx.now)
    tx.add(reset)
    await tx.flush()
    return reset


async def reset_on_console(tx: Transaction, email: str) -> str:
    """Open a reset without a letter, for whoever operates the machine; this is the path of its link.

    Raises:
        NotFound: nobody who may sign in has this e-mail.
        Conflict: they have never come in: then they are to be invited again.
    """
    found = (
        await tx.execute(
            select(Party, Account)
            .join(Account, Account.person_id == Party.id)
            .where(Party.email == email, Account.active)
            .with_for_update(of=Account)
        )
    ).first()
    if found is None:
        raise NotFound(_("Nobody who may sign in has this email."))
    person, account = found
    _must_have_joined(account)
    reset = await _opened(tx, person, by=None)
    note_use(tx, JOURNAL["reset_sent"], reset, Whence("console", ""))
    return f"/reset/{await make_link(tx, 'reset', reset.id, person.business_id)}"


class SendReset(Command, touches="sign_in", needs=LOOKING_AFTER):
    person_id: UUID


async def send_reset(tx: Transaction, actor: Actor, command: SendReset) -> PersonForm:
    """Send someone a letter by which they choose a new password. Until they do, the old one holds.

    Raises:
        Forbidden, NotFound: they aren't someone whom the asker looks after.
        Conflict: they have left, or have never come in: then they are to be invited again.
        SentJustNow: the latest letter is some seconds old; it says when another can be sent.
    """
    whom = await managed(tx, actor, command.person_id)
    must_be_here(whom)
    _must_have_joined(whom.account)
    latest = await tx.scalar(
        select(Reset).where(Reset.person_id == whom.id, Reset.closed_at.is_(None), Reset.by_id.is_not(None))
    )
    if latest is not None:
        must_be_a_while_ago(tx, latest.asked_at)
    await _open(tx, whom.person, by=actor, whence=Whence(actor.address, actor.agent))
    return whom.form


def _must_have_joined(account: Account) -> None:
    if account.password_hash is None:
        raise Conflict(_("This person hasn't joined yet. Invite them again instead."), code="not_joined")


async def reset_by(database: Database, secret: str, whence: Whence) -> str:
    """This is whose password a link resets: the e-mail.

    Raises:
        LinkDead: it never was, or is no longer good.
    """
    async with database.reading(EVERYWHERE) as tx:
        reset, why = await led_to(tx, "reset", Reset, secret)
        person = await tx.get(Party, reset.person_id) if reset else None
    if why or person is None:
        await note_dead(database, "reset", reset, why, whence)
        raise LinkDead()
    return person.email or ""


async def complete_reset(database: Database, secret: str, password: str, whence: Whence) -> None:
    """Set a new password by a reset's link; all of the person's sign-ins end, and they are told.

    Raises:
        LinkDead: it never was, or is no longer good.
        Invalid: the password is too short or easily guessed.
    """
    email = await reset_by(database, secret, whence)
    await check_password(password, [email], turn=email)
    password_hash = await hashed(password)

    async def complete(tx: Transaction, reset: Reset) -> None:
        await _complete(tx, reset, password_hash, email, whence)

    await use_link(database, "reset", Reset, secret, whence, complete)


async def _complete(tx: Transaction, reset: Reset, password_hash: str, email: str, whence: Whence) -> None:
    account = await tx.get(Account, reset.person_id)
    assert account is not None
    account.password_hash = password_hash
    reset.closed_at, reset.outcome = tx.now, "used"
    await end_access(tx, reset.person_id)
    await forget_tries(tx, email)
    note_use(tx, JOURNAL["password_reset"], reset, whence)
    await tell_password_changed(tx, reset.person_id, whence.address)
    stream = own_stream(reset.person_id, reset.business_id)
    tx.record(stream, SessionsRevoked(reason="password_reset"), by=reset.person_id)


async def forget_old(tx: Transaction) -> None:
    """Forget who asked on another day."""
    await tx.execute(delete(ResetAsk).where(ResetAsk.at < tx.now - timedelta(days=1)))
