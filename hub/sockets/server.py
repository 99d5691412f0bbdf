"""All sockets of a node: their packets, their pings, and who hasn't said yet who they are."""

import asyncio
import random
import re
import secrets
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from hub import metrics
from hub.sockets import connections
from hub.sockets.connection_limits import ConnectionLimit
from hub.sockets.connections import Connection, ConnectionRefused, Handler, PacketLimits
from hub.sockets.websockets import WebSocket
from store.loop.pulse import pulse
from store.wire.json import read_json

if TYPE_CHECKING:
    from hub.sockets.polling import Polling

PATH = "/socket.io/"
WEBSOCKET = "hub.websocket"
"""The extension of a request's scope that has its websocket."""
BEAT_SECONDS = 0.5
FIRST_PING = (0.4, 1.0)
"""When a connection is pinged first, in intervals."""

_EVENT = re.compile(r"42(/[^,]{0,100},)?([0-9]{0,18})(?=\[)")
_CONNECT = re.compile(r"40(?:(/[^,]{0,100})(?:,|$))?")


class SocketServer:
    """All sockets of a node."""

    def __init__(
        self,
        handler: Handler,
        *,
        polling: bool,
        ping_interval: float,
        ping_timeout: float,
        packet_limits: PacketLimits,
        limit: ConnectionLimit | None = None,
    ) -> None:
        self.packet_limits = packet_limits
        self.ping_interval = ping_interval
        self.ping_timeout = ping_timeout
        self._handler = handler
        self._websockets: set[WebSocket] = set()
        self._limit = limit
        self._nameless: dict[WebSocket, str] = {}
        self._beating: asyncio.TimerHandle | None = None
        self._polling = _polling(handler, self) if polling else None

    @property
    def connections(self) -> list[Connection]:
        return [*self._websockets, *(self._polling.connections if self._polling else ())]

    def asgi(self) -> ASGIApp:
        """This is the ASGI application that serves the sockets, whatever their path."""
        polling = self._polling.asgi() if self._polling else _bad_request

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            websocket: WebSocket | None = scope.get("extensions", {}).get(WEBSOCKET)
            if websocket is None:
                await polling(scope, receive, send)
            else:
                websocket.open(self, scope)

        return application

    # What websockets tell

    def arrived(self, websocket: WebSocket) -> None:
        self._websockets.add(websocket)
        websocket.due = pulse().heard_seconds + connections.NAMELESS_SECONDS
        if self._beating is None:
            self._await_beat()
        if self._limit is not None and websocket.scope is not None:
            address = (websocket.scope.get("client") or ("",))[0]
            if self._limit.come(address):
                self._nameless[websocket] = address
            else:
                metrics.sockets_refused.labels("crowd").inc()
                websocket.abort()

    def left(self, websocket: WebSocket) -> None:
        self._websockets.discard(websocket)
        self._is_known(websocket)
        if websocket.client is not None:
            self._handler.disconnected(websocket)

    def _is_known(self, websocket: WebSocket) -> None:
        if self._limit is not None and (address := self._nameless.pop(websocket, None)) is not None:
            self._limit.go(address)

    def greeting(self) -> bytes:
        """This is the first packet of a connection. Source: Engine.IO protocol 4, "Handshake"."""
        return b"0" + orjson.dumps(
            {
                "sid": secrets.token_urlsafe(15),
                "upgrades": [],
                "pingInterval": int(self.ping_interval * 1000),
                "pingTimeout": int(self.ping_timeout * 1000),
                "maxPayload": self.packet_limits.packet_bytes,
            }
        )

    def take(self, websocket: WebSocket, text: str) -> Coroutine[Any, Any, None] | None:
        """Handle a packet, or say what to wait for. Source: Engine.IO protocol 4 and Socket.IO protocol 5, "Packet"."""
        if text.startswith("42"):
            return self._event(websocket, text)
        if text == "3":
            websocket.pinged, websocket.due = False, pulse().heard_seconds + self.ping_interval
        elif text.startswith("40"):
            return self._connect(websocket, text)
        elif text == "41":
            self._leave(websocket)
        elif not text.startswith("43"):  # an acknowledgement; none is asked for
            websocket.finish()
        return None

    def _event(self, websocket: WebSocket, text: str) -> Coroutine[Any, Any, None] | None:
        begins = _EVENT.match(text)
        if begins is None:
            websocket.finish()
            return None
        if websocket.client is None or begins[1] not in (None, "/,"):
            return None
        id = int(begins[2]) if begins[2] else None
        try:
            name, *args = read_json(text[begins.end() :])
        except ValueError:
            if id is None:
                websocket.finish()
                return None
            name, args = None, []  # which is refused
        return self._handler.received(websocket, id, name, args)

    def _connect(self, websocket: WebSocket, text: str) -> Coroutine[Any, Any, None] | None:
        begins = _CONNECT.match(text)
        assert begins is not None
        if begins[1] not in (None, "/"):
            websocket.say(b"44" + begins[1].encode() + b',{"message":"Unable to connect"}')
            return None
        scope, websocket.scope = websocket.scope, None
        try:
            auth = read_json(text[begins.end() :] or "null")
        except ValueError:
            scope = None
        if scope is None:
            websocket.finish()
            return None
        return self._let_in(websocket, scope, auth)

    async def _let_in(self, websocket: WebSocket, scope: Scope, auth: Any) -> None:
        try:
            await self._handler.connected(websocket, scope, auth)
        except ConnectionRefused as refused:
            metrics.sockets_refused.labels(refused.code).inc()
            websocket.scope = scope
            websocket.say(b"44" + orjson.dumps(refused.wire))
            return
        self._is_known(websocket)
        if websocket.is_open:
            # Those who came together after a restart are not to be pinged together ever after.
            first = random.uniform(*FIRST_PING)  # noqa: S311 - no secret
            websocket.due = pulse().heard_seconds + self.ping_interval * first
            websocket.say(b"40" + orjson.dumps({"sid": secrets.token_urlsafe(15)}))
        else:
            self._handler.disconnected(websocket)

    def _leave(self, websocket: WebSocket) -> None:
        if websocket.client is not None:
            self._handler.disconnected(websocket)
            websocket.finish()

    # The heart

    def _beat(self) -> None:
        now = pulse().heard_seconds
        for websocket in list(self._websockets):
            if websocket.due <= now:
                self._look_at(websocket, now)
        self._beating = None
        if self._websockets:
            self._await_beat()

    def _await_beat(self) -> None:
        self._beating = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def _look_at(self, websocket: WebSocket, now: float) -> None:
        if websocket.pinged:  # and no answer came
            websocket.abort()
        elif websocket.client is None:
            websocket.finish()
        else:
            websocket.ping()
            websocket.due = now + self.ping_timeout


def _polling(handler: Handler, server: SocketServer) -> "Polling":
    from hub.sockets.polling import Polling  # noqa: PLC0415 - what it takes is a third of a second and some megabytes

    return Polling(handler, server.packet_limits, ping_interval=server.ping_interval, ping_timeout=server.ping_timeout)


async def _bad_request(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer who speaks no WebSocket as the Engine.IO protocol wants."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1002})
        return
    said = orjson.dumps({"code": 0, "message": "Transport unknown"})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": said})
