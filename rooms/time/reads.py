"""What is read of working time."""

from typing import Annotated

from pydantic import BaseModel, Field

from people.actors import Actor
from rooms.access import OfRoom, visible_room
from rooms.time.entries import RECENT, entries
from rooms.time.forms import EntryForm
from rooms.time.hours import hours_in
from store.database import Transaction
from store.days import Span
from store.errors import NotFound
from store.queries import Moment
from store.reads import read


class EntriesQuery(OfRoom):
    since: Moment | None = Field(None, alias="from")
    until: Moment | None = Field(None, alias="to")


class RoomEntries(BaseModel):
    entries: list[EntryForm]
    seconds: Annotated[int, Field(ge=0)]


@read("/rooms/{room_id}/entries", area="rooms", refuses=(NotFound,))
async def room_entries(tx: Transaction, actor: Actor, query: EntriesQuery) -> RoomEntries:
    """Time entries that reach into a span of time; how long was worked in it."""
    room = await visible_room(tx, actor, query.room_id)
    span = Span(query.since or tx.now - RECENT, query.until or tx.now)
    found = await entries(tx, room, span.begin, query.until)
    return RoomEntries(entries=found, seconds=await hours_in(tx, room, span))


READS = (room_entries,)
