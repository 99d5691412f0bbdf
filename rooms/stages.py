"""Rooms at the stages of their process."""

from uuid import UUID

from sqlalchemy import func, select

from processes.announcements import StageGoes, StagesCounted
from rooms.access import Room
from store.database import Transaction


async def rooms_are_at(tx: Transaction, going: StageGoes) -> bool:
    """Whether a room is at a stage that goes."""
    return bool(await tx.scalar(select(Room.id).where(Room.stage_id == going.stage_id).limit(1)))


async def count_rooms_at_stages(tx: Transaction, counted: StagesCounted) -> dict[UUID, int]:
    """These are the numbers of a business's rooms at each stage."""
    at = (
        select(Room.stage_id, func.count().label("things"))
        .where(Room.business_id == counted.business_id)
        .group_by(Room.stage_id)
    )
    return {row.stage_id: row.things for row in await tx.execute(at)}
