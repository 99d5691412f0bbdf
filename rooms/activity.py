"""Activity: the latest of what went on in all of someone's rooms, read from the rooms' own logs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, func, lateral, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.types import Uuid

from people.actors import Actor
from people.parties import Party
from processes.processes import Stage
from rooms.access import Room, visible
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.tasks import Task
from rooms.wall.addressees import names_in, spoken
from rooms.wall.mentions import Mention
from rooms.wall.messages import Message
from store.database import Transaction
from store.streams import EventRow, instant

ROOMS_AT_MOST = 60
RECENT = timedelta(days=30)


async def happenings(tx: Transaction, actor: Actor, events: Iterable[str], limit: int = 12) -> list[dict[str, Any]]:
    """These are the latest of these events in the asker's rooms, through their lens, with the names around.

    What has gone since is left out. Each is the event's payload with its ``name`` and ``audience``, with the
    ``bearer`` under whose name it stands, with ``actor_name`` and ``room_title``, with ``acted_by`` when somebody did
    it in that name, with ``stage_name`` when a stage is what changed, with ``worker_name`` when the time is another's,
    and with ``task_title`` when it was worked on a task.
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
    worker = aliased(Party)
    entry = latest.c.body["entry"]
    found = await tx.execute(
        select(
            *latest.c,
            rooms.c.id.label("room_id"),
            rooms.c.title.label("room_title"),
            Party.name.label("bearer_name"),
            worker.name.label("worker_name"),
            Task.title.label("task_title"),
        )
        .select_from(rooms)
        .join(latest, true())
        .outerjoin(Party, Party.id == func.coalesce(latest.c.on_behalf_of, latest.c.actor_id))
        .outerjoin(worker, worker.id == entry["person_id"].astext.cast(Uuid()))
        .outerjoin(
            Task, and_(Task.id == entry["task_id"].astext.cast(Uuid()), Task.audience.in_(audiences_of(lens_of(actor))))
        )
        .order_by(latest.c.recorded_at.desc(), latest.c.offset.desc())
        .limit(limit)
    )
    rows = found.all()
    stages = await _stage_names(tx, {id for row in rows if (id := _stage_of(row.body))})
    names = await names_in(tx, actor, [_words_of(row.body) for row in rows])
    return [
        {
            "name": row.name,
            "audience": row.audience,
            "bearer": _bearer(row),
            "stage_name": stages.get(_stage_of(row.body)),
            "room_id": str(row.room_id),
            "room_title": row.room_title,
            "actor_name": row.bearer_name or ("–" if row.on_behalf_of else row.actor_name),
            "acted_by": row.actor_name if row.on_behalf_of else None,
            "worker_name": None if _bearer(row) == _worker(row.body) else row.worker_name,
            "task_title": row.task_title,
            "recorded_at": instant(row.recorded_at),
            **_with_names(row.body, names),
        }
        for row in rows
        if not any(isinstance(value, dict) and value.get("gone") for value in row.body.values())
    ]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A message that mentions the asker, with the names around it."""

    message_id: UUID
    room_id: UUID
    room_title: str
    author_name: str
    text: str
    audience: str
    at: datetime
    acted_by: dict[str, str] | None


async def mentioned(tx: Transaction, actor: Actor, limit: int = 8) -> list[Mentioned]:
    """These are the messages that mention the asker and at which they haven't looked, the newest first."""
    found = await tx.execute(
        select(Message.id, Room.id, Room.title, Party.name, func.left(Message.body, 480), Message.audience)
        .add_columns(Mention.mentioned_at, Mention.acted_by)
        .select_from(Mention)
        .join(Message, Message.id == Mention.message_id)
        .join(Room, Room.id == Mention.room_id)
        .join(Party, Party.id == Mention.author_id)
        .where(visible(actor), Mention.person_id == actor.id, Mention.seen_at.is_(None))
        .where(Message.audience.in_(audiences_of(lens_of(actor))))
        .order_by(Mention.mentioned_at.desc(), Mention.id.desc())
        .limit(limit)
    )
    rows = [Mentioned(*row) for row in found]
    names = await names_in(tx, actor, [row.text for row in rows])
    return [replace(row, text=spoken(row.text, names)) for row in rows]


def _bearer(row: Any) -> str:
    """Under whose name it stands."""
    return str(row.on_behalf_of or row.actor_id)


def _worker(body: dict[str, Any]) -> str:
    """Whose time it is, if it is time that the event tells of."""
    return str((body.get("entry") or {}).get("person_id"))


def _words_of(body: dict[str, Any]) -> str:
    """What a message says, if it is a message that the event tells of."""
    return (body.get("message") or {}).get("body") or ""


def _with_names(body: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    words = _words_of(body)
    return body | {"message": body["message"] | {"body": spoken(words, names)}} if words else body


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
