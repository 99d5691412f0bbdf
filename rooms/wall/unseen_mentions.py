"""Unseen mentions: messages that concern someone and at which they haven't looked, over all their rooms."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from people.actors import Actor
from people.parties import Party
from rooms.access import Room, visible
from rooms.lenses import audiences_of, lens_of
from rooms.wall.addressees import names_in, spoken
from rooms.wall.mentions import Mention
from rooms.wall.messages import Message
from store.database import Transaction


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
