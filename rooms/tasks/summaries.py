"""Summaries: how many tasks rooms have, at a glance."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from rooms.announcements import RoomsSummed
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.tasks import Task
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many tasks there are in a room, and how many of them are completed."""

    all: int
    done: int


async def sum_tasks(tx: Transaction, summed: RoomsSummed) -> dict[str, dict[UUID, TaskCount]]:
    """These are rooms' tasks, counted."""
    rows = await tx.execute(
        select(Task.room_id, func.count().label("all"), func.count(Task.completed_at).label("done"))
        .where(Task.room_id.in_(summed.room_ids), Task.audience.in_(audiences_of(lens_of(summed.actor))))
        .group_by(Task.room_id)
    )
    counts = {room_id: TaskCount(all_, done) for room_id, all_, done in rows}
    return {"tasks": {id: counts.get(id, TaskCount(0, 0)) for id in summed.room_ids}}
