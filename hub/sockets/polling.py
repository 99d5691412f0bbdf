"""Long-polling, as python-socketio has it. Below python-socketio and python-engineio."""

import asyncio
from functools import partial
from typing import Any

import engineio
import socketio
import structlog
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, OPEN, PING, Packet
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hub import metrics
from hub.sockets import connections
from hub.sockets.connections import ConnectionRefused, Handler, PacketLimits
from hub.sockets.packets import Bundle, PackedEvent, answer_data
from hub.sockets.websockets import GOING_AWAY, SERVICE_RESTART
from store.loop.pulse import Timer, pulse

logger = structlog.get_logger(__name__)


class PacketQueue(asyncio.Queue[Packet | None]):
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

    queue: PacketQueue
    connected: bool
    upgraded: bool
    client: Any = None

    def __init__(self, server: Any, sid: str) -> None:
        super().__init__(server, sid)
        self.last_ping = None  # the stock watch of pings, which ours replaces
        self._timer: Timer | None = None
        self._packet_limits: PacketLimits = server.packet_limits
        self._transport: asyncio.Transport | None = None
        self._aborted = False

    def push(self, event: PackedEvent) -> None:
        if self.queue.qsize() >= self._packet_limits.events or self.queue.bytes > self._packet_limits.waiting_bytes:
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
        if self.queue.bytes > 4 * self._packet_limits.waiting_bytes:  # it asks and asks, and takes nothing
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
        self._timer = pulse().call_later(seconds, act)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Engine(engineio.AsyncServer):  # type: ignore[misc]  # untyped
    """Engine.IO with our connections."""

    sockets: dict[str, PollingConnection]
    packet_limits: PacketLimits

    def create_queue(self, *args: Any, **kwargs: Any) -> PacketQueue:
        return PacketQueue()

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
        pulse().call_later(connections.NAMELESS_SECONDS, partial(_close_nameless, connection))
        connection.connected = True
        return self._ok(await connection.poll(), jsonp_index=jsonp_index)


def _close_nameless(connection: PollingConnection) -> None:
    if connection.client is None and not connection.closed:
        connection.finish()


class Manager(socketio.AsyncManager):  # type: ignore[misc]  # untyped
    """The library's own list of who is connected. Rooms are ours (``hub.gateway.fanout``): nothing else is left."""

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


class Polling(socketio.AsyncServer):  # type: ignore[misc]  # untyped
    """python-socketio that hands every packet, in order, to one handler, and doesn't fall over any."""

    def __init__(
        self, handler: Handler, packet_limits: PacketLimits, *, ping_interval: float, ping_timeout: float
    ) -> None:
        super().__init__(
            client_manager=Manager(),
            async_mode="asgi",
            async_handlers=False,
            transports=["websocket", "polling"],
            cors_allowed_origins=[],  # the gateway checks the origin before
            max_http_buffer_size=packet_limits.packet_bytes,
            http_compression=False,
            monitor_clients=False,  # each connection watches its own pings
            ping_interval=ping_interval,
            ping_timeout=ping_timeout,
        )
        self.eio.packet_limits = packet_limits
        self._handler = handler
        self.on("connect", self._connected)
        self.on("disconnect", self._disconnected)

    @property
    def connections(self) -> list[PollingConnection]:
        return list(self.eio.sockets.values())

    def asgi(self) -> ASGIApp:
        asgi: ASGIApp = engineio.ASGIApp(self.eio, engineio_path=None)
        return asgi

    def _engineio_server_class(self) -> type[Engine]:
        return Engine

    async def _connected(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        connection = self._connection(sid)
        if connection is None:
            raise socketio.exceptions.ConnectionRefusedError("gone", {"code": "gone"})
        try:
            await self._handler.connected(connection, environ["asgi.scope"], auth)
        except ConnectionRefused as refused:
            metrics.sockets_refused.labels(refused.code).inc()
            raise socketio.exceptions.ConnectionRefusedError(refused.message, {"code": refused.code}) from None

    async def _disconnected(self, sid: str, reason: Any = None) -> None:
        connection = self._connection(sid)
        if connection is not None and connection.client is not None:
            self._handler.disconnected(connection)
            pulse().call_later(connections.NAMELESS_SECONDS, partial(_close_nameless, connection))

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
        if connection is None or connection.client is None or (namespace or "/") != "/":
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
