"""Sockets: clients' connections, and the one module that goes below the public surface of other libraries.

uvicorn hands every WebSocket request to ``Upgrade``. One of Socket.IO becomes a ``Line``, which python-socketio never
sees: as it comes it makes a task for every recipient of every event and lets any amount wait for a reader that stalls.
Where a setting allows long-polling, that is python-socketio's, held to the same bounds. ``tests/hub/test_sockets.py``
names each hook that a new version may break.
"""

import asyncio
import random
import re
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, unquote

import engineio
import orjson
import socketio
import structlog
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, OPEN, PING, Packet
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from hub import metrics
from hub.crowds import Crowd
from hub.frames import Request, read_request
from hub.lines import GOING_AWAY, SERVICE_RESTART, Line
from hub.packets import Bundle, PackedEvent, answer_data

PATH = "/socket.io/"
NAMELESS_SECONDS = 10.0
"""So long a connection may stay without having signed in."""
BEAT_SECONDS = 0.5
FIRST_PING = (0.4, 1.0)
"""When a connection is pinged first, in intervals."""
AT_THE_DOOR = 32
NEWCOMER_SECONDS = 0.001
"""About so long it takes to let one in: of more than a few who come at once each lets others have their turn."""

_LINE = "hub.line"
_EVENT = re.compile(r"42(/[^,]{0,100},)?([0-9]{0,18})(?=\[)")
_CONNECT = re.compile(r"40(?:(/[^,]{0,100})(?:,|$))?")

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait for one connection, and how large a packet from it may be."""

    events: int = 256
    waiting_bytes: int = 1 << 20
    packet_bytes: int = 1_000_000


class Refused(Exception):
    """A socket that isn't let in, with the code that its client is told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def wire(self) -> dict[str, Any]:
        return {"message": self.message, "data": {"code": self.code}}


class Connection(Protocol):
    """One client's connection. What is sent on it arrives in order, or the connection is cut off."""

    guest: Any
    """The gateway's own knowledge of who this is; None until they are let in."""

    def push(self, event: PackedEvent) -> None:
        """Send an event. A connection with too much waiting is cut off: it comes back and resumes."""

    def push_all(self, bundle: Bundle) -> None:
        """Send several events at once."""

    def tell(self, event: PackedEvent) -> None:
        """Send an event, however much waits there."""

    def answer(self, id: int, answer: dict[str, Any]) -> None:
        """Send an acknowledgement."""

    def finish(self, code: int = ...) -> None:
        """Close after what waits was sent. A client comes back by itself."""

    def dismiss(self) -> None:
        """Close after what waits was sent, so that the client doesn't come back by itself."""

    def abort(self) -> None:
        """Cut the connection off, with all that waits."""

    def __hash__(self) -> int: ...


class Handler(Protocol):
    """What the gateway does with sockets."""

    async def connected(self, connection: Connection, scope: Scope, auth: Any) -> None:
        """Let a socket in.

        Raises:
            Refused: it isn't.
        """

    def received(
        self, connection: Connection, id: int | None, name: Any, args: list[Any]
    ) -> Coroutine[Any, Any, None] | None:
        """Handle one packet, at once (then this is None) or by what has to be awaited before the next one comes."""

    def disconnected(self, connection: Connection) -> None:
        """Forget a socket."""


class Server:
    """All sockets of a node."""

    def __init__(
        self,
        handler: Handler,
        *,
        polling: bool,
        ping_interval: float,
        ping_timeout: float,
        bounds: Bounds,
        crowd: Crowd | None = None,
    ) -> None:
        self.bounds = bounds
        self.ping_interval = ping_interval
        self.ping_timeout = ping_timeout
        self._handler = handler
        self._lines: set[Line] = set()
        self._crowd = crowd
        self._nameless: dict[Line, str] = {}
        self._beating: asyncio.TimerHandle | None = None
        self._polling = _Polling(handler, self) if polling else None

    @property
    def connections(self) -> list[Connection]:
        return [*self._lines, *(self._polling.eio.sockets.values() if self._polling else ())]

    def asgi(self) -> ASGIApp:
        """This is the ASGI application that serves the sockets, whatever their path."""
        polling = engineio.ASGIApp(self._polling.eio, engineio_path=None) if self._polling else _bad_request

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            line: Line | None = scope.get("extensions", {}).get(_LINE)
            if line is None:
                await polling(scope, receive, send)
            else:
                line.open(self, scope)

        return application

    # What lines tell

    def arrived(self, line: Line) -> None:
        loop = asyncio.get_running_loop()
        self._lines.add(line)
        line.due = loop.time() + NAMELESS_SECONDS
        if self._beating is None:
            self._beating = loop.call_later(BEAT_SECONDS, self._beat)
        if self._crowd is not None and line.scope is not None:
            address = (line.scope.get("client") or ("",))[0]
            if self._crowd.come(address):
                self._nameless[line] = address
            else:
                metrics.sockets_refused.labels("crowd").inc()
                line.abort()

    def left(self, line: Line) -> None:
        self._lines.discard(line)
        self._is_known(line)
        if line.guest is not None:
            self._handler.disconnected(line)

    def _is_known(self, line: Line) -> None:
        if self._crowd is not None and (address := self._nameless.pop(line, None)) is not None:
            self._crowd.go(address)

    def greeting(self) -> bytes:
        """This is the first packet of a connection. Source: Engine.IO protocol 4, "Handshake"."""
        return b"0" + orjson.dumps(
            {
                "sid": secrets.token_urlsafe(15),
                "upgrades": [],
                "pingInterval": int(self.ping_interval * 1000),
                "pingTimeout": int(self.ping_timeout * 1000),
                "maxPayload": self.bounds.packet_bytes,
            }
        )

    def take(self, line: Line, text: str) -> Coroutine[Any, Any, None] | None:
        """Handle a packet, or say what to wait for. Source: Engine.IO protocol 4 and Socket.IO protocol 5, "Packet"."""
        if text.startswith("42"):
            return self._event(line, text)
        if text == "3":
            line.pinged, line.due = False, asyncio.get_running_loop().time() + self.ping_interval
        elif text.startswith("40"):
            return self._connect(line, text)
        elif text == "41":
            self._leave(line)
        elif not text.startswith("43"):  # an acknowledgement; none is asked for
            line.finish()
        return None

    def _event(self, line: Line, text: str) -> Coroutine[Any, Any, None] | None:
        begins = _EVENT.match(text)
        if begins is None:
            line.finish()
            return None
        if line.guest is None or begins[1] not in (None, "/,"):
            return None
        id = int(begins[2]) if begins[2] else None
        try:
            name, *args = orjson.loads(text[begins.end() :])
        except ValueError:
            if id is None:
                line.finish()
                return None
            name, args = None, []  # which is refused
        return self._handler.received(line, id, name, args)

    def _connect(self, line: Line, text: str) -> Coroutine[Any, Any, None] | None:
        begins = _CONNECT.match(text)
        assert begins is not None
        if begins[1] not in (None, "/"):
            line.say(b"44" + begins[1].encode() + b',{"message":"Unable to connect"}')
            return None
        scope, line.scope = line.scope, None
        try:
            auth = orjson.loads(text[begins.end() :] or "null")
        except ValueError:
            scope = None
        if scope is None:
            line.finish()
            return None
        return self._let_in(line, scope, auth)

    async def _let_in(self, line: Line, scope: Scope, auth: Any) -> None:
        try:
            await self._handler.connected(line, scope, auth)
        except Refused as refused:
            metrics.sockets_refused.labels(refused.code).inc()
            line.scope = scope
            line.say(b"44" + orjson.dumps(refused.wire))
            return
        self._is_known(line)
        if line.is_open:
            # Those who came together after a restart are not to be pinged together ever after.
            first = random.uniform(*FIRST_PING)  # noqa: S311 - no secret
            line.due = asyncio.get_running_loop().time() + self.ping_interval * first
            line.say(b"40" + orjson.dumps({"sid": secrets.token_urlsafe(15)}))
        else:
            self._handler.disconnected(line)

    def _leave(self, line: Line) -> None:
        if line.guest is not None:
            self._handler.disconnected(line)
            line.finish()

    # The heart

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for line in list(self._lines):
            if line.due <= now:
                self._look_at(line, now)
        self._beating = loop.call_later(BEAT_SECONDS, self._beat) if self._lines else None

    def _look_at(self, line: Line, now: float) -> None:
        if line.pinged:  # and no answer came
            line.abort()
        elif line.guest is None:
            line.finish()
        else:
            line.ping()
            line.due = now + self.ping_timeout


async def _bad_request(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer who speaks no WebSocket as the Engine.IO protocol wants."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1002})
        return
    said = orjson.dumps({"code": 0, "message": "Transport unknown"})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": said})


# Below uvicorn


class Upgrade(asyncio.Protocol):
    """What uvicorn gives a WebSocket request to (``Config(ws=…)``): makes a line of it, or leaves it to uvicorn."""

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
        self._config = config
        self._server_state = server_state
        self._app_state = app_state
        self._transport: asyncio.Transport
        self._heir: Line | WebSocketsSansIOProtocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has everything of it but the class

    def data_received(self, data: bytes) -> None:
        if self._heir is not None:
            self._heir.data_received(data)
            return
        read = read_request(data)
        if read is not None and _is_line(read[0]):
            self._heir = self._line(*read)
        else:
            self._heir = WebSocketsSansIOProtocol(self._config, self._server_state, self._app_state)
            self._heir.connection_made(self._transport)
            self._heir.data_received(data)
        # uvicorn names this object as the transport's protocol when this returns; the heir is to be it from then on.
        asyncio.get_running_loop().call_soon(self._transport.set_protocol, self._heir)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._heir is not None:
            self._heir.connection_lost(exc)

    def pause_writing(self) -> None:
        if self._heir is not None:
            self._heir.pause_writing()

    def resume_writing(self) -> None:
        if self._heir is not None:
            self._heir.resume_writing()

    def _line(self, request: Request, early: bytes) -> Line:
        line = Line(self._transport, request.accept, early, self._server_state.connections)
        task = asyncio.get_running_loop().create_task(self._ask(line, request))
        self._server_state.tasks.add(task)
        task.add_done_callback(self._server_state.tasks.discard)
        return line

    async def _ask(self, line: Line, request: Request) -> None:
        """Have the application take the line, or say with what status it doesn't."""
        if (coming := len(self._server_state.tasks)) > AT_THE_DOOR:
            await asyncio.sleep(coming * NEWCOMER_SECONDS)
        scope = {
            "type": "websocket",
            "asgi": {"version": self._config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(self._transport) else "ws",
            "server": get_local_addr(self._transport),
            "client": get_remote_addr(self._transport),
            "root_path": self._config.root_path,
            "path": unquote(request.path.decode("ascii")),
            "raw_path": request.path,
            "query_string": request.query,
            "headers": request.headers,
            "subprotocols": [],
            "state": self._app_state.copy(),
            "extensions": {"websocket.http.response": {}, _LINE: line},
        }
        try:
            await self._config.loaded_app(scope, line.receive, line.send)
        except Exception:
            logger.exception("upgrade_failed")
            line.refuse(500)


def _is_line(request: Request) -> bool:
    """Whether a request is for a Socket.IO connection that begins as a WebSocket."""
    asked = parse_qs(request.query.decode("latin-1"))
    return (
        request.path == PATH.encode()
        and asked.get("transport") == ["websocket"]
        and asked.get("EIO") == ["4"]
        and "sid" not in asked
    )


# Below python-socketio and python-engineio


class Outbox(asyncio.Queue[Packet | None]):
    """What waits for a polling connection's reader."""

    bytes = 0

    def _put(self, item: Packet | None) -> None:
        self.bytes += _size(item)
        super()._put(item)

    def _get(self) -> Packet | None:
        item = super()._get()
        self.bytes -= _size(item)
        return item


def _size(item: Packet | None) -> int:
    return len(item.data) if item is not None and isinstance(item.data, str) else 0


class PollingConnection(AsyncSocket):  # type: ignore[misc]  # untyped
    """The connection of a client that began by polling; it may have gone over to a WebSocket since."""

    queue: Outbox
    connected: bool
    upgraded: bool
    guest: Any = None

    def __init__(self, server: Any, sid: str) -> None:
        super().__init__(server, sid)
        self.last_ping = None  # the stock watch of pings, which ours replaces
        self._timer: asyncio.TimerHandle | None = None
        self._bounds: Bounds = server.bounds
        self._transport: asyncio.Transport | None = None
        self._aborted = False

    def push(self, event: PackedEvent) -> None:
        if self.queue.qsize() >= self._bounds.events or self.queue.bytes > self._bounds.waiting_bytes:
            metrics.sockets_too_slow.inc()
            logger.info("socket_too_slow", waiting=self.queue.qsize(), bytes=self.queue.bytes)
            self.abort()
        else:
            self._say(event.data)

    def push_all(self, bundle: Bundle) -> None:
        for event in bundle.events:
            self.push(event)

    def tell(self, event: PackedEvent) -> None:
        self._say(event.data)

    def answer(self, id: int, answer: dict[str, Any]) -> None:
        if self.queue.bytes > 4 * self._bounds.waiting_bytes:  # it asks and asks, and takes nothing
            self.abort()
        else:
            self._say(answer_data(id, answer))

    def finish(self, code: int = SERVICE_RESTART) -> None:
        self.queue.put_nowait(None)

    def dismiss(self) -> None:
        self._say(b"41")
        self.finish(GOING_AWAY)

    def abort(self) -> None:
        if self._aborted:
            return
        self._aborted = True
        if self._transport is not None:
            self._transport.abort()
        asyncio.ensure_future(self.close(wait=False, abort=True)).add_done_callback(lambda _: None)

    def _say(self, data: bytes) -> None:
        self.queue.put_nowait(Packet(MESSAGE, data[1:].decode()))

    async def _websocket_handler(self, ws: Any) -> None:
        owner = getattr(ws.asgi_send, "__self__", None)
        self._transport = owner.transport if isinstance(owner, WebSocketsSansIOProtocol) else None
        await super()._websocket_handler(ws)

    async def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        self._cancel_timer()
        await super().close(wait=wait, abort=abort, reason=reason)
        self.server.sockets.pop(self.sid, None)
        self.queue.put_nowait(None)

    def schedule_ping(self) -> None:
        self._after(self.server.ping_interval, self._ping)

    def _ping(self) -> None:
        if not self.closing and not self.closed:
            self.queue.put_nowait(Packet(PING))
            self._after(self.server.ping_timeout, self.abort)

    def _after(self, seconds: float, act: Any) -> None:
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, act)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Engine(engineio.AsyncServer):  # type: ignore[misc]  # untyped
    """Engine.IO with our connections."""

    sockets: dict[str, PollingConnection]
    bounds: Bounds

    def create_queue(self, *args: Any, **kwargs: Any) -> Outbox:
        return Outbox()

    async def _handle_connect(self, environ: dict[str, Any], transport: str, jsonp_index: int | None = None) -> Any:
        sid = self.generate_id()
        connection = PollingConnection(self, sid)
        self.sockets[sid] = connection
        opening = {
            "sid": sid,
            "upgrades": self._upgrades(sid, transport),
            "pingInterval": int(self.ping_interval * 1000),
            "pingTimeout": int(self.ping_timeout * 1000),
            "maxPayload": self.max_http_buffer_size,
        }
        connection.queue.put_nowait(Packet(OPEN, opening))
        await self._trigger_event("connect", sid, environ, run_async=False)
        connection.schedule_ping()
        asyncio.get_running_loop().call_later(NAMELESS_SECONDS, _close_nameless, connection)
        connection.connected = True
        return self._ok(await connection.poll(), jsonp_index=jsonp_index)


def _close_nameless(connection: PollingConnection) -> None:
    if connection.guest is None and not connection.closed:
        connection.finish()


class Manager(socketio.AsyncManager):  # type: ignore[misc]  # untyped
    """The library's own list of who is connected. Rooms are ours (``hub.fanout``): there is nothing else to leave."""

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:
        """Forget a socket. As it comes this walks all sockets for each that goes."""
        for room in (sid, None):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]


class _Polling(socketio.AsyncServer):  # type: ignore[misc]  # untyped
    """python-socketio that hands every packet, in order, to one handler, and doesn't fall over any."""

    def __init__(self, handler: Handler, server: Server) -> None:
        super().__init__(
            client_manager=Manager(),
            async_mode="asgi",
            async_handlers=False,
            transports=["websocket", "polling"],
            cors_allowed_origins=[],  # the gateway checks the origin before
            max_http_buffer_size=server.bounds.packet_bytes,
            http_compression=False,
            monitor_clients=False,  # each connection watches its own pings
            ping_interval=server.ping_interval,
            ping_timeout=server.ping_timeout,
        )
        self.eio.bounds = server.bounds
        self._handler = handler
        self.on("connect", self._connected)
        self.on("disconnect", self._disconnected)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _connected(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        connection = self._connection(sid)
        if connection is None:
            raise socketio.exceptions.ConnectionRefusedError("gone", {"code": "gone"})
        try:
            await self._handler.connected(connection, environ["asgi.scope"], auth)
        except Refused as refused:
            metrics.sockets_refused.labels(refused.code).inc()
            raise socketio.exceptions.ConnectionRefusedError(refused.message, {"code": refused.code}) from None

    async def _disconnected(self, sid: str, reason: Any = None) -> None:
        connection = self._connection(sid)
        if connection is not None and connection.guest is not None:
            self._handler.disconnected(connection)
            asyncio.get_running_loop().call_later(NAMELESS_SECONDS, _close_nameless, connection)

    def _connection(self, sid: str) -> PollingConnection | None:
        connection: PollingConnection | None = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, "/"))
        return connection

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Nothing that is sent may harm more than the connection that it came on. Binary packets aren't spoken."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is None:
            return
        if not isinstance(data, str) or data[:1] not in ("0", "1", "2", "3"):
            connection.finish()
            return
        try:
            await super()._handle_eio_message(eio_sid, data)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            logger.info("malformed_packet", error=repr(error))
            connection.finish()

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:
        connection = self.eio.sockets.get(eio_sid)
        if connection is None or connection.guest is None or (namespace or "/") != "/":
            return
        if not isinstance(data, list) or not data:
            connection.finish()
            return
        work = self._handler.received(connection, id, data[0], data[1:])
        if work is not None:
            await work

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        """Whatever python-socketio itself sends goes through the same outbox, in the same order."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None:
            connection.queue.put_nowait(Packet(MESSAGE, packet.encode()))
