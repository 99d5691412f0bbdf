"""Happenings: the latest of what went on in all of someone's rooms, read from the rooms' own logs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, lateral, select, true

from people.actors import Actor
from people.parties import Party
from rooms.doors import Room, visible
from rooms.lenses import audiences_of, lens_of
from rooms.processes import Stage
from store.database import Transaction
from store.log import EventRow, instant

NAMES = (
    "room.opened", "room.changed", "room.archived", "room.restored", "member.added",
    "message.posted", "task.created", "task.changed", "task.completed", "task.reopened",
    "timer.stopped", "file.added",
)  # fmt: skip
ROOMS_AT_MOST = 60
RECENT = timedelta(days=30)


async def happenings(tx: Transaction, actor: Actor, limit: int = 12) -> list[dict[str, Any]]:
    """These are the latest events in the asker's rooms through their lens, the newest first, with the names around.

    What has gone since is left out. Each is the event's payload with its ``name`` and ``audience``, with
    ``actor_name`` and ``room_title``, and with ``stage_name`` when a stage is what changed.
    """
    rooms = (
        select(Room.id, Room.title)
        .where(visible(actor), Room.archived_at.is_(None))
        .order_by(Room.opened_at.desc(), Room.id.desc())
        .limit(ROOMS_AT_MOST)
        .subquery("rooms")
    )
    latest = lateral(
        select(
            EventRow.name, EventRow.audience, EventRow.body, EventRow.actor_id, EventRow.recorded_at, EventRow.offset
        )
        .where(
            EventRow.stream == func.concat("room:", cast(rooms.c.id, String)),
            EventRow.audience.in_(audiences_of(lens_of(actor))),
            EventRow.name.in_(NAMES),
            EventRow.recorded_at > tx.now - RECENT,
        )
        .order_by(EventRow.offset.desc())
        .limit(limit)
    )
    found = await tx.execute(
        select(
            *latest.c,
            rooms.c.id.label("room_id"),
            rooms.c.title.label("room_title"),
            Party.name.label("actor_name"),
        )
        .select_from(rooms)
        .join(latest, true())
        .outerjoin(Party, Party.id == latest.c.actor_id)
        .order_by(latest.c.recorded_at.desc(), latest.c.offset.desc())
        .limit(limit)
    )
    rows = found.all()
    stages = await _stage_names(tx, {id for row in rows if (id := _stage_of(row.body))})
    return [
        {
            "name": row.name,
            "audience": row.audience,
            "stage_name": stages.get(_stage_of(row.body)),
            "room_id": str(row.room_id),
            "room_title": row.room_title,
            "actor_name": row.actor_name,
            "recorded_at": instant(row.recorded_at),
            **row.body,
        }
        for row in rows
        if not any(isinstance(value, dict) and value.get("gone") for value in row.body.values())
    ]


def _stage_of(body: dict[str, Any]) -> str | None:
    """The stage that a room or a task was moved to, if that is what the event tells."""
    if "stage_id" not in body.get("changed", ()):
        return None
    form = body.get("room") or body.get("task") or {}
    return form.get("stage_id")


async def _stage_names(tx: Transaction, ids: set[str]) -> dict[str | None, str]:
    if not ids:
        return {}
    rows = await tx.execute(select(Stage.id, Stage.name).where(Stage.id.in_({UUID(id) for id in ids})))
    return {str(row.id): row.name for row in rows}
