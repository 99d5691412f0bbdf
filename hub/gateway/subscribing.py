"""Subscribing to a stream: what was missed or a snapshot, then everything told from there on, each once.

The log is read at its head in one unchanging picture. When the acknowledgement is in the socket's outbox the socket
joins in the same breath, and is first given what was delivered on this node since that head.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from hub import metrics
from hub.gateway.fanout import Entry, Fanout, Guest
from hub.gateway.presences import Presences
from hub.gateway.subscriptions import EnterRoom, EnterStream, LeaveRoom, LeaveStream
from hub.relay import Relay
from hub.sockets.packets import PackedEvent, pack
from people.actors import Actor
from people.installation.events import installation_stream
from people.installation.settings import installation_snapshot, must_run_it
from presence.rooms import members_at_once
from rooms.access import seen_place, visible_room
from rooms.lenses import Lens, audiences_of, lens_of
from rooms.snapshots import business_snapshot, own_view, person_snapshot, snapshot_of
from store import log
from store.database import Database, Transaction
from store.errors import Forbidden, Overloaded
from store.log import Position, instant

TOLD_AT_MOST = 2000
TOLD_BYTES_AT_MOST = 2_000_000
"""What was missed waits in memory, as a whole, for a reader who may be slow."""
BRIDGED_AT_ONCE = 100
TRIES = 5
PICTURES = 32
PICTURE_SECONDS = 10.0
READERS = 3
"""So many enter at once; when everyone comes back after a restart the others wait, and commands still get through."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of a stream, and how its snapshot is read."""

    lens: Lens
    snapshot: Callable[[], Awaitable[dict[str, Any]]]
    default_audience: str = "all"
    own: dict[str, Any] | None = None
    """What of a snapshot is one person's; the rest is the same for all who look through the lens."""


@dataclass(frozen=True, slots=True)
class Entered:
    """An acknowledgement, and what is to follow it at once."""

    answer: dict[str, Any]
    join: Callable[[], None]


class Entrance:
    """The way into streams."""

    def __init__(
        self,
        database: Database,
        relay: Relay,
        fanout: Fanout,
        presences: Presences,
        react: Callable[[PackedEvent], None],
    ) -> None:
        self._database = database
        self._relay = relay
        self._fanout = fanout
        self._presences = presences
        self._react = react
        self._readers = asyncio.Semaphore(READERS)
        self._pictures: OrderedDict[tuple[Position, Lens], tuple[float, dict[str, Any]]] = OrderedDict()
        self._memberships: OrderedDict[Position, list[UUID]] = OrderedDict()
        self.default_audiences: dict[str, str] = {}
        """What the team's messages default to, by stream: signals follow the same rule."""

    async def enter(self, guest: Guest, ask: EnterRoom | EnterStream) -> Entered:
        """Read what a client needs to hear a stream. One that is in already is taken out and in anew.

        Raises:
            NotFound: the room isn't there, or isn't theirs.
            Forbidden: a client asks for the business's stream.
        """
        stream = stream_of(guest.actor, ask)
        self.leave(guest, stream)
        await self._relay.hold(stream)
        try:
            for _try in range(TRIES):
                async with self._readers:
                    entered = await self._continued(guest, stream, ask) or await self._read(guest, stream, ask)
                if entered is not None:
                    return entered
            raise Overloaded()
        except BaseException:
            self._relay.release(stream)
            raise

    async def _continued(self, guest: Guest, stream: str, ask: EnterRoom | EnterStream) -> Entered | None:
        """Go on in a room from where the client was, in one round trip when nothing was missed."""
        if not isinstance(ask, EnterRoom) or ask.after is None:
            return None
        driver = self._database.driver
        place = await seen_place(driver, guest.actor, ask.room_id)
        at, lens = place.position, lens_of(guest.actor)
        if not _leads_to(ask, at, lens):
            return None
        told = await self._told(at, ask.after, lens)
        if told is None:
            return None
        members = await self._members(ask.room_id, at)
        sight = Sight(lens, _none, place.default_audience)

        def content() -> dict[str, Any]:
            return {"events": told, "presences": self._presences.of_all(at, members)}

        return await self._entered(guest, sight, at, datetime.now(UTC), content)

    async def _told(self, at: Position, after: int, lens: Lens) -> list[orjson.Fragment] | None:
        """What was told in a stream since a client left off, or None when it is too much to be told singly."""
        return await log.told_between(
            self._database.driver,
            at,
            after,
            audiences_of(lens),
            count_at_most=TOLD_AT_MOST,
            bytes_at_most=TOLD_BYTES_AT_MOST,
        )

    async def _members(self, room_id: UUID, at: Position) -> list[UUID]:
        """Who is in a room at a position: read once for all who come back to it at a time."""
        if at not in self._memberships:
            self._memberships[at] = await members_at_once(self._database.driver, room_id)
            while len(self._memberships) > PICTURES:
                self._memberships.popitem(last=False)
        return self._memberships[at]

    async def _read(self, guest: Guest, stream: str, ask: EnterRoom | EnterStream) -> Entered | None:
        async with self._database.reading(guest.actor.within) as tx:
            sight = await self._sight(tx, guest.actor, ask)
            at = await log.head(tx, stream)
            told = None
            if not isinstance(ask, EnterRoom) and ask.after is not None and _leads_to(ask, at, sight.lens):
                told = await self._told(at, ask.after, sight.lens)
            snapshot = None if told is not None else await self._picture(sight, at)

        def content() -> dict[str, Any]:
            return {"events": told} if snapshot is None else {"snapshot": self._as_of_now(sight, at, snapshot)}

        return await self._entered(guest, sight, at, tx.now, content)

    async def _entered(
        self, guest: Guest, sight: Sight, at: Position, now: datetime, content: Callable[[], dict[str, Any]]
    ) -> Entered | None:
        """The acknowledgement, or None when what was read is too old to be gone on from.

        Between the last look at what was told, and at who is here, and the joining nothing may be waited for.
        """
        if not self._relay.begin(at):
            return None
        reached, bridge = at, list[PackedEvent]()
        while self._relay.since(reached) is None:  # more was told meanwhile than the relay keeps
            events = await log.stored_after(self._database.driver, reached, BRIDGED_AT_ONCE)
            bridge += map(pack, events)
            bridged_bytes = sum(len(event.frame) for event in bridge)
            if not events or len(bridge) > TOLD_AT_MOST or bridged_bytes > TOLD_BYTES_AT_MOST:
                return None
            reached = events[-1].position or reached
        shown = content()
        answer = {"ok": True, "at": at.wire(), "now": instant(now), **shown}
        entry = Entry(guest, at.stream, sight.lens, at.offset)
        self.default_audiences[at.stream] = sight.default_audience
        metrics.enters.labels(next(iter(shown))).inc()
        return Entered(answer, lambda: self._join(entry, bridge, reached))

    def _join(self, entry: Entry, bridge: list[PackedEvent], reached: Position) -> None:
        if entry.guest.gone:
            self._relay.release(entry.stream)
            return
        missed = bridge + (self._relay.since(reached) or [])
        self._fanout.join(entry, missed)
        for event in missed:
            self._react(event)
        entry.after = reached.offset  # which may be further than the relay has come

    def leave(self, guest: Guest, stream: str) -> None:
        if self._fanout.leave(guest, stream):
            self._relay.release(stream)
            if not self._fanout.listeners(stream):
                self.default_audiences.pop(stream, None)

    async def _sight(self, tx: Transaction, actor: Actor, ask: EnterRoom | EnterStream) -> Sight:
        if isinstance(ask, EnterRoom):
            room = await visible_room(tx, actor, ask.room_id)
            return Sight(
                room.lens,
                lambda: snapshot_of(tx, actor, room),
                room.row.default_audience,
                own={"me": own_view(actor, room)},
            )
        if ask.stream == "person":
            return Sight("manager", lambda: person_snapshot(tx, actor))
        if ask.stream == "installation":
            must_run_it(actor)
            return Sight("manager", lambda: installation_snapshot(tx))
        if not actor.of_the_team:
            raise Forbidden()
        return Sight(lens_of(actor), lambda: business_snapshot(tx, actor))

    def _as_of_now(self, sight: Sight, at: Position, snapshot: dict[str, Any]) -> dict[str, Any]:
        """A snapshot with what of it is one person's, and who is here."""
        if sight.own is None:
            return snapshot
        members = [UUID(member["id"]) for member in snapshot["members"]]
        return {**snapshot, "presences": self._presences.of_present(at, members), **sight.own}

    async def _picture(self, sight: Sight, at: Position) -> dict[str, Any]:
        """This is a room at a position through a lens: read once for all who come back to it at a time."""
        if sight.own is None:
            return await sight.snapshot()
        place, now = (at, sight.lens), time.monotonic()
        if place in self._pictures and self._pictures[place][0] > now - PICTURE_SECONDS:
            return self._pictures[place][1]
        picture = await sight.snapshot()
        self._pictures[place] = now, picture
        self._pictures.move_to_end(place)
        while len(self._pictures) > PICTURES:
            self._pictures.popitem(last=False)
        return picture


def _leads_to(ask: EnterRoom | EnterStream, at: Position, lens: Lens) -> bool:
    """Whether a client can go on to a position from where they were, as they see it."""
    return ask.after is not None and ask.epoch == at.epoch and ask.after <= at.offset and ask.lens in (None, lens)


async def _none() -> dict[str, Any]:
    return {}


def stream_of(actor: Actor, ask: EnterRoom | LeaveRoom | EnterStream | LeaveStream) -> str:
    """This is the name of the stream that someone asks for."""
    if isinstance(ask, EnterRoom | LeaveRoom):
        return f"room:{ask.room_id}"
    if ask.stream == "person":
        return f"person:{actor.id}"
    if ask.stream == "installation":
        return installation_stream().name
    return f"business:{actor.business_id}"
