"""The gateway: people's live connections, over Socket.IO.

    gateway = Gateway(database, bus, commands, settings)
    await gateway.start()            # after the bus
    app = gateway.asgi(app)          # takes /socket.io/, and leaves the rest to the app
    await gateway.drain()            # before the server closes its connections
    await gateway.stop()

A command sent here is the same command as over HTTP, run by the same ``Commands``. Packets of one client are handled
one after the other; clients don't wait for each other.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commands.runner import Commands, Pace, read_command
from commands.token_scopes import must_cover_stream
from hub import metrics
from hub.gateway.control_events import RoomClosed, RoomReset, SessionEnded, StreamClosed, StreamReset
from hub.gateway.fanout import Entry, Fanout, Guest
from hub.gateway.presences import Presences
from hub.gateway.revocations import Rights
from hub.gateway.subscribing import Entered, Entrance, stream_of
from hub.gateway.subscriptions import EnterRoom, EnterStream, LeaveRoom, LeaveStream
from hub.relay import Relay
from hub.settings import Settings
from hub.sockets.connection_limits import crowd_of
from hub.sockets.connections import Bounds, Connection, Refused
from hub.sockets.packets import PackedEvent, event_data, pack
from hub.sockets.server import PATH, Server
from people.actors import Actor
from people.installation.hierarchy import EnterBusiness
from people.installation.live import current
from people.sessions import may_have_old_name
from people.signing.factors import SecondFactorNeeded
from people.tokens import actor_by, must_cover
from presence.connections import Connections, SetPresence
from presence.rooms import members_of
from presence.signals import SIGNAL_SENT, SendSignal
from rooms.lenses import audience_for
from store.bus import Bus
from store.commands import Command
from store.database import Database
from store.errors import Malformed, NotFound, NotSignedIn, Refusal, TooMany, Unavailable, _
from store.events import Event
from store.scopes import EVERYWHERE
from store.streams import Signature, StoredEvent, signature
from web.authentication import coming_from, old_token_of, token_of
from web.refusals import Broken, translate
from web.security import own_host, own_origin

PING_SECONDS = 25
PONG_SECONDS = 20
NAME_LENGTH = 100
WELCOMERS = 1
"""So many newcomers are looked up at once; the others of a rush wait their turn."""
CLOSING_SECONDS = 3.0
NOTED_AT_ONCE, NOTED_PER_SECOND = 20, 1
"""So many refusals of a person go into the log."""

ENDING_RIGHTS = {
    "sessions.revoked", "sign_in_policy.changed", "business.entered", "place.changed", "admin.changed", "admin.deleted",
    "impersonation.ended",
}  # fmt: skip
"""What is looked into at once on the node where it was done, and on each that hears of it; the sweep finds the rest."""

Ask = Callable[[Guest, Any], Awaitable[Entered]]
AskAtOnce = Callable[[Guest, Any], None]

logger = structlog.get_logger(__name__)


class Stopping(Unavailable):
    message = _("Atrium is restarting. Nothing was changed. Please try again.")


class Gateway:
    """One node's sockets, and all that they do."""

    def __init__(self, database: Database, bus: Bus, commands: Commands, settings: Settings) -> None:
        self.node = uuid4().hex
        self._database = database
        self._commands = commands
        self._settings = settings
        self._guests: dict[Connection, Guest] = {}
        self._persons: Counter[UUID] = Counter()
        self._addresses: Counter[str] = Counter()
        self._signals = Pace(int(settings.limit_signals_per_second * 3), settings.limit_signals_per_second)
        self._noted = Pace(NOTED_AT_ONCE, NOTED_PER_SECOND)
        self._welcomers = asyncio.Semaphore(WELCOMERS)
        self._stopping = False
        self._running = 0
        self.fanout = Fanout()
        self.relay = Relay(
            database, bus, self.node, self._deliver, self._lost, has_others=lambda: self.presence.has_others
        )
        self.presence = Connections(bus, self.node, lambda person_id, _state: self._presences.moved(person_id))
        self._presences = Presences(database, self.fanout, self.presence)
        self._entrance = Entrance(database, self.relay, self.fanout, self._presences, self._react)
        self._rights = Rights(
            database,
            lambda: list(self._guests.values()),
            expel=self._expel,
            close=self._close,
            reset=self._reset,
            is_away=self._is_away,
        )
        self._server = Server(
            self,
            polling=settings.polling,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            bounds=Bounds(settings.limit_waiting_events, settings.limit_waiting_bytes, settings.limit_packet_bytes),
            crowd=crowd_of(settings),
        )
        self._sockets = self._server.asgi()
        self._asks: dict[str, tuple[type[Command], Ask]] = {
            ask.wire_name: (ask, self._enter) for ask in (EnterRoom, EnterStream)
        }
        self._asks_at_once: dict[str, tuple[type[Command], AskAtOnce]] = {
            LeaveRoom.wire_name: (LeaveRoom, self._leave),
            LeaveStream.wire_name: (LeaveStream, self._leave),
            SendSignal.wire_name: (SendSignal, self._signal),
            SetPresence.wire_name: (SetPresence, self._set_presence),
        }
        self.hearers: list[Callable[[PackedEvent], None]] = []
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
        self._stopping = True
        await _until(lambda: self._running == 0, self._settings.drain_seconds)
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

    def asgi(self, app: ASGIApp) -> ASGIApp:
        """This is the whole application: sockets here, everything else there."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] not in ("http", "websocket") or not scope["path"].startswith(PATH):
                await app(scope, receive, send)
            elif not self._own(scope):
                await _turn_away(scope, receive, send, 403)
            elif self._stopping:
                await _turn_away(scope, receive, send, 503)
            else:
                await self._serve(scope, receive, send)

        return application

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the sockets answer; what breaks in them is said like any refusal at the door."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._sockets(scope, receive, send_noting)
        except Exception:
            if begun:
                raise
            logger.exception("socket_broke")
            await _turn_away(scope, receive, send, 500)

    async def presences(self, room_id: UUID) -> list[dict[str, str]]:
        """These are those of a room's members who are here, as the wire shows them."""
        async with self._database.reading(EVERYWHERE) as tx:
            members = await members_of(tx, room_id)
        return [form.model_dump(mode="json") for form in self.presence.present(members)]

    def _own(self, scope: Scope) -> bool:
        """Whether a connection comes from this hub's own pages, or from no page at all, under a name of the hub's."""
        headers = HTTPConnection(scope).headers
        origin = headers.get("origin")
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"]) or str(scope["scheme"])
        public_url = self._settings.public_url or None
        if public_url and not own_host(headers.get("host", ""), public_url, current().address):
            return False
        return origin is None or own_origin(origin, scheme=scheme, host=headers.get("host", ""), public_url=public_url)

    # What sockets do

    async def connected(self, connection: Connection, scope: Scope, auth: Any) -> None:
        """Let a socket in, by its cookie or token.

        Raises:
            Refused: nobody known, too many, or the hub is stopping.
        """
        address = scope["client"][0] if scope.get("client") else ""
        try:
            await self._let_in(connection, scope, auth, address)
        except Refused as refused:
            logger.info("socket_refused", refusal=refused.code, address=address)
            raise

    async def _let_in(self, connection: Connection, scope: Scope, auth: Any, address: str) -> None:
        try:
            actor = await self._actor(HTTPConnection(scope), auth)
        except Unavailable as refusal:
            raise Refused(refusal.code, refusal.message) from None
        if actor is None:
            raise Refused(NotSignedIn.code, NotSignedIn.message)
        if actor.second_factor_needed:
            raise Refused(SecondFactorNeeded.code, SecondFactorNeeded.message)
        if self._stopping:
            raise Refused(Stopping.code, Stopping.message)
        self._limit(actor, address)
        guest = Guest(connection, actor, address)
        connection.guest = guest
        self._guests[connection] = guest
        self._persons[actor.id] += 1
        self._addresses[address] += 1
        if actor.impersonator_id is None:  # who acts as somebody doesn't make them be here
            self.presence.arrive(actor.id, connection)
        metrics.sockets.set(len(self._guests))

    async def _actor(self, request: HTTPConnection, auth: Any) -> Actor | None:
        given = auth.get("token") if isinstance(auth, dict) else None
        secure = self._settings.is_secure or request.url.scheme in ("wss", "https")
        token = given if isinstance(given, str) and given else token_of(request, secure=secure)
        old = None if token else old_token_of(request, secure=secure)
        if not token and not old:
            return None
        async with self._welcomers:
            actor = await actor_by(self._database, token or old or "")
            if old and actor and not await may_have_old_name(self._database, actor.session_id):
                return None
            return coming_from(request, actor)

    def _limit(self, actor: Actor, address: str) -> None:
        if self._settings.limits and (
            self._persons[actor.id] >= self._settings.limit_sockets_per_person
            or self._addresses[address] >= self._settings.limit_sockets_per_address
        ):
            raise Refused("too_many_sockets", _("Too many windows are open. Please close some."))

    def disconnected(self, connection: Connection) -> None:
        guest = self._guests.pop(connection, None)
        if guest is None:
            return
        connection.guest = None
        guest.gone = True
        for stream in list(guest.entries):
            self._entrance.leave(guest, stream)
        _count_down(self._persons, guest.actor.id)
        _count_down(self._addresses, guest.address)
        self.presence.depart(guest.actor.id, connection)
        metrics.sockets.set(len(self._guests))

    def received(
        self, connection: Connection, id: int | None, name: Any, args: list[Any]
    ) -> Coroutine[Any, Any, None] | None:
        guest: Guest | None = connection.guest
        if guest is None or guest.gone:
            return None
        ask = self._asks_at_once.get(name) if isinstance(name, str) else None
        if ask is None:
            return self._carry_out(guest, id, name, args)
        answer = self._answer_at_once(guest, ask, args)
        if id is not None:
            connection.answer(id, answer)
        return None

    def _answer_at_once(self, guest: Guest, ask: tuple[type[Command], AskAtOnce], args: list[Any]) -> dict[str, Any]:
        command, act = ask
        try:
            act(guest, read_command(command, self._fields(args)))
        except Refusal as refusal:
            return _refused(guest, refusal)
        except Exception:
            logger.exception("ask_failed", ask=command.wire_name, person_id=str(guest.actor.id))
            return _refused(guest, Broken())
        return {"ok": True}

    async def _carry_out(self, guest: Guest, id: int | None, name: Any, args: list[Any]) -> None:
        """Do what a packet asks, acknowledge it, and do what follows an acknowledgement at once."""
        began = time.monotonic()
        self._running += 1
        try:
            answer = await self._answer(guest, name, args)
        finally:
            self._running -= 1
        if id is not None:
            guest.connection.answer(id, answer.answer if isinstance(answer, Entered) else answer)
        if isinstance(answer, Entered):
            answer.join()
        metrics.command_seconds.observe(time.monotonic() - began)

    async def _answer(self, guest: Guest, name: Any, args: list[Any]) -> dict[str, Any] | Entered:
        about = {"request_id": uuid4().hex, "command": str(name)[:NAME_LENGTH], "person_id": str(guest.actor.id)}
        with structlog.contextvars.bound_contextvars(**about):
            try:
                answer = await self._do(guest, name, args)
                logger.debug("command_done")
                return answer
            except Refusal as refusal:
                self._note(guest, refusal)
                return _refused(guest, refusal)
            except Exception:
                logger.exception("command_failed")
                return _refused(guest, Broken())

    def _note(self, guest: Guest, refusal: Refusal) -> None:
        """Write down what was refused to somebody, but not all of it to who insists."""
        with suppress(TooMany):
            self._noted.take(guest.actor.id)
            logger.info("command_refused", refusal=refusal.code, address=guest.address)

    async def _do(self, guest: Guest, name: Any, args: list[Any]) -> dict[str, Any] | Entered:
        fields = self._fields(args)
        if not isinstance(name, str):
            raise Malformed()
        if name in self._asks:
            command, act = self._asks[name]
            return await act(guest, read_command(command, fields))
        key = fields.pop("key", None)
        if key is not None and not isinstance(key, str):
            raise Malformed()
        answer = await self._commands.run(guest.actor, name, fields, key)
        if name == EnterBusiness.wire_name:
            await self._rights.look_at([guest])  # what they send next, they send from there
        return answer.wire()

    def _fields(self, args: list[Any]) -> dict[str, Any]:
        fields = args[0] if args else {}
        if not isinstance(fields, dict) or len(args) > 1:
            raise Malformed()
        if self._stopping:
            raise Stopping()
        return fields

    async def _enter(self, guest: Guest, ask: EnterRoom | EnterStream) -> Entered:
        must_cover_stream(guest.actor, ask.stream if isinstance(ask, EnterStream) else None)
        return await self._entrance.enter(guest, ask)

    def _leave(self, guest: Guest, ask: LeaveRoom | LeaveStream) -> None:
        self._entrance.leave(guest, stream_of(guest.actor, ask))

    def _signal(self, guest: Guest, ask: SendSignal) -> None:
        must_cover(guest.actor, "rooms:write")
        stream = f"room:{ask.room_id}"
        entry = guest.entries.get(stream)
        if entry is None:
            raise NotFound()
        if self._settings.limits:
            self._signals.take(guest.actor.id)
        default: Any = self._entrance.default_audiences.get(stream, "all")
        audience = audience_for(entry.lens, ask.audience, default)
        payload = {
            "at": None,
            "stream": stream,
            "room_id": ask.room_id,
            **signature(guest.actor.id, guest.actor.hand).wire(),
            "recorded_at": datetime.now(UTC),
            **ask.body,
        }
        event = PackedEvent(stream, None, None, SIGNAL_SENT, audience, event_data(SIGNAL_SENT, payload))
        self.fanout.deliver(event, but=guest)
        self.relay.tell_others(event)

    def _set_presence(self, guest: Guest, ask: SetPresence) -> None:
        must_cover(guest.actor, "account:write")
        self.presence.set_state(guest.actor.id, guest.connection, ask.state)

    def _is_away(self, guest: Guest) -> bool:
        return self.presence.state_of(guest.actor.id) == "away"

    # What is told

    def _deliver(self, event: PackedEvent) -> None:
        self.fanout.deliver(event)
        self._react(event)
        if event.name in ENDING_RIGHTS:
            self._rights.look()
        for heard in self.hearers:
            heard(event)

    def _react(self, event: PackedEvent) -> None:
        if react := self._reactions.get(event.name):
            react(event)

    def _committed(self, events: list[StoredEvent]) -> None:
        if any(event.name in ENDING_RIGHTS for event in events):
            self._rights.look()

    def _member_removed(self, event: PackedEvent) -> None:
        """They were told; now they are out. Who sees the room all the same comes in again."""
        person_id = UUID(event.payload["member"]["id"])
        for entry in self.fanout.entries(event.stream):
            if entry.guest.actor.id == person_id and (event.offset or 0) > entry.after:
                if entry.guest.actor.may("projects"):
                    self._reset(entry)
                else:
                    self._close(entry)

    def _member_added(self, event: PackedEvent) -> None:
        person_id = UUID(event.payload["member"]["id"])
        if self.presence.state_of(person_id) != "offline":
            self._presences.moved_in(event.stream, person_id)

    def _room_changed(self, event: PackedEvent) -> None:
        self._entrance.default_audiences[event.stream] = event.payload["room"]["default_audience"]

    # What is taken back

    def _expel(self, guest: Guest) -> None:
        """A session has ended: say so, and don't have the client come back by itself."""
        guest.gone = True
        for stream in list(guest.entries):
            self._entrance.leave(guest, stream)
        self._tell(guest, f"person:{guest.actor.id}", SessionEnded())
        guest.connection.dismiss()

    def _close(self, entry: Entry) -> None:
        self._entrance.leave(entry.guest, entry.stream)
        is_room = entry.stream.startswith("room:")
        self._tell(entry.guest, entry.stream, (RoomClosed if is_room else StreamClosed)(reason="removed"))

    def _reset(self, entry: Entry) -> None:
        self._entrance.leave(entry.guest, entry.stream)
        is_room = entry.stream.startswith("room:")
        self._tell(entry.guest, entry.stream, (RoomReset if is_room else StreamReset)(reason="changed"))

    def _tell(self, guest: Guest, stream: str, notice: Event) -> None:
        guest.connection.tell(pack(_told(stream, notice, by=None)))

    def _lost(self, stream: str) -> None:
        """The stream goes on in a new epoch: whoever listened comes back and enters anew."""
        for entry in self.fanout.entries(stream):
            self._entrance.shut(entry)
            entry.guest.connection.finish()


def _told(stream: str, event: Event, *, by: UUID | None, audience: str = "all") -> StoredEvent:
    """An event that isn't stored, as it would be if it were."""
    body = {field: value for field, value in event.model_dump(mode="json").items() if value is not None}
    return StoredEvent(stream, None, None, event.wire_name, audience, Signature(by), datetime.now(UTC), body)


def _refused(guest: Guest, refusal: Refusal) -> dict[str, Any]:
    return {"ok": False, "error": translate(guest.actor.language, refusal)}


def _count_down(counter: "Counter[Any]", thing: Any) -> None:
    counter[thing] -= 1
    if counter[thing] <= 0:
        del counter[thing]


async def _until(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:  # noqa: ASYNC110 - what ends it is in other hands
        await asyncio.sleep(0.02)


async def _turn_away(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    await receive()
    kind = "http" if scope["type"] == "http" else "websocket.http"
    if kind == "websocket.http" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})
        return
    await send({"type": f"{kind}.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": f"{kind}.response.body", "body": b""})
