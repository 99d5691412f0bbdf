"""Summaries: how long was worked, and who works now, at a glance: in rooms this month, in businesses this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.installation.groups import BusinessesSummed
from people.parties import Party
from rooms.access import Room
from rooms.announcements import RoomsSummed
from rooms.time.entries import TimeEntry
from rooms.time.hours import hours_by_room, this_month_of, this_week_of, within, worked
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


@dataclass(frozen=True, slots=True)
class Working:
    """Who works now in a business, and in which room."""

    person_id: UUID
    name: str
    room: str
    started_at: datetime


async def sum_time_of_businesses(tx: Transaction, summed: BusinessesSummed) -> dict[str, dict[UUID, Any]]:
    """These are the seconds worked in businesses this week, and who works there now."""
    ids = summed.business_ids
    weeks, working = await _weeks(tx, summed.actor, ids), await _working(tx, ids)
    return {
        "week_seconds": {id: weeks.get(id, 0) for id in ids},
        "working": {id: working.get(id, []) for id in ids},
    }


async def _weeks(tx: Transaction, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, int]:
    span = this_week_of(tx.now, actor)
    rows = await tx.execute(
        select(Room.business_id, worked(span, tx.now))
        .select_from(TimeEntry)
        .join(Room, Room.id == TimeEntry.room_id)
        .where(Room.business_id.in_(ids), within(span))
        .group_by(Room.business_id)
    )
    return {id: int(seconds) for id, seconds in rows}


async def _working(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, list[Working]]:
    rows = await tx.execute(
        select(Room.business_id, Party.id, Party.name, Room.title, TimeEntry.started_at)
        .select_from(TimeEntry)
        .join(Room, Room.id == TimeEntry.room_id)
        .join(Party, Party.id == TimeEntry.person_id)
        .where(Room.business_id.in_(ids), TimeEntry.stopped_at.is_(None))
        .order_by(TimeEntry.started_at)
        .limit(500)
    )
    found: dict[UUID, list[Working]] = {}
    for business_id, *working in rows:
        found.setdefault(business_id, []).append(Working(*working))
    return found
