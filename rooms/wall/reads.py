"""What is read of the wall."""

from typing import Annotated

from pydantic import BaseModel

from people.actors import Actor
from rooms.access import OfRoom, visible_room
from rooms.wall.forms import MessageForm
from rooms.wall.pages import messages
from rooms.wall.reactions import ReactionForm, reactions_to
from store.database import Transaction
from store.errors import NotFound
from store.queries import Identifier, Whole, at_most
from store.reads import read


class MessagesQuery(OfRoom):
    before: Identifier | None = None
    limit: Annotated[Whole, at_most(100)] = 50


class RoomMessages(BaseModel):
    messages: list[MessageForm]
    reactions: list[ReactionForm]
    earlier: bool


@read("/rooms/{room_id}/messages", area="rooms", refuses=(NotFound,))
async def room_messages(tx: Transaction, actor: Actor, query: MessagesQuery) -> RoomMessages:
    """Messages before one of them, or the latest, the oldest first: fewer than `limit` where they are large. With their
    reactions."""
    room = await visible_room(tx, actor, query.room_id)
    found, earlier = await messages(tx, room, query.before, query.limit)
    return RoomMessages(messages=found, reactions=await reactions_to(tx, found), earlier=earlier)


READS = (room_messages,)
