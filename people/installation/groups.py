"""Groups: a parent's business and those below it, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from people.accounts import Account
from people.actors import Actor
from people.installation.hierarchy import reach
from people.parties import Party
from store.announcements import Announcement
from store.database import Transaction
from store.errors import NotFound


@dataclass(frozen=True, slots=True)
class BusinessesSummed(Announcement):
    """Businesses are shown side by side; the transaction sees them. The answers are what stands there of each of them:
    by its name, and by the business."""

    actor: Actor
    business_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A business of the group at a glance."""

    id: UUID
    name: str
    depth: int
    people: int
    pieces: Mapping[str, Any]
    """What the parts say of it, by its name."""


async def group(tx: Transaction, actor: Actor) -> list[GroupLine]:
    """These are the asker's business and those below it, in the order of the tree; the transaction sees them.

    Raises:
        NotFound: the asker isn't an admin, or nothing is below.
    """
    places = await reach(tx, actor)
    if not places:
        raise NotFound()
    ids = [place.id for place in places]
    await tx.look(ids)
    people = await _people(tx, ids)
    pieces = await tx.announce(BusinessesSummed(actor, ids))
    said = {name: by_business for piece in pieces for name, by_business in piece.items()}
    return [
        GroupLine(
            id=place.id,
            name=place.name,
            depth=place.depth,
            people=people.get(place.id, 0),
            pieces={name: by_business[place.id] for name, by_business in said.items()},
        )
        for place in places
    ]


async def _people(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.execute(
        select(Party.business_id, func.count())
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id.in_(ids), Account.active)
        .group_by(Party.business_id)
    )
    return {id: int(count) for id, count in rows}
