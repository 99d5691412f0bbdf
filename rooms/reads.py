"""What is read of rooms."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.actors import Actor
from processes.processes import process_stream
from rooms.access import OfRoom, visible_process, visible_room
from rooms.forms import RoomForm
from rooms.lenses import audiences_of, lens_of
from rooms.logs import Gap, LogPage, LogQuery, log_page
from rooms.rooms import rooms as visible_rooms
from rooms.search import closed
from rooms.search import search as found_by
from rooms.snapshots import places_of, snapshot_of
from rooms.timeline import timeline
from store.database import Transaction
from store.errors import NotFound
from store.queries import Flag, Identifier, Query, Sought, Whole, Words, at_most
from store.reads import read
from store.wire.shapes import WireEvent

SNAPSHOT = {
    "allOf": [
        {"$ref": "#/components/schemas/Snapshot"},
        {
            "type": "object",
            "properties": {name: {"$ref": "#/components/schemas/Position"} for name in ("at", "process_at")},
            "required": ["at", "process_at"],
        },
    ]
}


class RoomsQuery(Query):
    process: str | None = None
    archived: Flag = False
    q: Sought = ""
    company_id: Identifier | None = None
    stage_id: Identifier | None = None
    mine: Flag = False
    after: Identifier | None = None
    limit: Annotated[Whole, at_most(200)] = 50


class Rooms(BaseModel):
    rooms: list[RoomForm]
    after: UUID | None


@read("/rooms", area="rooms")
async def rooms(tx: Transaction, actor: Actor, query: RoomsQuery) -> Rooms:
    """Rooms that I may see, the newest first; `after` is the last one's id."""
    found = await visible_rooms(tx, actor, **query.model_dump())
    return Rooms(rooms=found, after=found[-1].id if len(found) == query.limit else None)


class RoomQuery(OfRoom):
    parts: Words | None = None
    """Those that are wanted whole, such as `wall` and `tasks`. Of the others come the few things by which the room
    lives without them, and `counts`; another name, such as `none`, brings nothing. Without this, all come whole.
    """


@read("/rooms/{room_id}", area="rooms", answer=SNAPSHOT, refuses=(NotFound,))
async def room(tx: Transaction, actor: Actor, query: RoomQuery) -> dict[str, Any]:
    """A snapshot of a room, or of some of its parts, with its place in its log and in its process's."""
    room = await visible_room(tx, actor, query.room_id)
    parts = None if query.parts is None else frozenset(query.parts)
    at, process_at = await places_of(tx, room)
    return await snapshot_of(tx, actor, room, parts) | {"at": at.wire(), "process_at": process_at.wire()}


class EventsQuery(OfRoom, LogQuery):
    pass


@read("/rooms/{room_id}/events", area="rooms", answer=LogPage, refuses=(NotFound, Gap))
async def room_events(tx: Transaction, actor: Actor, query: EventsQuery) -> dict[str, Any]:
    """The log after an offset, oldest first, as my lens shows it: fewer events than `limit` where they are large. While
    there are `more`, go on from `at`; 409 `gap` when it can't be continued.
    """
    room = await visible_room(tx, actor, query.room_id)
    return await log_page(tx, room.stream, room.audiences, query)


class ProcessEventsQuery(LogQuery):
    process_id: Identifier


@read("/processes/{process_id}/events", area="rooms", answer=LogPage, refuses=(NotFound, Gap))
async def process_events(tx: Transaction, actor: Actor, query: ProcessEventsQuery) -> dict[str, Any]:
    """The log of a process of whose rooms I see one, after an offset, oldest first, like a room's: what changes in it,
    such as its stages.
    """
    process = await visible_process(tx, actor, query.process_id)
    stream = process_stream(process.id, process.business_id)
    return await log_page(tx, stream, audiences_of(lens_of(actor)), query)


class TimelineQuery(OfRoom):
    before: Whole = 0
    names: Words = []
    person_id: Identifier | None = None
    limit: Annotated[Whole, at_most(200)] = 50


class RoomTimeline(BaseModel):
    events: list[WireEvent]
    earlier: bool


@read("/rooms/{room_id}/timeline", area="rooms", answer=RoomTimeline, refuses=(NotFound,))
async def room_timeline(tx: Transaction, actor: Actor, query: TimelineQuery) -> dict[str, Any]:
    """What happened in a room, the newest first: fewer than `limit` where it is large."""
    room = await visible_room(tx, actor, query.room_id)
    found, earlier = await timeline(
        tx, room, before=query.before or None, names=query.names, person_id=query.person_id, limit=query.limit
    )
    return {"events": found, "earlier": earlier}


class SearchQuery(Query):
    q: Sought = ""


class Found(BaseModel):
    """What the asker may find anywhere."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    title: str
    detail: str
    url: str


class ClosedName(BaseModel):
    """What there is that the asker can't open, by name only."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["room", "client"]
    title: str


class Results(BaseModel):
    results: list[Found]
    closed: list[ClosedName]
    ask: list[str]
    """Whom to ask about what is closed."""


@read("/search", area="rooms", answer=Results)
async def search(tx: Transaction, actor: Actor, query: SearchQuery) -> dict[str, Any]:
    """Rooms, people, companies, tasks, files and messages by their words. Where a business lets its staff find what is
    closed to them: the names of that too, and whom to ask.
    """
    hidden = await closed(tx, actor, query.q)
    found = await found_by(tx, actor, query.q)
    return {"results": found, "closed": hidden.things, "ask": hidden.ask}


READS = (rooms, room, room_events, process_events, room_timeline, search)
