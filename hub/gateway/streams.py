"""Subscribing to a stream: what was missed or a snapshot, then everything told from there on, each once.

The log is read at its head in one unchanging picture. When the acknowledgement is in the socket's outbox the socket
joins in the same breath, and is first given what was delivered on this node since that head.

With a room its process is heard, whose stream all rooms of the process share: a socket hears it once, as long as it
hears one of them. Who hears it already and enters another room goes on hearing it without a break, and is told once
more what the room's picture may not have.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from hub import metrics
from hub.gateway.fanout import Client, Fanout, Subscription
from hub.gateway.presences import Presences
from hub.gateway.subscriptions import EnterRoom, EnterStream, LeaveRoom, LeaveStream
from hub.relay import Relay
from hub.sockets.packets import PackedEvent, pack
from people.actors import Actor
from people.installation.settings import installation_snapshot
from people.installations import installation_stream, must_run_it
from presence.rooms import members_at_once
from rooms.access import process_of, seen_position, visible_process
from rooms.lenses import Lens, audiences_of, lens_of
from rooms.pictures import Pictures
from rooms.snapshots import business_snapshot, person_snapshot, process_snapshot
from store import log
from store.database import Database, Transaction
from store.errors import Forbidden, Invalid, Overloaded, _
from store.streams import Position, instant

TOLD_AT_MOST = 2000
TOLD_BYTES_AT_MOST = 2_000_000
"""What was missed waits in memory, as a whole, for a reader who may be slow."""
BRIDGED_AT_ONCE = 100
TRIES = 5
MEMBERSHIPS = 32
ROOMS_KNOWN = 10_000
READERS = 3
"""So many enter at once; when everyone comes back after a restart the others wait, and commands still get through."""


@dataclass(frozen=True, slots=True)
class View:
    """What somebody sees of a stream, and how its snapshot is read."""

    lens: Lens
    snapshot: Callable[[], Awaitable[dict[str, Any]]]
    default_audience: str = "all"


@dataclass(slots=True)
class CatchUp:
    """A stream that somebody is about to hear: where it was read, what was told since that the relay no longer has, and
    how far that goes."""

    at: Position
    reached: Position
    bridge: list[PackedEvent] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        size = sum(len(event.frame) for event in self.bridge)
        return len(self.bridge) > TOLD_AT_MOST or size > TOLD_BYTES_AT_MOST


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """An acknowledgement, and what is to follow it at once."""

    answer: dict[str, Any]
    join: Callable[[], None]


class Streams:
    """The way into streams."""

    def __init__(
        self,
        database: Database,
        relay: Relay,
        fanout: Fanout,
        presences: Presences,
        pictures: Pictures,
        react: Callable[[PackedEvent], None],
    ) -> None:
        self._database = database
        self._relay = relay
        self._fanout = fanout
        self._presences = presences
        self._pictures = pictures
        self._react = react
        self._readers = asyncio.Semaphore(READERS)
        self._memberships: OrderedDict[Position, list[UUID]] = OrderedDict()
        self._processes: OrderedDict[UUID, UUID] = OrderedDict()
        self.default_audiences: dict[str, str] = {}
        """What the team's messages default to, by stream: signals follow the same rule."""

    async def enter(self, client: Client, ask: EnterRoom | EnterStream) -> Acknowledgement:
        """Read what a client needs to hear a stream. One that is in already is taken out and in anew.

        Raises:
            NotFound: the room or the process isn't there, or isn't theirs.
            Forbidden: a client asks for the business's stream.
        """
        stream = stream_of(client.actor, ask)
        self.leave(client, stream)
        held: list[str] = []
        try:
            for name in (stream, *await self._beside(ask)):
                await self._relay.hold(name)
                held.append(name)
            for _try in range(TRIES):
                async with self._readers:
                    acknowledgement = await self._entered(client, stream, ask)
                if acknowledgement is not None:
                    return acknowledgement
            raise Overloaded()
        except BaseException:
            for name in held:
                self._relay.release(name)
            raise

    async def _entered(self, client: Client, stream: str, ask: EnterRoom | EnterStream) -> Acknowledgement | None:
        if isinstance(ask, EnterStream):
            return await self._read(client, stream, ask)
        return await self._continued(client, ask) or await self._shown(client, ask)

    async def _beside(self, ask: EnterRoom | EnterStream) -> list[str]:
        """What goes with the stream that is asked for: a room's process, in which the room stays."""
        if not isinstance(ask, EnterRoom):
            return []
        process_id = self._processes.get(ask.room_id) or await process_of(self._database.driver, ask.room_id)
        if process_id is None:
            return []
        self._processes[ask.room_id] = process_id
        while len(self._processes) > ROOMS_KNOWN:
            self._processes.popitem(last=False)
        return [f"process:{process_id}"]

    async def _continued(self, client: Client, ask: EnterRoom) -> Acknowledgement | None:
        """Go on in a room from where the client was, in one round trip when nothing was missed."""
        if ask.after is None:
            return None
        driver = self._database.driver
        place = await seen_position(driver, client.actor, ask.room_id)
        at, lens = place.position, lens_of(client.actor)
        if not (_leads_to(ask, at, lens) and _leads_on(ask.process_epoch, ask.process_after, place.process)):
            return None
        told = await self._told(at, ask.after, lens)
        after = place.process.offset if ask.process_after is None else ask.process_after
        told_beside = await self._told(place.process, after, lens)
        if told is None or told_beside is None:
            return None
        members = await self._members(ask.room_id, at)
        view = View(lens, _none, place.default_audience)

        def content() -> dict[str, Any]:
            return {"events": told + told_beside, **self._presences.of_all(at, members)}

        return await self._acknowledgement(client, view, [at, place.process], datetime.now(UTC), content)

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
            while len(self._memberships) > MEMBERSHIPS:
                self._memberships.popitem(last=False)
        return self._memberships[at]

    async def _shown(self, client: Client, ask: EnterRoom) -> Acknowledgement | None:
        """Start afresh in a room."""
        actor, parts = client.actor, None if ask.parts is None else frozenset(ask.parts)
        picture = await self._pictures.seen(actor, ask.room_id, parts)
        view = View(lens_of(actor), _none, picture.default_audience)

        def content() -> dict[str, Any]:
            present = self._presences.of_present(picture.at, picture.members)
            return {"snapshot": picture.seen_by(actor, present)}

        return await self._acknowledgement(client, view, [picture.at, picture.process_at], datetime.now(UTC), content)

    async def _read(self, client: Client, stream: str, ask: EnterStream) -> Acknowledgement | None:
        async with self._database.reading(client.actor.within) as tx:
            view = await self._view(tx, client.actor, ask)
            at = await log.head(tx, stream)
            told = None
            if ask.after is not None and _leads_to(ask, at, view.lens):
                told = await self._told(at, ask.after, view.lens)
            content = {"events": told} if told is not None else {"snapshot": await view.snapshot()}
        return await self._acknowledgement(client, view, [at], tx.now, lambda: content)

    async def _acknowledgement(
        self, client: Client, view: View, places: list[Position], now: datetime, content: Callable[[], dict[str, Any]]
    ) -> Acknowledgement | None:
        """The acknowledgement, or None when what was read is too old to be gone on from.

        Between the last look at what was told, and at who is here, and the joining nothing may be waited for.
        """
        if not all(self._relay.begin(at) for at in places):
            return None
        catch_ups = [CatchUp(at, at) for at in places]
        while behind := next((catch_up for catch_up in catch_ups if self._relay.since(catch_up.reached) is None), None):
            if not await self._bridge(behind):
                return None
        shown = content()
        at, *beside = places
        answer = {"ok": True, "at": at.wire(), "now": instant(now), **shown}
        if beside:
            answer["process_at"] = beside[0].wire()
        self.default_audiences[at.stream] = view.default_audience
        metrics.enters.labels(next(iter(shown))).inc()
        return Acknowledgement(answer, lambda: self._join(client, view.lens, catch_ups))

    async def _bridge(self, catch_up: CatchUp) -> bool:
        """Read on where more was told meanwhile than the relay keeps. False when it is too much."""
        if not catch_up.reached.epoch:  # read before the first event: there is an epoch now
            return False
        events = await log.stored_after(self._database.driver, catch_up.reached, BRIDGED_AT_ONCE)
        catch_up.bridge += map(pack, events)
        if not events or catch_up.is_long:
            return False
        catch_up.reached = events[-1].position or catch_up.reached
        return True

    def _join(self, client: Client, lens: Lens, catch_ups: list[CatchUp]) -> None:
        """Hear the stream that was asked for, and before it what goes with it."""
        if client.gone:
            for catch_up in catch_ups:
                self._relay.release(catch_up.at.stream)
            return
        asked, *others = catch_ups
        for catch_up in others:
            self._join_one(Subscription(client, catch_up.at.stream, lens, catch_up.at.offset, asked=False), catch_up)
        beside = others[0].at.stream if others else None
        self._join_one(Subscription(client, asked.at.stream, lens, asked.at.offset, beside=beside), asked)

    def _join_one(self, subscription: Subscription, catch_up: CatchUp) -> None:
        known = subscription.client.subscription(subscription.stream)
        if known is not None:  # through another room: nothing of what it is yet to hear may be left out
            subscription.asked, subscription.holds = subscription.asked or known.asked, known.holds + 1
            self._relay.release(subscription.stream)
        missed = catch_up.bridge + (self._relay.since(catch_up.reached) or [])
        self._fanout.join(subscription, missed)
        for event in missed:
            self._react(event)
        # What was reached may be further than the relay has come.
        subscription.after = catch_up.reached.offset if known is None else known.after

    def leave(self, client: Client, stream: str) -> None:
        """Have a client hear no longer what it asked for, and what went with that alone."""
        subscription = client.subscription(stream)
        if subscription is None or not subscription.asked:
            return
        subscription.asked = False
        self._let_go(subscription)
        if beside := client.subscription(subscription.beside or ""):
            self._let_go(beside)

    def shut(self, subscription: Subscription) -> None:
        """Have a client hear a stream no longer, by whatever it is held."""
        self.leave(subscription.client, subscription.stream)
        if subscription.is_open:
            subscription.holds = 1
            self._let_go(subscription)

    def _let_go(self, subscription: Subscription) -> None:
        subscription.holds -= 1
        if subscription.holds == 0 and self._fanout.leave(subscription.client, subscription.stream):
            self._relay.release(subscription.stream)
            if not self._fanout.listeners(subscription.stream):
                self.default_audiences.pop(subscription.stream, None)

    async def _view(self, tx: Transaction, actor: Actor, ask: EnterStream) -> View:
        if ask.stream == "person":
            return View("manager", lambda: person_snapshot(tx, actor))
        if ask.stream == "installation":
            must_run_it(actor)
            return View("manager", lambda: installation_snapshot(tx))
        if ask.stream == "process":
            process = await visible_process(tx, actor, _named(ask))
            return View(lens_of(actor), lambda: process_snapshot(tx, actor, process))
        if not actor.of_the_team:
            raise Forbidden()
        return View(lens_of(actor), lambda: business_snapshot(tx, actor))


def _leads_to(ask: EnterRoom | EnterStream, at: Position, lens: Lens) -> bool:
    """Whether a client can go on to a position from where they were, as they see it."""
    return ask.after is not None and _leads_on(ask.epoch, ask.after, at) and ask.lens in (None, lens)


def _leads_on(epoch: str | None, after: int | None, at: Position) -> bool:
    """Whether a log goes on from a place to a position; from none it does. Before the first event there is no epoch."""
    if after is None or (epoch == "" and after == 0):
        return True
    return epoch == at.epoch and after <= at.offset


async def _none() -> dict[str, Any]:
    return {}


def stream_of(actor: Actor, ask: EnterRoom | LeaveRoom | EnterStream | LeaveStream) -> str:
    """This is the name of the stream that someone asks for.

    Raises:
        Invalid: it isn't said which process.
    """
    if isinstance(ask, EnterRoom | LeaveRoom):
        return f"room:{ask.room_id}"
    if ask.stream == "person":
        return f"person:{actor.id}"
    if ask.stream == "process":
        return f"process:{_named(ask)}"
    if ask.stream == "installation":
        return installation_stream().name
    return f"business:{actor.business_id}"


def _named(ask: EnterStream | LeaveStream) -> UUID:
    if ask.id is None:
        raise Invalid(fields={"id": _("This is required.")})
    return ask.id
