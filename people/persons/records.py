"""Records: a client who is of the staff as well. The client's record stays, in rooms and with its companies; it is
linked to the staff's account, and only that one signs in.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from people.accounts import Account
from people.actors import Actor
from people.events import PersonLinked, PersonUnlinked
from people.forms import PersonForm
from people.managers import Managed, managed, must_be_here, tell
from people.parties import Party
from people.persons.invitations import close_invitation
from people.persons.sentences import JOURNAL
from people.signing.access import end_access
from store.commands import All, Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _


class AlreadyLinked(Conflict):
    code = "already_linked"
    message = _("This client's record is already linked to someone.")


class LinkPerson(Command, touches="entry", needs=All(("clients", "staff")), area="people"):
    person_id: UUID
    """The client's record."""
    staff_id: UUID
    """Who of the team the same person is."""


async def link_person(tx: Transaction, actor: Actor, command: LinkPerson) -> PersonForm:
    """Link a client's record to the member of the team who is the same person: from then on only that account signs in.

    Raises:
        NotFound: there is no such person in the asker's business.
        Invalid: the record isn't a client's, or the other isn't of the team.
        AlreadyLinked: it is linked to another.
        HasLeft: the client's record was closed.
    """
    business_id = actor.here
    whom = await managed(tx, actor, command.person_id)
    if whom.person.kind != "client":
        raise Invalid(fields={"person_id": _("Only a client's record can be linked to a team member.")})
    must_be_here(whom)
    if whom.account.linked_id == command.staff_id:
        return whom.form
    if whom.account.linked_id is not None:
        raise AlreadyLinked()
    await _must_be_of_the_team(tx, business_id, command.staff_id)
    whom.account.linked_id = command.staff_id
    whom.account.settle()
    await tx.flush()
    await close_invitation(tx, whom.id, "withdrawn")
    await end_access(tx, whom.id)
    event = PersonLinked(person=whom.form, staff_id=command.staff_id)
    tell(tx, actor, whom, event, JOURNAL["person_linked"], staff_id=str(command.staff_id))
    return whom.form


async def _must_be_of_the_team(tx: Transaction, business_id: UUID, staff_id: UUID) -> None:
    staff = await tx.get(Party, staff_id)
    account = await tx.get(Account, staff_id)
    if (
        staff is None
        or account is None
        or staff.business_id != business_id
        or staff.kind not in ("admin", "staff")
        or account.deactivated_at is not None
    ):
        raise Invalid(fields={"staff_id": _("There is no such person in the team.")})


class UnlinkPerson(Command, touches="entry", needs=All(("clients", "staff")), area="people"):
    person_id: UUID


async def unlink_person(tx: Transaction, actor: Actor, command: UnlinkPerson) -> PersonForm:
    """Take a client's record for somebody by itself again; with a password of its own it may sign in.

    Raises:
        NotFound: there is no such person in the asker's business.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.linked_id is None:
        return whom.form
    whom.account.linked_id = None
    whom.account.settle()
    await tx.flush()
    tell(tx, actor, whom, PersonUnlinked(person=whom.form), JOURNAL["person_unlinked"])
    return whom.form


async def release_records(tx: Transaction, actor: Actor, staff_id: UUID) -> None:
    """Let clients' records of somebody who leaves the team stand by themselves, so that they may sign in as clients."""
    for whom in await _records(tx, Account.linked_id == staff_id):
        whom.account.linked_id, whom.account.linked_before_id = None, staff_id
        whom.account.settle()
        await tx.flush()
        tell(tx, actor, whom, PersonUnlinked(person=whom.form), JOURNAL["person_unlinked"])


async def take_records_back(tx: Transaction, actor: Actor, staff_id: UUID) -> None:
    """Link the records again of somebody who comes back to the team: from then on only that account signs in."""
    for whom in await _records(tx, Account.linked_before_id == staff_id, Account.linked_id.is_(None)):
        whom.account.linked_id, whom.account.linked_before_id = staff_id, None
        whom.account.settle()
        await tx.flush()
        await end_access(tx, whom.id)
        event = PersonLinked(person=whom.form, staff_id=staff_id)
        tell(tx, actor, whom, event, JOURNAL["person_linked"], staff_id=str(staff_id))


async def _records(tx: Transaction, *which: ColumnElement[bool]) -> list[Managed]:
    rows = await tx.execute(
        select(Party, Account)
        .join(Account, Account.person_id == Party.id)
        .where(Account.deactivated_at.is_(None), *which)
        .order_by(Party.id)
        .with_for_update(of=Account)
    )
    return [Managed(person, account) for person, account in rows]
