"""WebSockets: clients' WebSocket connections, spoken straight to the transport.

As libraries have it a connection is a handful of tasks, queues and parsers; here it is one object with slots. A packet
is handled when its bytes come in, by a task only where something has to be waited for; an event is one ``write`` of a
frame made once for all. What its reader doesn't take waits in a bounded outbox.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any

import structlog
from starlette.types import Message, Scope
from uvicorn.protocols.utils import is_ssl

from hub.sockets.answers import Headers, answer, headers_without_host
from hub.sockets.connections import Keeper
from hub.sockets.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    NOT_TEXT,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TOO_BIG,
    UNSUPPORTED,
    BadFrame,
    Frame,
    close_frame,
    closing_reply,
    read_frame,
    text_frame,
)
from hub.sockets.senders import Sender
from store.loop.pulse import pulse

SERVICE_RESTART = 1012  # Source: IANA, WebSocket Close Code Number Registry
GOING_AWAY = 1001
CLOSING_SECONDS = 10.0
"""So long a client has to answer that it closes too."""
UNREAD_PACKETS = 16
"""So many packets of one client may wait for the one before them; then no more are read."""
FRAMES_AT_ONCE = 64
"""So many frames of one client are taken in one go; then it is the others' turn, and no more of it is read."""

_DISCONNECT = text_frame(b"41")

logger = structlog.get_logger(__name__)


class WebSocket(Sender):
    """One client's WebSocket.

    ``open`` once the application takes it, or ``refuse``; then packets go to its keeper as they come.
    """

    __slots__ = (
        "_accept",
        "_fellows",
        "_parts",
        "_rest",
        "_task",
        "_turn",
        "_unread",
        "client",
        "due",
        "scope",
    )

    def __init__(self, transport: asyncio.Transport, accept: bytes, early: bytes, fellows: set[Any]) -> None:
        super().__init__(transport)
        self.client: Any = None
        """The gateway's own knowledge of who this is; None until they are let in."""
        self.scope: Scope | None = None
        """The request, until somebody is let in."""
        self.due = 0.0
        """When its keeper looks next."""
        self._accept = accept
        self._rest: bytearray | None = bytearray(early) if early else None
        self._parts: bytearray | None = None
        """What came of a text in several frames."""
        self._turn: asyncio.Handle | None = None
        """When the rest of what came is read, after others' turns."""
        self._unread: deque[str] | None = None
        """What came while a packet is being handled."""
        self._task: asyncio.Task[None] | None = None
        self._fellows = fellows
        fellows.add(self)

    # Coming and going

    def open(self, keeper: Keeper, scope: Scope) -> None:
        """Accept the connection, and greet."""
        if self._state != "opening":
            return
        self._keeper, self.scope, self._state = keeper, scope, "open"
        accepted = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        accepted += b"Sec-WebSocket-Accept: " + self._accept + b"\r\n\r\n"
        self._accept = b""
        self._transport.write(accepted + text_frame(keeper.greeting()))
        keeper.arrived(self)
        self._read_frames()

    def refuse(self, status: int, headers: Headers | None = None) -> None:
        """Answer the request with a status instead."""
        if self._state == "opening":
            self._state = "closed"
            secured = headers_without_host(https=is_ssl(self._transport)) if headers is None else headers
            self._transport.write(answer(status, secured))
            self._transport.close()

    async def receive(self) -> Message:
        return {"type": "websocket.connect"}

    async def send(self, message: Message) -> None:
        """What an application says that doesn't take the connection, in ASGI's words."""
        if message["type"] == "websocket.http.response.start":
            self.refuse(message["status"], message["headers"])
        elif message["type"] == "websocket.close":
            self.refuse(403)

    def finish(self, code: int = SERVICE_RESTART) -> None:
        """Close after what waits was sent. A client comes back by itself."""
        if self._state == "open":
            self._write(close_frame(code))
            self._close_soon()

    def dismiss(self) -> None:
        """Close after what waits was sent, so that the client doesn't come back by itself."""
        self._write(_DISCONNECT)
        self.finish(GOING_AWAY)

    def shutdown(self) -> None:
        """uvicorn stops."""
        if self._state == "opening":
            self.refuse(503)
        self.finish()

    @property
    def is_open(self) -> bool:
        return self._state == "open"

    def _close_soon(self) -> None:
        self._state, self.pinged = "closing", True
        self.due = pulse().heard_seconds + CLOSING_SECONDS

    def connection_lost(self, exc: Exception | None) -> None:
        self._state = "closed"
        self._fellows.discard(self)
        self._waiting, self._waiting_bytes = None, 0
        self._rest = self._parts = self._pong = None
        if self._turn is not None:
            self._turn.cancel()
        self._relieve()
        if self._keeper is not None:
            self._keeper.left(self)

    # What comes in

    def data_received(self, data: bytes) -> None:
        if self._rest is not None:
            self._rest += data
            self._read_frames()
        elif (left := self._read(data)) < len(data):
            self._rest = bytearray(data[left:])

    def _read_frames(self) -> None:
        if self._rest is not None and self._turn is None:
            left = self._read(self._rest)
            if self._rest is not None:
                del self._rest[:left]
                self._rest = self._rest or None

    def _read_on(self) -> None:
        self._turn = None
        self._read_frames()
        self._resume_reading()

    def _resume_reading(self) -> None:
        """Read what comes again, unless something that came before has to be taken first."""
        is_full = self._unread is not None and len(self._unread) >= UNREAD_PACKETS
        if self._turn is None and not is_full and not self._transport.is_closing():
            self._transport.resume_reading()

    def _read(self, data: bytes | bytearray) -> int:
        """Read the frames that are whole, as many as are taken in one go; this is where the first begins that isn't."""
        at = frames = 0
        try:
            while self._state in ("open", "closing"):
                if frames == FRAMES_AT_ONCE:
                    self._turn = asyncio.get_running_loop().call_soon(self._read_on)
                    self._transport.pause_reading()
                    break
                frames += 1
                assert self._keeper is not None
                found = read_frame(data, at, self._keeper.packet_limits.packet_bytes)
                if found is None:
                    break
                at = found.end
                self._take(found)
        except BadFrame as bad:
            self._fail(bad.code)
            return len(data)
        return at

    def _take(self, found: Frame) -> None:
        if found.kind == CLOSE:
            if self._state == "open":
                self._write(closing_reply(found.payload))
            self._state = "closing"
            self._transport.close()
        elif self._state == "closing" or found.kind == PONG:
            pass
        elif found.kind == PING:
            self._answer_ping(found.payload)
        elif found.kind == BINARY:
            raise BadFrame(UNSUPPORTED)
        else:
            self._take_text(found)

    def _take_text(self, found: Frame) -> None:
        if (found.kind == CONTINUATION) != (self._parts is not None):
            raise BadFrame(PROTOCOL_ERROR)
        whole: bytes | bytearray = found.payload
        if self._parts is not None or not found.last:
            whole = self._parts = self._parts if self._parts is not None else bytearray()
            whole += found.payload
            assert self._keeper is not None
            if len(whole) > self._keeper.packet_limits.packet_bytes:
                raise BadFrame(TOO_BIG)
            if not found.last:
                return
            self._parts = None
        try:
            text = whole.decode()
        except UnicodeDecodeError:
            raise BadFrame(NOT_TEXT) from None
        self._heard(text)

    def _fail(self, code: int) -> None:
        if self._state == "open":
            self._write(close_frame(code))
            self._state = "closing"
        self._transport.close()

    def _heard(self, text: str) -> None:
        """Take a packet: at once, or after those before it."""
        if self._unread is not None:
            self._unread.append(text)
            if len(self._unread) == UNREAD_PACKETS:
                self._transport.pause_reading()
            return
        assert self._keeper is not None
        work = self._keeper.take(self, text) or self._keeping_up()
        if work is not None:
            self._unread = deque()
            self._task = asyncio.get_running_loop().create_task(self._work(work))

    async def _work(self, work: Coroutine[Any, Any, None] | None) -> None:
        """Handle packets that have to be waited for, and those that came after them, in their order."""
        try:
            while work is not None:
                await work
                work = self._keeping_up() or self._following()
        except Exception:
            logger.exception("packet_failed")
            self.finish()
        finally:
            self._unread = self._task = None
            self._resume_reading()

    def _following(self) -> Coroutine[Any, Any, None] | None:
        """The work of the next packet that has to be waited for, when those before it are handled."""
        assert self._keeper is not None
        work = None
        while work is None and self._unread and self._state == "open":
            text = self._unread.popleft()
            if len(self._unread) == UNREAD_PACKETS - 1:
                self._resume_reading()
            work = self._keeper.take(self, text) or self._keeping_up()
        return work
