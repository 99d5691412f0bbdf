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
from hub.sockets.connection_limits import Crowd
from hub.sockets.connections import Bounds, Connection, Handler, Refused
from hub.sockets.websockets import Line
from store.json import read_json
from store.pulse import pulse

if TYPE_CHECKING:
    from hub.sockets.polling import Polling

PATH = "/socket.io/"
LINE = "hub.line"
"""The extension of a request's scope that has its line."""
BEAT_SECONDS = 0.5
FIRST_PING = (0.4, 1.0)
"""When a connection is pinged first, in intervals."""

_EVENT = re.compile(r"42(/[^,]{0,100},)?([0-9]{0,18})(?=\[)")
_CONNECT = re.compile(r"40(?:(/[^,]{0,100})(?:,|$))?")


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
        self._polling = _polling(handler, self) if polling else None

    @property
    def connections(self) -> list[Connection]:
        return [*self._lines, *(self._polling.connections if self._polling else ())]

    def asgi(self) -> ASGIApp:
        """This is the ASGI application that serves the sockets, whatever their path."""
        polling = self._polling.asgi() if self._polling else _bad_request

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            line: Line | None = scope.get("extensions", {}).get(LINE)
            if line is None:
                await polling(scope, receive, send)
            else:
                line.open(self, scope)

        return application

    # What lines tell

    def arrived(self, line: Line) -> None:
        self._lines.add(line)
        line.due = pulse().heard_seconds + connections.NAMELESS_SECONDS
        if self._beating is None:
            self._await_beat()
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
            line.pinged, line.due = False, pulse().heard_seconds + self.ping_interval
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
            name, *args = read_json(text[begins.end() :])
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
            auth = read_json(text[begins.end() :] or "null")
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
            line.due = pulse().heard_seconds + self.ping_interval * first
            line.say(b"40" + orjson.dumps({"sid": secrets.token_urlsafe(15)}))
        else:
            self._handler.disconnected(line)

    def _leave(self, line: Line) -> None:
        if line.guest is not None:
            self._handler.disconnected(line)
            line.finish()

    # The heart

    def _beat(self) -> None:
        now = pulse().heard_seconds
        for line in list(self._lines):
            if line.due <= now:
                self._look_at(line, now)
        self._beating = None
        if self._lines:
            self._await_beat()

    def _await_beat(self) -> None:
        self._beating = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def _look_at(self, line: Line, now: float) -> None:
        if line.pinged:  # and no answer came
            line.abort()
        elif line.guest is None:
            line.finish()
        else:
            line.ping()
            line.due = now + self.ping_timeout


def _polling(handler: Handler, server: Server) -> "Polling":
    from hub.sockets.polling import Polling  # noqa: PLC0415 - what it takes is a third of a second and some megabytes

    return Polling(handler, server.bounds, ping_interval=server.ping_interval, ping_timeout=server.ping_timeout)


async def _bad_request(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer who speaks no WebSocket as the Engine.IO protocol wants."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1002})
        return
    said = orjson.dumps({"code": 0, "message": "Transport unknown"})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": said})
