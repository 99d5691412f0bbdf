"""The gateway: people's live connections, over Socket.IO.

    gateway = Gateway(database, bus, commands, pictures, settings)
    await gateway.start()            # after the bus
    app = gateway.asgi(app)          # takes /socket.io/, and leaves the rest to the app
    await gateway.drain()            # before the server closes its connections
    await gateway.stop()

A command sent here is the same command as over HTTP, run by the same ``Commands``. Packets of one client are handled
one after the other; clients don't wait for each other.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from starlette.types import ASGIApp, Scope

from commands.runner import Commands
from hub.gateway.admission import Admission, address_of
from hub.gateway.asgi import SocketsFirst
from hub.gateway.control_events import RoomClosed, RoomReset, SessionEnded, StreamClosed, StreamReset
from hub.gateway.fanout import Client, Fanout, Subscription
from hub.gateway.presences import Piece, Presences
from hub.gateway.requests import ClientRequests
from hub.gateway.revocations import Rights
from hub.gateway.streams import Streams
from hub.relay import Relay
from hub.settings import Settings
from hub.sockets.connection_limits import connection_limit_of
from hub.sockets.connections import Connection, ConnectionRefused, PacketLimits
from hub.sockets.packets import PackedEvent, pack
from hub.sockets.server import SocketServer
from presence.connections import Connections
from rooms.pictures import Pictures
from store.bus import Bus
from store.database import Database
from store.events import Event
from store.streams import Position, Signature, StoredEvent

PING_SECONDS = 25
PONG_SECONDS = 20
CLOSING_SECONDS = 3.0

logger = structlog.get_logger(__name__)


class Gateway:
    """One node's sockets, and all that they do."""

    def __init__(
        self, database: Database, bus: Bus, commands: Commands, pictures: Pictures, settings: Settings
    ) -> None:
        self.node = uuid4().hex
        self._database = database
        self._settings = settings
        self._stopping = False
        self.fanout = Fanout()
        self.relay = Relay(
            database, bus, self.node, self._deliver, self._lost, has_others=lambda: self.presence.has_others
        )
        self.presence = Connections(bus, self.node, lambda person_id, _state: self._presences.moved(person_id))
        self._presences = Presences(database, self.fanout, self.presence)
        self._streams = Streams(database, self.relay, self.fanout, self._presences, pictures, self._react)
        self._admission = Admission(database, settings)
        self._rights = Rights(
            database,
            lambda: self.clients,
            expel=self._expel,
            close=self._close,
            reset=self._reset,
            is_away=self._is_away,
        )
        self._requests = ClientRequests(
            commands,
            settings,
            streams=self._streams,
            fanout=self.fanout,
            relay=self.relay,
            presence=self.presence,
            rights=self._rights,
        )
        self._server = _server(self, settings)
        self.door: SocketsFirst | None = None
        """What stands before this node's sockets, once it serves."""
        self.listeners: list[Callable[[PackedEvent], None]] = []
        """Told of every event that is delivered on this node, once."""
        self._reactions: dict[str, Callable[[PackedEvent], None]] = {
            "member.added": self._member_added,
            "member.removed": self._member_removed,
            "room.changed": self._room_changed,
        }

    async def start(self) -> None:
        self._database.told.append(self._committed)
        self.relay.start()
        self._rights.start()
        self._presences.start()
        await self.presence.start()

    async def drain(self) -> None:
        """Let in nobody more, finish what runs, and send everyone to another node. May be called twice."""
        if self._stopping:
            return
        self._stopping = self._admission.stopping = self._requests.stopping = True
        await _until(lambda: self._requests.running == 0, self._settings.drain_seconds)
        await self.presence.stop()
        for connection in self._server.connections:
            connection.finish()
        await _until(lambda: not self._server.connections, CLOSING_SECONDS)
        for connection in self._server.connections:
            connection.abort()
        await _until(lambda: not self._server.connections, 1)

    async def stop(self) -> None:
        await self.drain()
        self._database.told.remove(self._committed)
        await self._presences.stop()
        await self._rights.stop()
        await self.relay.stop()

    @property
    def clients(self) -> list[Client]:
        """These are all who were let in at this node."""
        return self._admission.clients

    def asgi(self, app: ASGIApp) -> ASGIApp:
        """This is the whole application: sockets here, everything else there."""
        self.door = SocketsFirst(app, self._server.asgi(), self._settings.public_url or None, lambda: self._stopping)
        return self.door

    def presences(self, at: Position, members: Collection[UUID]) -> Piece:
        """These are those of a room's members who are here, as its snapshot has them, for who has its picture."""
        return self._presences.of_present(at, members)

    # What sockets do

    async def connected(self, connection: Connection, scope: Scope, auth: Any) -> None:
        """Let a socket in, by its cookie or token.

        Raises:
            ConnectionRefused: nobody known, too many, or the hub is stopping.
        """
        try:
            client = await self._admission.admit(connection, scope, auth)
        except ConnectionRefused as refused:
            logger.info("socket_refused", refusal=refused.code, address=address_of(scope))
            raise
        if client.actor.impersonator_id is None:  # who acts as somebody doesn't make them be here
            self.presence.arrive(client.actor.id, connection)

    def disconnected(self, connection: Connection) -> None:
        client = self._admission.forget(connection)
        if client is None:
            return
        for subscription in client.subscriptions:
            self._streams.leave(client, subscription.stream)
        self.presence.depart(client.actor.id, connection)

    def received(
        self, connection: Connection, id: int | None, name: Any, args: list[Any]
    ) -> Coroutine[Any, Any, None] | None:
        client: Client | None = connection.client
        if client is None or client.gone:
            return None
        return self._requests.received(client, id, name, args)

    def _is_away(self, client: Client) -> bool:
        return self.presence.state_of(client.actor.id) == "away"

    # What is told

    def _deliver(self, event: PackedEvent) -> None:
        self.fanout.deliver(event)
        self._react(event)
        if _ends_rights(event.name):
            self._rights.look()
        for heard in self.listeners:
            heard(event)

    def _react(self, event: PackedEvent) -> None:
        if react := self._reactions.get(event.name):
            react(event)

    def _committed(self, events: list[StoredEvent]) -> None:
        if any(_ends_rights(event.name) for event in events):
            self._rights.look()

    def _member_removed(self, event: PackedEvent) -> None:
        """They were told; now they are out. Who sees the room all the same comes in again."""
        person_id = UUID(event.payload["member"]["id"])
        for subscription in self.fanout.subscriptions(event.stream):
            if subscription.client.actor.id == person_id and (event.offset or 0) > subscription.after:
                if subscription.client.actor.may("projects"):
                    self._reset(subscription)
                else:
                    self._close(subscription)

    def _member_added(self, event: PackedEvent) -> None:
        person_id = UUID(event.payload["member"]["id"])
        if self.presence.state_of(person_id) != "offline":
            self._presences.moved_in(event.stream, person_id)

    def _room_changed(self, event: PackedEvent) -> None:
        self._streams.default_audiences[event.stream] = event.payload["room"]["default_audience"]

    # What is taken back

    def _expel(self, client: Client) -> None:
        """A session has ended: say so, and don't have the client come back by itself."""
        client.gone = True
        for subscription in client.subscriptions:
            self._streams.leave(client, subscription.stream)
        self._tell(client, f"person:{client.actor.id}", SessionEnded())
        client.connection.dismiss()

    def _close(self, subscription: Subscription) -> None:
        self._streams.leave(subscription.client, subscription.stream)
        notice = RoomClosed if subscription.stream.startswith("room:") else StreamClosed
        self._tell(subscription.client, subscription.stream, notice(reason="removed"))

    def _reset(self, subscription: Subscription) -> None:
        self._streams.leave(subscription.client, subscription.stream)
        notice = RoomReset if subscription.stream.startswith("room:") else StreamReset
        self._tell(subscription.client, subscription.stream, notice(reason="changed"))

    def _tell(self, client: Client, stream: str, notice: Event) -> None:
        client.connection.tell(pack(_told(stream, notice, by=None)))

    def _lost(self, stream: str) -> None:
        """The stream goes on in a new epoch: whoever listened comes back and enters anew."""
        for subscription in self.fanout.subscriptions(stream):
            self._streams.shut(subscription)
            subscription.client.connection.finish()


def _ends_rights(name: str) -> bool:
    """Whether rights end with an event; of one that is another version's, the sweep finds it out."""
    event = Event.registry.get(name)
    return event is not None and event.ends_rights


def _told(stream: str, event: Event, *, by: UUID | None, audience: str = "all") -> StoredEvent:
    """An event that isn't stored, as it would be if it were."""
    body = {field: value for field, value in event.model_dump(mode="json").items() if value is not None}
    return StoredEvent(stream, None, None, event.wire_name, audience, Signature(by), datetime.now(UTC), body)


def _server(gateway: Gateway, settings: Settings) -> SocketServer:
    return SocketServer(
        gateway,
        polling=settings.polling,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        packet_limits=PacketLimits(
            settings.limit_waiting_events, settings.limit_waiting_bytes, settings.limit_packet_bytes
        ),
        limit=connection_limit_of(settings),
    )


async def _until(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:  # noqa: ASYNC110 - what ends it is in other hands
        await asyncio.sleep(0.02)
