"""Departures: a person is never deleted. Who leaves can't sign in any more, and a successor takes over what was theirs;
whoever asks for it is erased afterwards: a pseudonym stands where the name stood.

What is handed over, those folders say in which it is kept: they answer ``Held`` and ``Leaving``.
"""

from dataclasses import dataclass
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.accounts import Account
from people.actors import Actor
from people.announcements import PersonRenamed
from people.events import PersonDeactivated, PersonErased, PersonReactivated
from people.forms import PersonForm
from people.mail.account_letters import account_kind, write_of_account
from people.managers import LOOKING_AFTER, Managed, managed, spare_last_admin, spare_oneself, tell
from people.parties import Party
from people.persons.erasures import forget_person
from people.persons.invitations import close_invitation
from people.persons.records import release_records, take_records_back
from people.persons.sentences import JOURNAL
from people.signing.access import end_access
from people.streams import business_stream
from store.announcements import Announcement
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.keys import forget_answers
from store.log import reword
from store.texts.sorting import by_name
from store.texts.texts import AsTyped

ACCOUNT_CLOSED = account_kind("account_closed", _("Your account was deactivated"), _("Account deactivated"))
ACCOUNT_REOPENED = account_kind("account_reopened", _("Your account is active again"), _("Account reactivated"))


@dataclass(frozen=True, slots=True)
class Leaving(Announcement):
    """Somebody is let go, who passes on what is theirs to a successor, if there is one."""

    whom: Managed
    successor: Managed | None
    by: Actor


@dataclass(frozen=True, slots=True)
class Held(Announcement):
    """What does somebody hold that would be handed over? The answers are lists of ``Holding``."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class Holding:
    """How much someone holds of something. ``needs_successor``: it can't be left with nobody."""

    name: str
    count: int
    needs_successor: bool = True


@dataclass(frozen=True, slots=True)
class Erased(Announcement):
    """Somebody's name is a pseudonym from now on, also in what was told before."""

    whom: Managed


class DeactivatePerson(
    Command, touches="work", needs=LOOKING_AFTER, area="people", fields_touch={"successor_id": "membership"}
):
    person_id: UUID
    successor_id: UUID | None = None
    """Who takes over their rooms, tasks and what else is theirs; needed when there is any."""


class StillHere(Conflict):
    code = "still_here"
    message = _("This person is still active. Deactivate them first, then their data can be erased.")


class AlreadyErased(Conflict):
    code = "already_erased"
    message = _("This person's data was erased, so they can't be reactivated.")


async def deactivate_person(tx: Transaction, actor: Actor, command: DeactivatePerson) -> PersonForm:
    """Let someone go: they can't sign in any more, their clock stops, and a successor takes over their open rooms and
    tasks. What they wrote and did keeps their name. Leave that they asked for is taken back, and what was approved ends
    with their last day: the one on their card, if it is to come, else today. Letting go who has left changes nothing.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        LastAdmin: there is no other admin who can sign in.
        IsYourself: nobody lets themselves go.
        Invalid: there is something to take over and nobody named, or somebody who can't.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.deactivated_at is not None:
        return whom.form
    await spare_last_admin(tx, whom)
    spare_oneself(actor, whom)
    successor = await _successor(tx, whom, command.successor_id) if command.successor_id else None
    await _close(tx, actor, whom, command)
    if successor is None and whom.person.kind != "client" and await _needs_successor(tx, whom.id):
        raise Invalid(fields={"successor_id": _("Choose who takes over their rooms and tasks.")})
    await tx.announce(Leaving(whom, successor, actor))
    event = PersonDeactivated(person=whom.form, successor_id=command.successor_id)
    tell(tx, actor, whom, event, JOURNAL["person_deactivated"], successor_id=str(command.successor_id or ""))
    return whom.form


async def _close(tx: Transaction, actor: Actor, whom: Managed, command: DeactivatePerson) -> None:
    whom.account.deactivated_at = tx.now
    whom.account.successor_id = command.successor_id
    whom.account.settle()
    await tx.flush()
    await close_invitation(tx, whom.id, "withdrawn")
    await end_access(tx, whom.id)
    await write_of_account(tx, actor, ACCOUNT_CLOSED, whom.person, whom.account)
    await release_records(tx, actor, whom.id)


async def _needs_successor(tx: Transaction, person_id: UUID) -> bool:
    return any(held.count > 0 for held in await _held_by(tx, person_id) if held.needs_successor)


async def held_by(tx: Transaction, person_id: UUID) -> dict[str, int]:
    """This is how much someone would hand over, by the names of what is handed over."""
    return {held.name: held.count for held in await _held_by(tx, person_id)}


async def _held_by(tx: Transaction, person_id: UUID) -> list[Holding]:
    return [held for answer in await tx.announce(Held(person_id)) for held in answer]


async def _successor(tx: Transaction, whom: Managed, successor_id: UUID) -> Managed:
    person, account = await tx.get(Party, successor_id), await tx.get(Account, successor_id)
    kinds = ("client",) if whom.person.kind == "client" else ("admin", "staff")
    if (
        person is None
        or account is None
        or successor_id == whom.id
        or person.business_id != whom.business_id
        or person.kind not in kinds
        or not account.active
    ):
        raise Invalid(fields={"successor_id": _("Choose someone active who can take this over.")})
    return Managed(person, account)


class ReactivatePerson(Command, touches="rights", needs=LOOKING_AFTER):
    person_id: UUID


async def reactivate_person(tx: Transaction, actor: Actor, command: ReactivatePerson) -> PersonForm:
    """Let someone who has left come back; a letter tells them. What was handed over stays with who took it over.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        AlreadyErased: their data were erased.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.erased_at is not None:
        raise AlreadyErased()
    if whom.account.deactivated_at is None:
        return whom.form
    whom.account.deactivated_at = None
    whom.account.successor_id = None
    whom.account.settle()
    await tx.flush()
    await take_records_back(tx, actor, whom.id)
    if whom.account.active:
        await write_of_account(tx, actor, ACCOUNT_REOPENED, whom.person, whom.account)
    tell(tx, actor, whom, PersonReactivated(person=whom.form), JOURNAL["person_reactivated"])
    return whom.form


class ErasePerson(Command, touches="work", needs="admin", area="people"):
    person_id: UUID
    name: AsTyped = Field(max_length=200)
    """The name as it stands, typed again: what is erased doesn't come back."""


async def erase_person(tx: Transaction, actor: Actor, command: ErasePerson) -> PersonForm:
    """Erase the personal data of someone who has left, who asks for it: a pseudonym stands where the name stood, also
    in all that was told before. What they did stays. An admin does it, and types the name to be sure.

    Raises:
        NotFound: there is no such person in the asker's business.
        StillHere: they haven't left.
        AlreadyErased: it was done before.
        Invalid: the name typed isn't theirs.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.erased_at is not None:
        raise AlreadyErased()
    if whom.account.deactivated_at is None:
        raise StillHere()
    if command.name.strip() != whom.person.name:
        raise Invalid(fields={"name": _("This isn't the person's name.")})
    await _clear(tx, whom)
    await _reword(tx, whom)
    await tx.announce(Erased(whom))
    tell(tx, actor, whom, PersonErased(person=whom.form), JOURNAL["person_erased"])
    await tx.announce(PersonRenamed(whom.form, "name", actor.id))
    return whom.form


async def _reword(tx: Transaction, whom: Managed) -> None:
    """Take the name out of what was told of the person and their account before."""
    team = business_stream(whom.business_id).name
    await reword(tx, [team], ("person", "id"), whom.id, {"name": whom.person.name})
    blank = {"name": whom.person.name, "email": "", "phone": "", "address": ""}
    await reword(tx, [whom.stream.name], ("account", "id"), whom.id, blank)


def pseudonym(whom: Managed) -> str:
    """Former colleague 3F2A: kept in English, like the names of built-in stages, and shown in the reader's language."""
    return f"Former {'client' if whom.person.kind == 'client' else 'colleague'} {whom.id.hex[-4:].upper()}"


async def _clear(tx: Transaction, whom: Managed) -> None:
    person, account = whom.person, whom.account
    name, email = person.name, person.email
    person.name, person.email = pseudonym(whom), None
    account.phone = account.address = ""
    account.password_hash = account.invited_at = account.locked_at = None
    account.role_id, account.permissions, account.extra_permissions = None, [], []
    account.erased_at = tx.now
    await tx.flush()
    await forget_person(tx, whom.business_id, whom.id, name=name, email=email, pseudonym=person.name)
    await forget_answers(tx, whom.business_id, whom.id)


async def successors(tx: Transaction, actor: Actor, person_id: UUID, kind: str) -> list[tuple[UUID, str]]:
    """These are the people of the asker's business who could take over from someone of a kind, by name."""
    kinds = ("client",) if kind == "client" else ("admin", "staff")
    rows = await tx.execute(
        select(Party.id, Party.name)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == actor.business_id, Party.kind.in_(kinds), Account.active, Party.id != person_id)
        .order_by(Party.id)
    )
    return [(id, name) for id, name in by_name(rows, actor.language)[:2000]]
