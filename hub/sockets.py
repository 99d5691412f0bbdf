"""Sockets: the one module that goes below the public surface of python-socketio and python-engineio.

As they come, both make a task for every recipient of every event and let any amount wait for a reader that stalls.
Here each connection has one bounded outbox, an event is encoded and framed once for all, and it is written straight to
the transport while nothing waits before it. ``tests/hub/test_sockets.py`` names each hook that a new version may break.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import engineio
import socketio
import structlog
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, OPEN, PING, Packet
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from hub import metrics
from hub.packets import PackedEvent, answer_data, text_frame

NAMELESS_SECONDS = 10.0
"""So long a connection may stay without having signed in."""

SERVICE_RESTART = 1012  # Source: IANA, WebSocket Close Code Number Registry
GOING_AWAY = 1001

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


class Handler(Protocol):
    """What the gateway does with sockets."""

    async def connected(self, connection: "Connection", environ: dict[str, Any], auth: Any) -> None:
        """Let a socket in.

        Raises:
            Refused: it isn't.
        """

    async def received(self, connection: "Connection", id: int | None, name: Any, args: list[Any]) -> None:
        """Handle one packet. The next one of the same socket comes when this returns."""

    async def disconnected(self, connection: "Connection") -> None:
        """Forget a socket."""


class Outbox(asyncio.Queue[Packet | None]):
    """What waits for a connection's reader."""

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


class Connection(AsyncSocket):  # type: ignore[misc]  # untyped
    """One client's connection."""

    queue: Outbox
    connected: bool
    upgraded: bool
    guest: Any = None
    """The gateway's own knowledge of who this is; None until they are let in."""

    def __init__(self, server: Any, sid: str) -> None:
        super().__init__(server, sid)
        self.last_ping = None  # the stock watch of pings, which ours replaces
        self._timer: asyncio.TimerHandle | None = None
        self._bounds: Bounds = server.bounds
        self._protocol: WebSocketsSansIOProtocol | None = None
        self._task: asyncio.Task[Any] | None = None
        self._writing = False
        self._aborted = False

    def push(self, event: PackedEvent) -> None:
        """Put an event into the outbox. A connection with too much waiting is cut off: it comes back and resumes."""
        if self._write_through(event.frame):
            return
        if self.queue.qsize() >= self._bounds.events or self.queue.bytes > self._bounds.waiting_bytes:
            metrics.sockets_too_slow.inc()
            logger.info("socket_too_slow", waiting=self.queue.qsize(), bytes=self.queue.bytes)
            self.abort()
        else:
            self.queue.put_nowait(Packet(MESSAGE, event.text[1:]))

    def answer(self, id: int, answer: dict[str, Any]) -> None:
        """Put an acknowledgement into the outbox."""
        self._say(answer_data(id, answer))

    def tell(self, event: PackedEvent) -> None:
        """Put an event into the outbox, however much waits there."""
        self._say(event.data)

    def finish(self, code: int = SERVICE_RESTART) -> None:
        """Close after what waits was sent. A client comes back by itself."""
        self._close_code = code
        self.queue.put_nowait(None)

    def dismiss(self) -> None:
        """Close after what waits was sent, so that the client doesn't come back by itself."""
        self._say(b"41")
        self.finish(GOING_AWAY)

    def abort(self) -> None:
        """Cut the connection off, with all that waits."""
        if self._aborted:
            return
        self._aborted = True
        if self._protocol is not None:
            self._protocol.transport.abort()
        elif self._task is not None:
            self._task.cancel()
        else:
            asyncio.ensure_future(self.close(wait=False, abort=True)).add_done_callback(lambda _: None)

    async def keeping_up(self) -> None:
        """Wait until the client has taken most of what it asked for before it may ask for more."""
        while self.queue.bytes > self._bounds.waiting_bytes and not self.closed and not self._aborted:
            self._relief = asyncio.get_running_loop().create_future()
            await self._relief

    def _say(self, data: bytes) -> None:
        if not self._write_through(text_frame(data)):
            self.queue.put_nowait(Packet(MESSAGE, data[1:].decode()))

    def _write_through(self, frame: bytes) -> bool:
        """Write to the transport itself, when nothing waits before and the transport takes it."""
        protocol = self._protocol
        if (
            protocol is None
            or self._writing
            or not self.queue.empty()
            or not protocol.writable.is_set()
            or protocol.close_sent
            or protocol.conn.state is not State.OPEN
        ):
            return False
        protocol.transport.write(frame)
        return True

    _close_code = SERVICE_RESTART
    _relief: "asyncio.Future[None] | None" = None

    async def _websocket_handler(self, ws: Any) -> None:
        if self.connected:  # it upgrades from long-polling
            await super()._websocket_handler(ws)
            return
        self.connected = self.upgraded = True
        self._task = asyncio.current_task()
        owner = getattr(ws.asgi_send, "__self__", None)
        self._protocol = owner if isinstance(owner, WebSocketsSansIOProtocol) else None
        writer = asyncio.create_task(self._write(ws))
        try:
            await self._read(ws)
        except asyncio.CancelledError:
            if not self._aborted:
                raise
        finally:
            self._protocol = None
            self.queue.put_nowait(None)
            await self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
            if self._aborted:
                writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer

    async def _read(self, ws: Any) -> None:
        while not self.closed:
            try:
                data = await ws.wait()
            except OSError:
                return
            if not isinstance(data, str) or len(data) > self._bounds.packet_bytes:
                return
            kind = data[:1]
            if kind == "4":
                await self.server.handlers["message"](self.sid, data[1:])
                await self.keeping_up()
            elif kind == "3":
                self.schedule_ping()
            else:
                return

    async def _write(self, ws: Any) -> None:
        try:
            while (packet := await self.queue.get()) is not None:
                self._writing = True
                await ws.send(packet.encode())
                while not self.queue.empty() and (packet := self.queue.get_nowait()) is not None:
                    await ws.send(packet.encode())
                self._writing = False
                if self._relief and not self._relief.done() and self.queue.bytes <= self._bounds.waiting_bytes:
                    self._relief.set_result(None)
                if packet is None:
                    break
        except Exception as error:  # noqa: BLE001 - the transport is gone, whatever it says: the reader finds out too
            logger.debug("socket_write_failed", error=repr(error))
        finally:
            self._writing = True
            if self._relief and not self._relief.done():
                self._relief.set_result(None)
            with suppress(Exception):
                await ws.asgi_send({"type": "websocket.close", "code": self._close_code})

    async def close(self, wait: bool = True, abort: bool = False, reason: Any = None) -> None:
        self._cancel_timer()
        await super().close(wait=wait, abort=abort, reason=reason)

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

    sockets: dict[str, Connection]
    bounds = Bounds()

    def create_queue(self, *args: Any, **kwargs: Any) -> Outbox:
        return Outbox()

    async def _handle_connect(self, environ: dict[str, Any], transport: str, jsonp_index: int | None = None) -> Any:
        sid = self.generate_id()
        connection = Connection(self, sid)
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
        if transport == "websocket":
            try:
                return await connection.handle_get_request(environ)
            finally:
                self.sockets.pop(sid, None)
        connection.connected = True
        return self._ok(await connection.poll(), jsonp_index=jsonp_index)


def _close_nameless(connection: Connection) -> None:
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


class Server(socketio.AsyncServer):  # type: ignore[misc]  # untyped
    """Socket.IO that hands every packet, in order, to one handler, and doesn't fall over any."""

    def __init__(
        self, handler: Handler, *, polling: bool, ping_interval: float, ping_timeout: float, bounds: Bounds
    ) -> None:
        super().__init__(
            client_manager=Manager(),
            async_mode="asgi",
            async_handlers=False,
            transports=["websocket", "polling"] if polling else ["websocket"],
            cors_allowed_origins=[],  # the gateway checks the origin before
            max_http_buffer_size=bounds.packet_bytes,
            http_compression=False,
            monitor_clients=False,  # each connection watches its own pings
            ping_interval=ping_interval,
            ping_timeout=ping_timeout,
        )
        self.eio.bounds = bounds
        self._handler = handler
        self.on("connect", self._connected)
        self.on("disconnect", self._disconnected)

    def asgi(self) -> Any:
        """This is the ASGI application that serves the sockets, whatever their path."""
        return engineio.ASGIApp(self.eio, engineio_path=None)

    @property
    def connections(self) -> list[Connection]:
        return list(self.eio.sockets.values())

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _connected(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        connection = self._connection(sid)
        if connection is None:
            raise socketio.exceptions.ConnectionRefusedError("gone", {"code": "gone"})
        try:
            await self._handler.connected(connection, environ, auth)
        except Refused as refused:
            metrics.sockets_refused.labels(refused.code).inc()
            raise socketio.exceptions.ConnectionRefusedError(refused.message, {"code": refused.code}) from None

    async def _disconnected(self, sid: str, reason: Any = None) -> None:
        connection = self._connection(sid)
        if connection is not None and connection.guest is not None:
            await self._handler.disconnected(connection)
            connection.guest = None
            asyncio.get_running_loop().call_later(NAMELESS_SECONDS, _close_nameless, connection)

    def _connection(self, sid: str) -> Connection | None:
        connection: Connection | None = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, "/"))
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
        await self._handler.received(connection, id, data[0], data[1:])

    async def _send_packet(self, eio_sid: str, packet: Any) -> None:
        """Whatever python-socketio itself sends goes through the same outbox, in the same order."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None:
            connection.queue.put_nowait(Packet(MESSAGE, packet.encode()))
