"""Pages of the wall: its messages, the latest or those before one, and what is found in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from people.announcements import Sought
from rooms.access import SeenRoom
from rooms.announcements import RoomShown
from rooms.files.files import files_of
from rooms.search import found_in_room, things_in_rooms
from rooms.wall.addressees import names_in, spoken
from rooms.wall.forms import MessageForm
from rooms.wall.messages import Message
from rooms.wall.reactions import reactions_to
from store.database import Transaction
from store.errors import Invalid, _
from store.events import wired
from store.ids import made_until
from store.pages import page_of

PAGE = 100


async def messages(
    tx: Transaction, room: SeenRoom, before: UUID | None = None, limit: int = PAGE
) -> tuple[list[MessageForm], bool]:
    """These are a room's messages, the latest of them or those before one, the oldest first; and whether there are
    earlier ones. Long ones come fewer at a time. Of a message that was deleted meanwhile its time still counts.

    Raises:
        Invalid: no message can have this identifier, on the field ``before``.
    """
    query = select(Message).where(Message.room_id == room.id, Message.audience.in_(room.audiences))
    if before is not None:
        query = query.where(tuple_(Message.posted_at, Message.id) < await _place(tx, query, before))
    newest_first = Message.posted_at.desc(), Message.id.desc()
    rows, earlier = await page_of(tx, query, newest_first, Message.body, Message.html, count_at_most=min(limit, PAGE))
    return [MessageForm.model_validate(row) for row in reversed(rows)], earlier


async def _place(tx: Transaction, query: Select[Message], id: UUID) -> tuple[datetime, UUID]:
    """Where a message stands among those of a query, or where it stood if it isn't one of them any more."""
    message = (await tx.scalars(query.where(Message.id == id))).one_or_none()
    at = message.posted_at if message else made_until(id)
    if at is None:
        raise Invalid(fields={"before": _("This isn't an identifier.")})
    return at, id


async def find_messages(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are messages by their words, the newest first, with the names of those whom they mention."""
    rows = await things_in_rooms(tx, sought, Message, Message.body, Message.body_folded)
    names = await names_in(tx, sought.actor, [row[1] for row in rows])
    return [
        found_in_room("wall", "message", id, spoken(said, names), room_id, title) for id, said, room_id, title in rows
    ]


async def show_wall(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the latest messages with their reactions and the files on them, and whether there are earlier ones;
    nothing of a wall that isn't wanted."""
    if not shown.wants("wall"):
        return {"messages": [], "reactions": [], "earlier_messages": True}
    latest, earlier = await messages(tx, shown.room)
    piece: dict[str, Any] = {"messages": wired(latest), "earlier_messages": earlier}
    piece["reactions"] = wired(await reactions_to(tx, latest))
    attached = [id for message in latest for id in message.attachments]
    if attached and not shown.wants("files"):
        piece["files"] = wired(await files_of(tx, shown.room, attached))
    return piece
