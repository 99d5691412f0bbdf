"""Rooms that are to know of a person's coming and going: those that they are in, and nobody else's (RV-22)."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, select

from rooms.access import Member
from store.database import Transaction
from store.driver import Driver, Statement
from store.scopes import EVERYWHERE


async def rooms_of(tx: Transaction, person_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """These are the rooms that each of the persons is in now."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = await tx.execute(
        select(Member.person_id, Member.room_id).where(Member.person_id.in_(person_ids), Member.left_at.is_(None))
    )
    for row in rows:
        found[row.person_id].append(row.room_id)
    return found


async def members_at_once(driver: Driver, room_id: UUID) -> list[UUID]:
    """These are the persons who are in a room now."""
    return [row["person_id"] for row in await driver.rows(_MEMBERS_AT_ONCE, within=EVERYWHERE, room_id=room_id)]


_MEMBERS = select(Member.person_id).where(Member.room_id == bindparam("room_id"), Member.left_at.is_(None))
_MEMBERS_AT_ONCE = Statement(_MEMBERS)
