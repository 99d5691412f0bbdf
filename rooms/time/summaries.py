"""Summaries: how long was worked in rooms this month, and who works there now, at a glance."""

from typing import Any
from uuid import UUID

from rooms.announcements import RoomsSummed
from rooms.time.hours import hours_by_room, this_month_of
from rooms.time.timers import running_timers
from store.database import Transaction


async def sum_time(tx: Transaction, summed: RoomsSummed) -> dict[str, dict[UUID, Any]]:
    """These are the seconds worked in rooms this month, and the timers that run there."""
    actor, ids = summed.actor, summed.room_ids
    hours = await hours_by_room(tx, actor, ids, this_month_of(tx.now, actor))
    timers = await running_timers(tx, actor)
    return {
        "month_seconds": {id: hours.get(id, 0) for id in ids},
        "timers": {id: [timer for timer in timers if timer.room_id == id] for id in ids},
    }
