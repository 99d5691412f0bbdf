"""Registrations: who would like to open a business here, and waits for a superadmin's yes.

Until then there is no account, so nobody can sign in by it. Where letters are sent, a link in one has to be used first:
it shows that the e-mail is theirs who registered. Registering says and takes the same whether the e-mail is anybody's
or not: it is written down, and a worker looks; what is so, the letter says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.accounts import Account
from people.announcements import Awaited, StrangerSignsIn
from people.installation.events import RegistrationAsked, RegistrationConfirmed, RegistrationLapsed
from people.installation.forms import RegistrationForm
from people.installation.sentences import JOURNAL
from people.installations import installation, installation_stream
from people.journal import note
from people.languages import Language
from people.mail import mail_kind, send_letter
from people.mail.links import LIVES, LinkDead, find_link
from people.mail.mail_settings import mail_works
from people.mailboxes import Email, Mailbox
from people.parties import Party
from people.persons.own_accounts import TimeZone
from people.rate_limits import RateLimit, forget_hits, of_email, of_network
from people.signing.passwords.passwords import check_password, hashed
from people.signing.throttling import Whence
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, TooMany, _
from store.events import Gone
from store.jobs import defer
from store.rows import Row
from store.scopes import EVERYWHERE
from store.texts.texts import AsTyped

REGISTRATION_ASKED = mail_kind(
    "registration_asked",
    _("%(business)s is waiting for your approval"),
    _("Registration to review"),
    "business",
    "who",
    "email",
    "url",
)
REGISTRATION_WAITING = mail_kind(
    "registration_waiting", _("We received your registration"), _("Registration received"), "business"
)
REGISTRATION_CONFIRM = mail_kind(
    "registration_confirm",
    _("Confirm your email for %(business)s"),
    _("Confirming the email of a registration"),
    "business",
    "who",
    "registration_id",
    link="registration",
)
REGISTRATION_KNOWN = mail_kind(
    "registration_known", _("You have an account already"), _("Registration with a known email")
)

QUEUE = "/installation/admins"
"""Where it is decided on."""
HASHED_ALREADY = "-" * 10
CONFIRMED_WITHIN = LIVES["registration"]
LOOKED_AT_WITHIN = timedelta(days=2)
EMAIL_LOCK = 0x72656769  # "regi": of two who register one e-mail, one is second


class _FilledIn:
    """What somebody filled in, and from where."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_name: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Mailbox)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)


class Registration(_FilledIn, Row):
    """Someone who registered; there is one for an e-mail that waits. Decided, it keeps no password."""

    __tablename__ = "registrations"

    asked_at: Mapped[datetime]
    confirm_by: Mapped[datetime | None]
    """Until when the link in the letter has to be used; None where no letters were sent, so that none was needed."""
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")


class RegistrationAsk(_FilledIn, Row):
    """What somebody filled in, until a worker has looked whose the e-mail is."""

    __tablename__ = "registration_asks"

    at: Mapped[datetime]


MOST_OF_EMAIL, MOST_OF_NETWORK = 3, 5
"""So many registrations may be asked for in an hour."""
MOST_JUDGED = 30
"""So many passwords of a network's registrations are judged in an hour, good or bad."""
ASKED, JUDGED = RateLimit("registration.ask"), RateLimit("registration.judge")
SAID = ("business_name", "name", "email", "language", "time_zone")


class RegisterBusiness(Command):
    """What a stranger fills in. It is no command of the wire: strangers have none."""

    business_name: str = Field(min_length=1, max_length=120)
    name: str = Field(min_length=1, max_length=120)
    email: Email
    password: AsTyped = Field(min_length=10, max_length=200)
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    message = _("Registration is currently closed.")


class TooManyRegistrations(TooMany):
    code = "too_many_registrations"
    message = _("This email was registered several times already. Check your inbox and your spam folder.")


class TooManyRegistrationsOfNetwork(TooManyRegistrations):
    """Perhaps by others in it: whoever is told this needn't have had a letter."""

    code = "too_many_of_network"
    message = _("Too many registrations from your network.")


async def register(database: Database, wish: RegisterBusiness, *, address: str, limited: bool = True) -> None:
    """Register a business and its admin; a letter tells them how it goes on. Whose the e-mail is, a worker finds out.

    Raises:
        RegistrationClosed: nobody may.
        TooManyRegistrations: too often, for this e-mail or from this network.
        Invalid: the password is easily guessed. This counts against the network alone, and as less.
    """
    hits: list[UUID] = []
    async with database.transaction(EVERYWHERE) as tx:
        if not (await installation(tx)).registration_open:
            raise RegistrationClosed()
        if limited:
            most = of_email(wish.email, MOST_OF_EMAIL) | of_network(address, MOST_OF_NETWORK)
            hits = await ASKED.hit(tx, most, TooManyRegistrations, TooManyRegistrationsOfNetwork)
            await JUDGED.hit(tx, of_network(address, MOST_JUDGED), TooManyRegistrationsOfNetwork)
    try:
        await check_password(wish.password, [wish.name, wish.email, wish.business_name], turn=address)
    except Invalid:
        async with database.transaction(EVERYWHERE) as tx:
            await forget_hits(tx, hits)
        raise
    password_hash = await hashed(wish.password)
    async with database.transaction(EVERYWHERE) as tx:
        said = {field: getattr(wish, field) for field in SAID}
        ask = RegistrationAsk(id=tx.new_id(), password_hash=password_hash, address=address, at=tx.now, **said)
        tx.add(ask)
        await defer(tx, "registration.answer", ask_id=ask.id)


class Registrar:
    """Takes up what was registered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, ask_id: str) -> None:
        """Let a registration wait for its link, or for a yes, and write to them. Done once, however often run."""
        async with self._database.transaction(EVERYWHERE) as tx:
            ask = await tx.get(RegistrationAsk, UUID(ask_id), lock=True)
            if ask is None:
                return
            known = await tx.scalar(select(Party.id).where(Party.email == ask.email))
            if known is not None:
                await send_letter(tx, REGISTRATION_KNOWN, to_person_id=known)
            else:
                await _take_up(tx, ask)
            await tx.delete(ask)


async def _take_up(tx: Transaction, ask: RegistrationAsk) -> None:
    """The newest of an e-mail holds until one is confirmed: nobody is confirmed by what another has filled in."""
    await tx.execute(select(func.pg_advisory_xact_lock(EMAIL_LOCK)))
    row: Registration | None = await tx.scalar(
        select(Registration).where(Registration.email == ask.email, Registration.decided_at.is_(None)).with_for_update()
    )
    if row is not None and row.confirm_by is not None and row.confirmed_at is None:
        await _lapse(tx, row)
        row = None
    if row is None:
        row = await _wait(tx, ask)
    about: dict[str, Any] = {"to_email": ask.email, "language": ask.language, "business": ask.business_name}
    if row.confirm_by is not None and row.confirmed_at is None:
        await send_letter(tx, REGISTRATION_CONFIRM, **about, who=row.name, registration_id=row.id)
    else:
        await send_letter(tx, REGISTRATION_WAITING, **about)


async def _wait(tx: Transaction, ask: RegistrationAsk) -> Registration:
    said = {field: getattr(ask, field) for field in (*SAID, "password_hash", "address")}
    confirm_by = ask.at + CONFIRMED_WITHIN if await mail_works(tx) else None
    row = Registration(id=tx.new_id(), asked_at=ask.at, confirm_by=confirm_by, **said)
    tx.add(row)
    await tx.flush()
    tx.record(installation_stream(), RegistrationAsked(registration=RegistrationForm.model_validate(row)), by=None)
    if confirm_by is None:
        await _write_to_deciders(tx, row)
    return row


async def _write_to_deciders(tx: Transaction, row: Registration) -> None:
    """Tell those who run the installation by letter that a registration waits for their yes."""
    deciders = await tx.scalars(
        select(Account.person_id).where(Account.kind == "superadmin", Account.active).order_by(Account.person_id)
    )
    about = {"business": row.business_name, "who": row.name, "email": row.email, "url": QUEUE}
    for person_id in deciders:
        await send_letter(tx, REGISTRATION_ASKED, to_person_id=person_id, **about)


async def _lapse(tx: Transaction, row: Registration) -> None:
    await tx.delete(row)
    await tx.flush()
    tx.record(installation_stream(), RegistrationLapsed(registration=Gone(id=row.id)), by=None)


# By the link


@dataclass(frozen=True, slots=True)
class Confirming:
    """What a link confirms, as its page says it."""

    business_name: str
    email: str


async def registration_by(database: Database, secret: str) -> Confirming:
    """This is the registration whose e-mail a link confirms.

    Raises:
        LinkDead: it never was, or is no longer good.
    """
    async with database.reading(EVERYWHERE) as tx:
        row = await _by_secret(tx, secret)
        return Confirming(row.business_name, row.email)


async def confirm_registration(database: Database, secret: str, whence: Whence) -> None:
    """Confirm the e-mail of a registration by the link that was sent to it; from then on it can be approved.

    Raises:
        LinkDead: it never was, or is no longer good.
    """
    async with database.transaction(EVERYWHERE) as tx:
        row = await _by_secret(tx, secret, lock=True)
        row.confirmed_at = tx.now
        form = RegistrationForm.model_validate(row)
        tx.record(installation_stream(), RegistrationConfirmed(registration=form), by=None)
        await _write_to_deciders(tx, row)
        about: dict[str, Any] = {"email": row.email, "business": row.business_name}
        note(tx, JOURNAL["registration_confirmed"], address=whence.address, agent=whence.agent, **about)


async def _by_secret(tx: Transaction, secret: str, *, lock: bool = False) -> Registration:
    link = await find_link(tx, "registration", secret)
    row = await tx.get(Registration, link.subject_id, lock=lock) if link else None
    if link is None or row is None or row.confirmed_at or row.decided_at or link.expires_at <= tx.now:
        raise LinkDead()
    return row


# By who runs the installation


Standing = Literal["unconfirmed", "confirmed", "unasked"]


def standing(row: Registration, *, mail: bool) -> Standing:
    """Whether the e-mail of a registration was confirmed, waits to be, or needn't be as no letters are sent."""
    if row.confirmed_at is not None:
        return "confirmed"
    return "unconfirmed" if row.confirm_by is not None and mail else "unasked"


async def awaited(tx: Transaction, signing_in: StrangerSignsIn) -> Awaited | None:
    """This is how a registration waits, for whoever would like to sign in already."""
    query = select(Registration).where(Registration.email == signing_in.email, Registration.decided_at.is_(None))
    found: Registration | None = await tx.scalar(query)
    mail = await mail_works(tx)
    return None if found is None else Awaited(found.password_hash, standing(found, mail=mail) != "unconfirmed")


async def forget_old(tx: Transaction) -> None:
    """Forget registrations whose e-mail wasn't confirmed in time, and what no worker has looked at for days."""
    await tx.execute(delete(RegistrationAsk).where(RegistrationAsk.at < tx.now - LOOKED_AT_WITHIN))
    if not await mail_works(tx):
        return  # nobody could confirm anything
    late = await tx.scalars(
        select(Registration)
        .where(Registration.decided_at.is_(None), Registration.confirmed_at.is_(None), Registration.confirm_by < tx.now)
        .with_for_update(skip_locked=True)
    )
    for row in late:
        await _lapse(tx, row)
