"""Reads of rooms."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from people.actors import Actor
from rooms.access import visible_room
from rooms.forms import EntryForm, MessageForm, RoomForm, TaskForm
from rooms.rooms import rooms as visible_rooms
from rooms.snapshots import RECENT, snapshot_of
from rooms.tasks.tasks import task_form, task_in
from rooms.time.entries import entries
from rooms.time.hours import hours_in
from rooms.timeline import timeline
from rooms.wall.messages import messages
from store.database import Transaction
from store.days import Span
from store.errors import Conflict, NotFound, _
from store.log import head, read_page
from store.queries import Flag, Identifier, Moment, Query, Sought, Whole, Words, at_most
from store.reads import read
from store.shapes import Position, WireEvent

EVENTS_AT_MOST = 500
SNAPSHOT = {
    "allOf": [
        {"$ref": "#/components/schemas/Snapshot"},
        {"type": "object", "properties": {"at": {"$ref": "#/components/schemas/Position"}}, "required": ["at"]},
    ]
}


class Gap(Conflict):
    code = "gap"
    message = _("The log can't be continued from there. Read the room afresh.")


class OfRoom(Query):
    room_id: Identifier


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


@read("/rooms/{room_id}", area="rooms", answer=SNAPSHOT, refuses=(NotFound,))
async def room(tx: Transaction, actor: Actor, query: OfRoom) -> dict[str, Any]:
    """A snapshot of a room, with its place in the log."""
    room = await visible_room(tx, actor, query.room_id)
    at = await head(tx, room.stream.name)
    return await snapshot_of(tx, actor, room) | {"at": at.wire()}


class EventsQuery(OfRoom):
    epoch: str = ""
    after: Whole = 0
    limit: Annotated[Whole, at_most(EVENTS_AT_MOST)] = EVENTS_AT_MOST


class RoomEvents(BaseModel):
    events: list[WireEvent]
    at: Position
    more: bool


@read("/rooms/{room_id}/events", area="rooms", answer=RoomEvents, refuses=(NotFound, Gap))
async def room_events(tx: Transaction, actor: Actor, query: EventsQuery) -> dict[str, Any]:
    """The log after an offset, oldest first, as my lens shows it: fewer events than `limit` where they are large. While
    there are `more`, go on from `at`; 409 `gap` when it can't be continued.
    """
    room = await visible_room(tx, actor, query.room_id)
    at = await head(tx, room.stream.name)
    if (query.epoch and query.epoch != at.epoch) or query.after > at.offset:
        raise Gap()
    found, more = await read_page(tx, room.stream.name, query.after, query.limit, room.audiences)
    reached = found[-1].position if more else at
    return {
        "events": [{"name": event.name, **event.wire()} for event in found],
        "more": more,
        "at": (reached or at).wire(),
    }


class MessagesQuery(OfRoom):
    before: Identifier | None = None
    limit: Annotated[Whole, at_most(100)] = 50


class RoomMessages(BaseModel):
    messages: list[MessageForm]
    earlier: bool


@read("/rooms/{room_id}/messages", area="rooms", refuses=(NotFound,))
async def room_messages(tx: Transaction, actor: Actor, query: MessagesQuery) -> RoomMessages:
    """Messages before one of them, or the latest, the oldest first: fewer than `limit` where they are large."""
    room = await visible_room(tx, actor, query.room_id)
    found, earlier = await messages(tx, room, query.before, query.limit)
    return RoomMessages(messages=found, earlier=earlier)


class OfTask(OfRoom):
    task_id: Identifier


class OneTask(BaseModel):
    task: TaskForm


@read("/rooms/{room_id}/tasks/{task_id}", area="rooms", refuses=(NotFound,))
async def task(tx: Transaction, actor: Actor, query: OfTask) -> OneTask:
    """A task with its description, however long."""
    room = await visible_room(tx, actor, query.room_id)
    return OneTask(task=task_form(await task_in(tx, room, query.task_id)))


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


READS = (rooms, room, room_events, room_messages, task, room_entries, room_timeline)
