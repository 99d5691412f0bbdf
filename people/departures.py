"""Departures: a person is never deleted. Who leaves can't sign in any more, and a successor takes over what was theirs;
whoever asks for it is erased afterwards: a pseudonym stands where the name stood.

What is handed over in rooms is in ``rooms.departures``.
"""

from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from people.access import end_access
from people.accounts import Account
from people.actors import Actor
from people.erasures import forget_person
from people.events import PersonReactivated
from people.forms import PersonForm
from people.invitations import close_invitation
from people.mail.account_letters import write_of_account
from people.managers import LOOKING_AFTER, Managed, managed, spare_last_admin, spare_oneself, tell
from people.parties import Party
from people.records import release_records, take_records_back
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.keys import forget_answers
from store.sorting import by_name
from store.texts import AsTyped


class DeactivatePerson(Command, touches="work", needs=LOOKING_AFTER, area="people"):
    person_id: UUID
    successor_id: UUID | None = None
    """Who takes over their rooms, tasks and what else is theirs; needed when there is any."""


class StillHere(Conflict):
    code = "still_here"
    message = _("This person is still active. Deactivate them first, then their data can be erased.")


class AlreadyErased(Conflict):
    code = "already_erased"
    message = _("This person's data was erased, so they can't be reactivated.")


async def leave(tx: Transaction, actor: Actor, whom: Managed, command: DeactivatePerson) -> Managed | None:
    """Close someone's account, and tell them by letter; this is who takes over.

    Raises:
        As ``rooms.departures.deactivate_person``.
    """
    await spare_last_admin(tx, whom)
    spare_oneself(actor, whom)
    successor = await _successor(tx, whom, command.successor_id) if command.successor_id else None
    whom.account.deactivated_at = tx.now
    whom.account.successor_id = command.successor_id
    whom.account.settle()
    await tx.flush()
    await close_invitation(tx, whom.id, "withdrawn")
    await end_access(tx, whom.id)
    await write_of_account(tx, actor, "account_closed", whom.person, whom.account)
    await release_records(tx, actor, whom.id)
    return successor


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
        await write_of_account(tx, actor, "account_reopened", whom.person, whom.account)
    tell(tx, actor, whom, PersonReactivated(person=whom.form), "person_reactivated")
    return whom.form


class ErasePerson(Command, touches="work", needs="admin", area="people"):
    person_id: UUID
    name: AsTyped = Field(max_length=200)
    """The name as it stands, typed again: what is erased doesn't come back."""


async def erase(tx: Transaction, actor: Actor, command: ErasePerson) -> Managed:
    """Put a pseudonym in the place of someone's name, and clear all else that is known of them.

    Raises:
        As ``rooms.departures.erase_person``.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.erased_at is not None:
        raise AlreadyErased()
    if whom.account.deactivated_at is None:
        raise StillHere()
    if command.name.strip() != whom.person.name:
        raise Invalid(fields={"name": _("This isn't the person's name.")})
    await _clear(tx, whom)
    return whom


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
