"""Admins, as who runs the installation sees and makes them: each with the business that they look after."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select

from people.accounts import STATE, Account, account_form
from people.actors import Actor
from people.announcements import PersonRenamed
from people.businesses import Business
from people.events import AccountChanged, PersonChanged
from people.installation.events import AdminAdded, AdminChanged
from people.installation.forms import AdminForm
from people.installation.hierarchy import MoveBusiness, move_business
from people.installation.openings import OpenBusiness, open_business
from people.installation.sentences import JOURNAL
from people.installations import installation_stream, must_run_it
from people.journal import note
from people.languages import Language
from people.mail.account_letters import write_of_account
from people.mailboxes import Email
from people.managers import Managed, managed
from people.parties import NamesParty, Party, email_taken
from people.persons.locks import ACCOUNT_LOCKED, ACCOUNT_UNLOCKED
from people.persons.own_accounts import TimeZone
from people.persons.persons import AddPerson, InvitePerson, add_with_hash, invite_person
from people.signing.access import end_access
from people.signing.passwords.passwords import SetsPassword
from people.signing.sessions import Session
from people.streams import business_stream
from store.commands import Command
from store.database import Database, Transaction
from store.errors import Invalid, _
from store.own_rows import change
from store.sentences import Sentence
from store.texts.folding import folded
from store.texts.sorting import by_name
from store.texts.texts import AsTyped


class AddAdmin(SetsPassword, NamesParty, touches="rights", needs="superadmin"):
    name: str = Field(min_length=1, max_length=120)
    email: Email
    password: AsTyped | None = Field(None, min_length=10, max_length=200)
    """Left out, they get a letter by which they set one."""
    business_id: UUID | None = None
    """The business whose admin they become; or else the name of a new one."""
    business_name: str | None = Field(None, min_length=1, max_length=120)
    parent_id: UUID | None = None
    """Below which business the new one stands."""
    language: Language = "en"
    time_zone: TimeZone = "UTC"


async def judge_admin(_database: Database, actor: Actor, command: AddAdmin) -> None:
    """Judge and hash a new admin's password before the transaction begins, where one is given."""
    if command.password is not None:
        await _hash_of(actor, command, command.password)


async def add_admin(tx: Transaction, actor: Actor, command: AddAdmin) -> AdminForm:
    """Add an admin, with a business of their own or to one that is there.

    Raises:
        EmailTaken: the e-mail belongs to someone, of whatever kind.
        Invalid: neither a business nor a new one's name is given, or both; or the password is easily guessed.
        NotFound: there is no such business.
    """
    if (command.business_id is None) == (command.business_name is None):
        raise Invalid(fields={"business_name": _("Choose a business for them, or name a new one.")})
    business_id = command.business_id or await _open(tx, actor, command)
    who = {"kind": "admin", "name": command.name, "email": command.email, "business_id": business_id}
    if command.password is None:
        added = await invite_person(tx, actor, InvitePerson.model_validate(who | {"language": command.language}))
    else:
        filled = who | {"password": command.password, "language": command.language}
        password_hash = await _hash_of(actor, command, command.password)
        added = await add_with_hash(tx, actor, AddPerson.model_validate(filled), password_hash)
    form = AdminForm(id=added.id, name=added.name, email=command.email, business_id=business_id, active=True)
    tx.record(installation_stream(), AdminAdded(admin=form), by=actor.id)
    return form


async def _hash_of(actor: Actor, command: AddAdmin, password: str) -> str:
    return await command.hash_of(password, [command.name, command.email], turn=actor.id)


async def _open(tx: Transaction, actor: Actor, command: AddAdmin) -> UUID:
    assert command.business_name is not None
    opening = OpenBusiness(business_name=command.business_name, language=command.language, time_zone=command.time_zone)
    opened = await open_business(tx, actor, opening)
    if command.parent_id is not None:
        await move_business(tx, actor, MoveBusiness(business_id=opened.id, parent_id=command.parent_id))
    return opened.id


class ChangeAdmin(NamesParty, touches="rights", needs="superadmin"):
    person_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    email: Email | None = None


async def change_admin(tx: Transaction, actor: Actor, command: ChangeAdmin) -> AdminForm:
    """Change an admin's name or e-mail, which only who runs the installation may for somebody else.

    Raises:
        NotFound: there is no such admin.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    whom = await managed(tx, actor, command.person_id)
    async with tx.refusing("uq_parties_email", email_taken()):
        changed = change(whom.person, command.changes("person_id"))
    form = admin_form(whom)
    if changed:
        told = AccountChanged(account=account_form(whom.person, whom.account), changed=changed)
        tx.record(whom.stream, told, by=actor.id)
        event = PersonChanged(person=whom.form, changed=[field for field in changed if field == "name"])
        tx.record(business_stream(whom.business_id), event, by=actor.id, audience="team")
        tx.record(installation_stream(), AdminChanged(admin=form, changed=changed), by=actor.id)
        journal(tx, actor, whom, JOURNAL["admin_changed"], changed=", ".join(changed))
    if "name" in changed:
        await tx.announce(PersonRenamed(whom.form, "name", actor.id))
    return form


class ActivateAdmin(Command, touches="rights", needs="superadmin"):
    person_id: UUID


async def activate_admin(tx: Transaction, actor: Actor, command: ActivateAdmin) -> AdminForm:
    """Let an admin sign in again; a letter tells them.

    Raises:
        NotFound: there is no such admin.
    """
    return await _set_active(tx, actor, command.person_id, active=True)


class DeactivateAdmin(Command, touches="rights", needs="superadmin"):
    person_id: UUID


async def deactivate_admin(tx: Transaction, actor: Actor, command: DeactivateAdmin) -> AdminForm:
    """Keep an admin from signing in; their open windows close within seconds, and a letter tells
    them. Their business goes on.

    Raises:
        NotFound: there is no such admin.
    """
    return await _set_active(tx, actor, command.person_id, active=False)


async def _set_active(tx: Transaction, actor: Actor, person_id: UUID, *, active: bool) -> AdminForm:
    whom = await managed(tx, actor, person_id)
    if whom.account.active == active and (active or whom.account.locked_above):
        return admin_form(whom)
    whom.account.locked_at = None if active else tx.now
    whom.account.locked_above = not active
    whom.account.deactivated_at = None if active else whom.account.deactivated_at
    whom.account.settle()
    await tx.flush()
    if not active:
        await end_access(tx, whom.id)
    kind = ACCOUNT_UNLOCKED if active else ACCOUNT_LOCKED
    await write_of_account(tx, actor, kind, whom.person, whom.account)
    form = admin_form(whom)
    tx.record(installation_stream(), AdminChanged(admin=form, changed=["active"]), by=actor.id)
    event = PersonChanged(person=whom.form, changed=["active"])
    tx.record(business_stream(whom.business_id), event, by=actor.id, audience="team")
    journal(tx, actor, whom, JOURNAL["admin_activated"] if active else JOURNAL["admin_deactivated"])
    return form


def admin_form(whom: Managed) -> AdminForm:
    """This is an admin as who runs the installation sees them."""
    return AdminForm(
        id=whom.id,
        name=whom.person.name,
        email=whom.person.email or "",
        business_id=whom.business_id,
        active=whom.account.active,
    )


def journal(tx: Transaction, actor: Actor, whom: Managed, what: Sentence, **details: str) -> None:
    """Write into the journal what a superadmin did to an admin."""
    note(
        tx,
        what,
        person_id=whom.id,
        business_id=whom.business_id,
        address=actor.address,
        agent=actor.agent,
        by=str(actor.id),
        **details,
    )


@dataclass(frozen=True, slots=True)
class AdminLine:
    """An admin in the list of them."""

    id: UUID
    name: str
    email: str | None
    state: str
    business_id: UUID
    business: str
    only: bool
    """Whether they are the only admin of their business."""
    seen_at: datetime | None

    def holds(self, words: str) -> bool:
        """Whether a folded text is in the name, the e-mail or the business."""
        return any(words in folded(text or "") for text in (self.name, self.email, self.business))


async def admins(tx: Transaction, actor: Actor, q: str = "", limit: int = 500) -> list[AdminLine]:
    """These are the installation's admins, by business and name; those whose name, e-mail or business holds a text.

    Raises:
        Forbidden: the asker is not a superadmin.
    """
    must_run_it(actor)
    seen = select(func.max(Session.seen_at)).where(Session.person_id == Party.id).correlate(Party).scalar_subquery()
    count = func.count().filter(Account.erased_at.is_(None), Party.email.is_not(None)).over(partition_by=Business.id)
    listed = (
        select(
            Party.id, Party.name, Party.email, STATE.label("state"), Business.id.label("business_id"),
            Business.name.label("business"), (count == 1).label("only"), seen.label("seen_at"),
        )
        .join(Account, Account.person_id == Party.id)
        .join(Business, Business.id == Party.business_id)
        .where(Party.kind == "admin", Account.erased_at.is_(None), Party.email.is_not(None))
        .subquery()
    )  # fmt: skip
    rows = [AdminLine(*row) for row in await tx.execute(select(listed).order_by(listed.c.id))]
    found = [each for each in rows if each.holds(folded(q))]
    return by_name(by_name(found, actor.language), actor.language, attrgetter("business"))[:limit]
