"""Presences: who came and went, told to the rooms that are listened to here. Each node does so for its own sockets.

Comings and goings gather: the rooms of all who moved are looked up together, and each room is told of all its own in
one packet, the more seldom the more listen. So what a crowd costs that comes back at once grows with the crowd, not
with its square.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
import structlog

from hub.gateway.fanout import Fanout
from hub.sockets.packets import pack
from presence.connections import Connections
from presence.events import PresenceChanged, PresencesChanged
from presence.forms import PresenceForm
from presence.rooms import rooms_of
from store.database import Database, to_json
from store.errors import Unavailable
from store.events import Event
from store.loop.tasks import end
from store.scopes import EVERYWHERE
from store.streams import Position, Signature, StoredEvent

GATHER_SECONDS = 0.1
AT_ONCE = 2000
DELIVERIES_PER_SECOND = 5000
"""About so many packets a second the comings and goings in one room are worth."""
SINGLY = 4
"""So few are told one by one."""
PICTURES, PICTURES_EACH = 32, 4

Piece = dict[str, orjson.Fragment]
"""A room's presences, as its snapshot has them."""

logger = structlog.get_logger(__name__)


class Presences:
    """What a room is told of its people's being here, and what who enters it is shown."""

    def __init__(self, database: Database, fanout: Fanout, connections: Connections) -> None:
        self._database = database
        self._fanout = fanout
        self._connections = connections
        self._moved: set[UUID] = set()
        self._news = asyncio.Event()
        self._untold: dict[str, set[UUID]] = {}
        self._pictures: OrderedDict[str, OrderedDict[tuple[Position, str], orjson.Fragment]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._task = asyncio.create_task(self._look_always())

    async def stop(self) -> None:
        tasks = [*self._telling, *([self._task] if self._task else ())]
        await end(tasks)

    def moved(self, person_id: UUID) -> None:
        """Have the rooms of someone told how they are now."""
        self._moved.add(person_id)
        self._news.set()

    def moved_in(self, stream: str, person_id: UUID) -> None:
        """Have one room told of someone."""
        if stream in self._untold:
            self._untold[stream].add(person_id)
        elif self._fanout.listeners(stream):
            self._untold[stream] = {person_id}
            task = asyncio.ensure_future(self._tell_in_time(stream))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        else:
            self._pictures.pop(stream, None)

    def of_all(self, at: Position, members: Collection[UUID]) -> Piece:
        """This is how each of a room's people is, for who goes on from a state of their own."""
        return self._piece(at, "all", lambda: ((id, self._connections.state_of(id)) for id in members))

    def of_present(self, at: Position, members: Collection[UUID]) -> Piece:
        """This is who of a room's people is here, for who starts afresh."""
        present = self._connections.present
        return self._piece(at, "present", lambda: ((form.id, form.state) for form in present(members)))

    def _piece(self, at: Position, kind: str, states: Callable[[], Iterable[tuple[UUID, str]]]) -> Piece:
        """What was shown last, until the room is told: who enters hears then of what has changed since, as all do."""
        place = (at, kind)
        pictures = self._pictures.setdefault(at.stream, OrderedDict())
        self._pictures.move_to_end(at.stream)
        if place not in pictures:
            pictures[place] = orjson.Fragment(to_json([{"id": id, "state": state} for id, state in states()]))
            _keep_newest(pictures, PICTURES_EACH)
            _keep_newest(self._pictures, PICTURES)
        return {PresenceForm.things: pictures[place]}

    async def _look_always(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(GATHER_SECONDS)
            try:
                await self._look()
            except Unavailable:
                logger.info("presences_wait_for_database")
            except Exception:
                logger.exception("presences_failed")

    async def _look(self) -> None:
        """Look up the rooms of those who moved; each is told in its time."""
        moved = set(islice(self._moved, AT_ONCE))
        self._moved -= moved
        if not self._moved:
            self._news.clear()
        try:
            async with self._database.reading(EVERYWHERE) as tx:
                found = await rooms_of(tx, moved)
        except Unavailable:
            self._moved |= moved
            self._news.set()
            raise
        for person_id, room_ids in found.items():
            for room_id in room_ids:
                self.moved_in(f"room:{room_id}", person_id)

    async def _tell_in_time(self, stream: str) -> None:
        """Tell a room of all who moved, until no more have meanwhile."""
        try:
            while self._untold[stream]:
                await asyncio.sleep(self._fanout.listeners(stream) / DELIVERIES_PER_SECOND)
                moved, self._untold[stream] = self._untold[stream], set()
                self._pictures.pop(stream, None)
                forms = [PresenceForm(id=id, state=self._connections.state_of(id)) for id in moved]
                if len(forms) > SINGLY:
                    await self._deliver(stream, PresencesChanged(presences=forms), by=None)
                else:
                    for form in forms:
                        await self._deliver(stream, PresenceChanged(presence=form), by=form.id)
        finally:
            del self._untold[stream]

    async def _deliver(self, stream: str, event: Event, *, by: UUID | None) -> None:
        body = event.model_dump(mode="json")
        told = StoredEvent(stream, None, None, event.wire_name, "all", Signature(by), datetime.now(UTC), body)
        await self._fanout.deliver_by_and_by(pack(told))


def _keep_newest(pictures: "OrderedDict[Any, Any]", count: int) -> None:
    while len(pictures) > count:
        pictures.popitem(last=False)
