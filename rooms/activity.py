"""Activity: the latest of what went on in all of someone's rooms, read from the rooms' own logs."""

from collections import ChainMap
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, cast, func, lateral, select, true

from people.actors import Actor
from people.parties import Party
from processes.processes import Stage
from rooms.access import Room, visible
from rooms.announcements import EventsShown
from rooms.lenses import audiences_of, lens_of
from store.database import Transaction
from store.streams import EventRow, instant

ROOMS_AT_MOST = 60
RECENT = timedelta(days=30)


async def latest_activity(
    tx: Transaction, actor: Actor, events: Iterable[str], limit: int = 12
) -> list[dict[str, Any]]:
    """These are the latest of these events in the asker's rooms, through their lens, with the names around.

    What has gone since is left out. Each is the event's payload with its ``name`` and ``audience``, with the
    ``bearer`` under whose name it stands, with ``actor_name`` and ``room_title``, with ``acted_by`` when somebody did
    it in that name, and with the ``names``, by identifier, of what all of these tell of.
    """
    found = await tx.execute(_latest(tx, actor, events, limit))
    rows = [row for row in found if not any(isinstance(form, dict) and form.get("gone") for form in row.body.values())]
    stages = await _stage_names(tx, {id for row in rows if (id := _stage_of(row.body))})
    names = dict(ChainMap(stages, *await tx.announce(EventsShown(actor, [row.body for row in rows]))))
    return [_around(row) | row.body | {"names": names} for row in rows]


def _latest(tx: Transaction, actor: Actor, events: Iterable[str], limit: int) -> Select[Any]:
    """The latest of each room, found by its own log's index, and of these the latest of all."""
    rooms = (
        select(Room.id, Room.title)
        .where(visible(actor), Room.archived_at.is_(None))
        .order_by(Room.opened_at.desc(), Room.id.desc())
        .limit(ROOMS_AT_MOST)
        .subquery("rooms")
    )
    latest = lateral(
        select(
            EventRow.name,
            EventRow.audience,
            EventRow.body,
            EventRow.actor_id,
            EventRow.on_behalf_of,
            EventRow.actor_name,
            EventRow.recorded_at,
            EventRow.offset,
        )
        .where(
            EventRow.stream == func.concat("room:", cast(rooms.c.id, String)),
            EventRow.audience.in_(audiences_of(lens_of(actor))),
            EventRow.name.in_(events),
            EventRow.recorded_at > tx.now - RECENT,
        )
        .order_by(EventRow.offset.desc())
        .limit(limit)
    )
    return (
        select(
            *latest.c,
            rooms.c.id.label("room_id"),
            rooms.c.title.label("room_title"),
            Party.name.label("bearer_name"),
        )
        .select_from(rooms)
        .join(latest, true())
        .outerjoin(Party, Party.id == func.coalesce(latest.c.on_behalf_of, latest.c.actor_id))
        .order_by(latest.c.recorded_at.desc(), latest.c.offset.desc())
        .limit(limit)
    )


def _around(row: Any) -> dict[str, Any]:
    """What stands around an event, whatever it tells."""
    return {
        "name": row.name,
        "audience": row.audience,
        "bearer": _bearer(row),
        "room_id": str(row.room_id),
        "room_title": row.room_title,
        "actor_name": row.bearer_name or ("–" if row.on_behalf_of else row.actor_name),
        "acted_by": row.actor_name if row.on_behalf_of else None,
        "recorded_at": instant(row.recorded_at),
    }


def _bearer(row: Any) -> str:
    """Under whose name it stands."""
    return str(row.on_behalf_of or row.actor_id)


def _stage_of(body: dict[str, Any]) -> str | None:
    """The stage that something was moved to, if that is what the event tells."""
    if "stage_id" not in body.get("changed", ()):
        return None
    return next((form["stage_id"] for form in body.values() if isinstance(form, dict) and "stage_id" in form), None)


async def _stage_names(tx: Transaction, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = await tx.execute(select(Stage.id, Stage.name).where(Stage.id.in_({UUID(id) for id in ids})))
    return {str(row.id): row.name for row in rows}
