"""Colleagues: the people of a business's team, as departments and leave speak of them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from people.accounts import Account
from people.parties import Party
from store.database import Transaction
from store.errors import Invalid, NotFound, _


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    kind: str
    active: bool = True


async def colleagues(tx: Transaction, business_id: UUID, *, gone_too: bool = False) -> list[Colleague]:
    """These are the people of a business's team, the earliest first."""
    rows = await tx.execute(
        select(Party.id, Party.name, Party.kind, Account.active)
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id == business_id, Party.kind.in_(("admin", "staff")), Account.active | gone_too)
        .order_by(Party.id)
        .limit(2000)
    )
    return [Colleague(*row) for row in rows]


async def colleague(tx: Transaction, business_id: UUID, person_id: UUID) -> Colleague:
    """This is one of a business's team, also one who has left.

    Raises:
        NotFound: there is none such in the business, or it is a client.
    """
    row = (
        await tx.execute(
            select(Party.id, Party.name, Party.kind, Account.active)
            .join(Account, Account.person_id == Party.id)
            .where(Party.id == person_id, Party.business_id == business_id, Party.kind.in_(("admin", "staff")))
        )
    ).first()
    if row is None:
        raise NotFound()
    return Colleague(*row)


async def must_be_colleague(
    tx: Transaction, business_id: UUID, person_id: UUID, *, field: str = "person_id"
) -> Colleague:
    """This is someone of the team who can sign in.

    Raises:
        Invalid: there is none such, on the field.
    """
    try:
        found = await colleague(tx, business_id, person_id)
    except NotFound:
        found = None
    if found is None or not found.active:
        raise Invalid(fields={field: _("There is no such person in the team.")})
    return found
