"""Decisions on registrations: a superadmin approves or refuses, and what waits for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.actors import Actor
from people.forms import PersonForm
from people.installation.events import AdminAdded, RegistrationDecided
from people.installation.forms import AdminForm, RegistrationForm
from people.installation.openings import OpenBusiness, open_business
from people.installation.registrations import HASHED_ALREADY, Registration, Standing, standing
from people.installation.sentences import JOURNAL
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.mail import mail_kind, send_letter
from people.mail.mail_settings import mail_works
from people.persons.persons import AddPerson, add_with_hash
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, NotFound, _
from store.texts.texts import Lines

ACCOUNT_APPROVED = mail_kind(
    "account_approved", _("Your business is ready: %(business)s"), _("Registration approved"), "business"
)
ACCOUNT_REFUSED = mail_kind(
    "account_refused", _("Your registration was declined"), _("Registration declined"), "business", "reason"
)


class ApproveRegistration(Command, touches="rights", needs="superadmin"):
    registration_id: UUID


class AlreadyDecided(Conflict):
    code = "already_decided"
    message = _("This has already been decided.")


class NotConfirmed(Conflict):
    code = "not_confirmed"
    message = _("This registration's email hasn't been confirmed yet. You can approve it after that.")


async def approve_registration(tx: Transaction, actor: Actor, command: ApproveRegistration) -> PersonForm:
    """Open the business of someone who registered; a letter tells them that they can sign in.

    Raises:
        NotFound: there is no such registration.
        AlreadyDecided: it was approved or refused before.
        NotConfirmed: letters are sent here, and the link in theirs wasn't used yet.
        EmailTaken: meanwhile the e-mail belongs to someone.
    """
    row = await _waiting(tx, command.registration_id)
    if standing(row, mail=await mail_works(tx)) == "unconfirmed":
        raise NotConfirmed()
    opening = OpenBusiness(business_name=row.business_name, language=row.language, time_zone=row.time_zone)
    opened = await open_business(tx, actor, opening)
    who = {"name": row.name, "email": row.email, "language": row.language, "business_id": opened.id}
    adding = AddPerson.model_validate(who | {"kind": "admin", "password": HASHED_ALREADY})
    added = await add_with_hash(tx, actor, adding, row.password_hash)
    await send_letter(tx, ACCOUNT_APPROVED, to_person_id=added.id, business=row.business_name)
    _decide(tx, actor, row, "approved")
    form = AdminForm(id=added.id, name=row.name, email=row.email, business_id=opened.id, active=True)
    tx.record(installation_stream(), AdminAdded(admin=form), by=actor.id)
    note(tx, JOURNAL["registration_approved"], person_id=added.id, business_id=opened.id, by=str(actor.id))
    return added


class RefuseRegistration(Command, touches="rights", needs="superadmin"):
    registration_id: UUID
    reason: Lines = Field("", max_length=500)


async def refuse_registration(tx: Transaction, actor: Actor, command: RefuseRegistration) -> None:
    """Say no to someone who registered; a letter tells them, with the reason.

    Raises:
        NotFound: there is no such registration.
        AlreadyDecided: it was approved or refused before.
    """
    row = await _waiting(tx, command.registration_id)
    row.reason = command.reason
    about: dict[str, Any] = {"to_email": row.email, "language": row.language, "business": row.business_name}
    await send_letter(tx, ACCOUNT_REFUSED, **about, reason=command.reason)
    _decide(tx, actor, row, "refused")
    about_them: dict[str, Any] = {"name": row.name, "email": row.email, "business": row.business_name}
    note(tx, JOURNAL["registration_refused"], address=actor.address, agent=actor.agent, by=str(actor.id), **about_them)


async def _waiting(tx: Transaction, registration_id: UUID) -> Registration:
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A registration in the queue."""

    id: UUID
    business_name: str
    name: str
    email: str
    asked_at: datetime
    confirm_by: datetime | None
    standing: Standing


async def registrations(tx: Transaction, actor: Actor) -> list[Waiting]:
    """These are the registrations that wait, the earliest first; those that can be decided before the others.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    mail = await mail_works(tx)
    rows = await tx.scalars(
        select(Registration).where(Registration.decided_at.is_(None)).order_by(Registration.asked_at).limit(200)
    )
    found = [
        Waiting(row.id, row.business_name, row.name, row.email, row.asked_at, row.confirm_by, standing(row, mail=mail))
        for row in rows
    ]
    return sorted(found, key=lambda each: each.standing == "unconfirmed")
