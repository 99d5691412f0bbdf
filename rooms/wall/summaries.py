"""Summaries: the latest on rooms' walls, and whether it concerns whoever looks, at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from people.actors import Actor
from people.parties import Party
from rooms.access import Room
from rooms.announcements import RoomsSummed
from rooms.lenses import audiences_of, lens_of
from rooms.wall.addressees import names_in, spoken
from rooms.wall.mentions import counts_of_mentions
from rooms.wall.messages import Message
from store.database import Transaction


@dataclass(frozen=True, slots=True)
class LatestMessage:
    """The latest message on a room's wall."""

    author_name: str
    text: str
    audience: str
    at: datetime
    acted_by: dict[str, str] | None = None
    """Who wrote it in the author's name."""


async def sum_wall(tx: Transaction, summed: RoomsSummed) -> dict[str, dict[UUID, Any]]:
    """These are the latest messages in rooms, and how often the asker is mentioned where they haven't looked yet."""
    actor, ids = summed.actor, summed.room_ids
    notes = await _notes(tx, actor, ids)
    mentions = await counts_of_mentions(tx, actor, ids)
    return {"note": {id: notes.get(id) for id in ids}, "mentions": {id: mentions.get(id, 0) for id in ids}}


async def _notes(tx: Transaction, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, LatestMessage]:
    """Each room's latest message: one look into the index a room."""
    candidate = aliased(Message)
    latest = (
        select(candidate.id)
        .where(candidate.room_id == Room.id, candidate.audience.in_(audiences_of(lens_of(actor))))
        .order_by(candidate.posted_at.desc(), candidate.id.desc())
        .limit(1)
        .correlate(Room)
        .scalar_subquery()
    )
    found = await tx.execute(
        select(Message.room_id, Party.name, func.left(Message.body, 480), Message.audience, Message.posted_at)
        .add_columns(Message.acted_by)
        .select_from(Room)
        .join(Message, Message.id == latest)
        .join(Party, Party.id == Message.author_id)
        .where(Room.id.in_(ids))
    )
    rows = found.all()
    names = await names_in(tx, actor, [row[2] for row in rows])
    return {room_id: LatestMessage(name, spoken(text, names), *more) for room_id, name, text, *more in rows}
