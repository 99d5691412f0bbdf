"""Managers: who looks after whom. Admins after everyone, staff who manage staff after staff, those for clients after
clients, and whoever runs the installation after admins. Nobody but admins looks after an admin.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.forms import PersonForm
from people.journal import note
from people.parties import Party
from people.streams import business_stream, own_stream
from store.database import Transaction
from store.errors import Conflict, Forbidden, NotFound, _
from store.events import Event
from store.sentences import Sentence
from store.streams import Stream

LOOKING_AFTER = ("clients", "staff", "superadmin")
"""What a command needs with which one looks after somebody: that it is somebody of theirs, its verb sees."""


@dataclass(frozen=True, slots=True)
class Managed:
    """Someone, with their account, whom the asker looks after; both rows are locked."""

    person: Party
    account: Account

    @property
    def id(self) -> UUID:
        return self.person.id

    @property
    def business_id(self) -> UUID:
        assert self.person.business_id is not None
        return self.person.business_id

    @property
    def stream(self) -> Stream:
        return own_stream(self.person.id, self.person.business_id)

    @property
    def form(self) -> PersonForm:
        return PersonForm.model_validate(self.person)


class LastAdmin(Conflict):
    code = "last_admin"
    message = _("This is the last admin who can sign in. Make someone else an admin first.")


class HasLeft(Conflict):
    code = "has_left"
    message = _("This person is deactivated. Reactivate them first.")


class IsYourself(Conflict):
    code = "is_yourself"
    message = _("You can't do this to yourself. Ask another admin.")


def manages(actor: Actor, kind: str) -> bool:
    """Whether someone looks after the people of a kind."""
    if kind == "admin":
        return actor.kind in ("admin", "superadmin")
    return actor.business_id is not None and actor.may("clients" if kind == "client" else "staff")


async def managed(tx: Transaction, actor: Actor, person_id: UUID, *, lock: bool = True) -> Managed:
    """This is someone whom the asker looks after, locked unless only looked at.

    Raises:
        Forbidden: the asker looks after nobody, or not after people of that kind.
        NotFound: there is no such person in the asker's business.
    """
    if not any(manages(actor, kind) for kind in ("admin", "staff", "client")):
        raise Forbidden()
    account = await tx.get(Account, person_id, lock=lock)
    person = await tx.get(Party, person_id, lock=lock)
    if account is None or person is None or person.business_id is None:
        raise NotFound()
    if actor.kind == "superadmin":
        if person.kind != "admin":
            raise NotFound()
    elif person.business_id != actor.business_id:
        raise NotFound()
    if not manages(actor, person.kind):
        raise Forbidden()
    return Managed(person, account)


async def spare_last_admin(tx: Transaction, whom: Managed) -> None:
    """Refuse to take away the last admin who can sign in. The business's row is locked: of two who try, one is second.

    Raises:
        LastAdmin: there is no other.
    """
    if whom.person.kind != "admin" or not whom.account.active or whom.account.password_hash is None:
        return
    await tx.execute(select(Business.id).where(Business.id == whom.business_id).with_for_update(key_share=True))
    others = await tx.scalar(
        select(func.count())
        .select_from(Account)
        .where(
            Account.business_id == whom.business_id,
            Account.kind == "admin",
            Account.active,
            Account.password_hash.is_not(None),
            Account.person_id != whom.id,
        )
    )
    if not others:
        raise LastAdmin()


def spare_oneself(actor: Actor, whom: Managed) -> None:
    """Refuse what nobody should do to themselves.

    Raises:
        IsYourself: it would be.
    """
    if actor.id == whom.id:
        raise IsYourself()


def must_be_here(whom: Managed) -> None:
    """Refuse what is not to be done to who has left.

    Raises:
        HasLeft: they have.
    """
    if whom.account.deactivated_at is not None:
        raise HasLeft()


def tell(tx: Transaction, actor: Actor, whom: Managed, event: Event, what: Sentence, **details: Any) -> None:
    """Tell the team what happened to someone, and write it into the journal."""
    tx.record(business_stream(whom.business_id), event, by=actor.id, audience="team")
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
