"""Locks: who is locked can't sign in; their rooms, tasks, clock and all that works for them go on."""

from uuid import UUID

from people.actors import Actor
from people.events import PersonLocked, PersonUnlocked
from people.forms import PersonForm
from people.mail.account_letters import account_kind, write_of_account
from people.managers import LOOKING_AFTER, managed, must_be_here, spare_last_admin, spare_oneself, tell
from people.persons.sentences import JOURNAL
from people.signing.access import end_access
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, _

ACCOUNT_LOCKED = account_kind("account_locked", _("Your account was locked"), _("Account locked"))
ACCOUNT_UNLOCKED = account_kind("account_unlocked", _("Your account was unlocked"), _("Account unlocked"))


class LockedAbove(Forbidden):
    code = "locked_above"
    message = _("This account was deactivated by the people who run this installation. Only they can reactivate it.")


class LockPerson(Command, touches="work", needs=LOOKING_AFTER, area="people"):
    person_id: UUID


async def lock_person(tx: Transaction, actor: Actor, command: LockPerson) -> PersonForm:
    """Lock someone: they can't sign in, and their windows close; all else goes on. A letter tells them. Locking twice
    changes nothing.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        IsYourself: nobody locks themselves.
        LastAdmin: nobody else could let them in again.
        HasLeft: they have left.
    """
    whom = await managed(tx, actor, command.person_id)
    must_be_here(whom)
    if whom.account.locked_at is not None:
        return whom.form
    await spare_last_admin(tx, whom)
    spare_oneself(actor, whom)
    whom.account.locked_at = tx.now
    whom.account.settle()
    await tx.flush()
    await end_access(tx, whom.id)
    await write_of_account(tx, actor, ACCOUNT_LOCKED, whom.person, whom.account)
    tell(tx, actor, whom, PersonLocked(person=whom.form), JOURNAL["person_locked"])
    return whom.form


class UnlockPerson(Command, touches="rights", needs=LOOKING_AFTER):
    person_id: UUID


async def unlock_person(tx: Transaction, actor: Actor, command: UnlockPerson) -> PersonForm:
    """Let someone who was locked sign in again; a letter tells them.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        LockedAbove: who runs the installation locked them.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.locked_at is None:
        return whom.form
    if whom.account.locked_above and actor.kind != "superadmin":
        raise LockedAbove()
    whom.account.locked_at, whom.account.locked_above = None, False
    whom.account.settle()
    await tx.flush()
    if whom.account.active:
        await write_of_account(tx, actor, ACCOUNT_UNLOCKED, whom.person, whom.account)
    tell(tx, actor, whom, PersonUnlocked(person=whom.form), JOURNAL["person_unlocked"])
    return whom.form
