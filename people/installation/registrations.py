"""Registrations: who would like to open a business here, and waits for a superadmin's yes.

Until then there is no account, so nobody can sign in by it. Whoever registers is answered alike whether the e-mail is
known or not; what is so, the letter says.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import EmailStr, Field
from sqlalchemy import Text, select, text
from sqlalchemy.dialects.postgresql import CITEXT, insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import OpenBusiness, open_business
from people.forms import PersonForm
from people.installation.events import AdminAdded, RegistrationAsked, RegistrationDecided, installation_stream
from people.installation.forms import AdminForm, RegistrationForm
from people.installation.settings import installation, must_run_it
from people.languages import Language
from people.letters import send_letter
from people.parties import Party
from people.passwords import check_password, hashed
from people.persons import AddPerson, TimeZone, add_with_hash
from people.signing.journal import note
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Conflict, Forbidden, NotFound, _
from store.rows import Row
from store.scopes import EVERYWHERE

HASHED_ALREADY = "-" * 10


class Registration(Row):
    """Someone who registered; there is one for an e-mail that waits. Decided, it keeps no password."""

    __tablename__ = "registrations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_name: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(CITEXT)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decision: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")


class RegisterBusiness(Command):
    """What a stranger fills in. It is no command of the wire: strangers have none."""

    business_name: str = Field(min_length=1, max_length=120)
    name: str = Field(min_length=1, max_length=120)
    email: EmailStr
    password: str = Field(min_length=10, max_length=200)
    language: Language = "en"
    time_zone: TimeZone = "UTC"


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    message = _("Nobody can register here at present.")


async def register(database: Database, wish: RegisterBusiness, *, address: str) -> None:
    """Register a business and its admin; a letter tells them what came of it.

    Raises:
        RegistrationClosed: nobody may.
        Invalid: the password is easily guessed.
    """
    check_password(wish.password, [wish.name, wish.email, wish.business_name])
    password_hash = await hashed(wish.password)
    async with database.transaction(EVERYWHERE) as tx:
        if not (await installation(tx)).registration_open:
            raise RegistrationClosed()
        known = await tx.scalar(select(Party.id).where(Party.email == wish.email))
        if known is not None:
            await send_letter(tx, "registration_known", to_person_id=known)
            return
        row = {field: getattr(wish, field) for field in ("business_name", "name", "email", "language", "time_zone")}
        row |= {"id": tx.new_id(), "password_hash": password_hash, "address": address, "asked_at": tx.now, "reason": ""}
        waiting = insert(Registration).values(**row)
        once = waiting.on_conflict_do_nothing(index_elements=["email"], index_where=text("decided_at is null"))
        id = await tx.scalar(once.returning(Registration.id))
        about: dict[str, Any] = {"to_email": wish.email, "language": wish.language, "business": wish.business_name}
        await send_letter(tx, "registration_waiting", **about)
        if id is not None:
            form = RegistrationForm(
                id=id,
                business_name=wish.business_name,
                name=wish.name,
                email=wish.email,
                asked_at=tx.now,
                decision=None,
            )
            tx.record(installation_stream(), RegistrationAsked(registration=form), by=None)


class ApproveRegistration(Command):
    registration_id: UUID


class AlreadyDecided(Conflict):
    code = "already_decided"
    message = _("This was decided already.")


async def waiting_hash(tx: Transaction, email: str) -> str | None:
    """This is the password's hash of a registration that waits, for whoever would like to sign in already."""
    query = select(Registration.password_hash).where(Registration.email == email, Registration.decided_at.is_(None))
    found: str | None = await tx.scalar(query)
    return found


async def approve_registration(tx: Transaction, actor: Actor, command: ApproveRegistration) -> PersonForm:
    """Open the business of someone who registered; a letter tells them that they can sign in.

    Raises:
        Forbidden: the asker is not a superadmin.
        NotFound: there is no such registration.
        AlreadyDecided: it was approved or refused before.
        EmailTaken: meanwhile the e-mail belongs to someone.
    """
    row = await _waiting(tx, actor, command.registration_id)
    opening = OpenBusiness(business_name=row.business_name, language=row.language, time_zone=row.time_zone)
    opened = await open_business(tx, actor, opening)
    who = {"name": row.name, "email": row.email, "language": row.language, "business_id": opened.id}
    adding = AddPerson.model_validate(who | {"kind": "admin", "password": HASHED_ALREADY})
    added = await add_with_hash(tx, actor, adding, row.password_hash)
    await send_letter(tx, "account_approved", to_person_id=added.id, business=row.business_name)
    _decide(tx, actor, row, "approved")
    form = AdminForm(id=added.id, name=row.name, email=row.email, business_id=opened.id, active=True)
    tx.record(installation_stream(), AdminAdded(admin=form), by=actor.id)
    note(tx, "registration_approved", person_id=added.id, business_id=opened.id, by=str(actor.id))
    return added


class RefuseRegistration(Command):
    registration_id: UUID
    reason: str = Field("", max_length=500)


async def refuse_registration(tx: Transaction, actor: Actor, command: RefuseRegistration) -> None:
    """Say no to someone who registered; a letter tells them, with the reason.

    Raises:
        Forbidden: the asker is not a superadmin.
        NotFound: there is no such registration.
        AlreadyDecided: it was approved or refused before.
    """
    row = await _waiting(tx, actor, command.registration_id)
    row.reason = command.reason
    about: dict[str, Any] = {"to_email": row.email, "language": row.language, "business": row.business_name}
    await send_letter(tx, "account_refused", **about, reason=command.reason)
    _decide(tx, actor, row, "refused")
    about_them: dict[str, Any] = {"name": row.name, "email": row.email, "business": row.business_name}
    note(tx, "registration_refused", address=actor.address, agent=actor.agent, by=str(actor.id), **about_them)


async def _waiting(tx: Transaction, actor: Actor, registration_id: UUID) -> Registration:
    must_run_it(actor)
    row = await tx.get(Registration, registration_id, lock=True)
    if row is None:
        raise NotFound()
    if row.decided_at is not None:
        raise AlreadyDecided()
    return row


def _decide(tx: Transaction, actor: Actor, row: Registration, decision: str) -> None:
    row.decision, row.decided_at, row.decided_by, row.password_hash = decision, tx.now, actor.id, ""
    tx.record(
        installation_stream(), RegistrationDecided(registration=RegistrationForm.model_validate(row)), by=actor.id
    )


async def registrations(tx: Transaction, actor: Actor) -> list[Registration]:
    """These are the registrations that wait, the earliest first.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    rows = await tx.scalars(
        select(Registration).where(Registration.decided_at.is_(None)).order_by(Registration.asked_at).limit(200)
    )
    return list(rows)
