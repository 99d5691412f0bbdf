"""Senders: what is sent to one client goes straight to the transport, or to a bounded outbox while its reader takes no
more."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Literal

import structlog

from hub import metrics
from hub.sockets.connections import Keeper
from hub.sockets.frames import PONG, frame, text_frame
from hub.sockets.packets import Bundle, PackedEvent, answer_data

_AT_ONCE = struct.pack("ii", 1, 0)  # Source: socket(7), SO_LINGER: on, for no time
_PING = text_frame(b"2")

logger = structlog.get_logger(__name__)


class Sender(asyncio.Protocol):
    """The half of a connection that sends. What is too much for its reader ends it; it comes back and resumes."""

    __slots__ = ("_keeper", "_pong", "_relief", "_state", "_transport", "_waiting", "_waiting_bytes", "pinged")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.pinged = False
        self._state: Literal["opening", "open", "closing", "closed"] = "opening"
        self._keeper: Keeper | None = None
        self._transport = transport
        self._pong: bytes | None = None
        """What answers the latest ping of one whose transport takes no more. Source: RFC 6455, section 5.5.3."""
        self._waiting: deque[bytes] | None = None
        """The outbox, while the transport takes no more."""
        self._waiting_bytes = 0
        self._relief: asyncio.Future[None] | None = None

    def abort(self) -> None:
        """Cut the connection off, with all that waits, in the kernel too."""
        self._state = "closed"
        with suppress(AttributeError, OSError):
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    def push(self, event: PackedEvent) -> None:
        """Send an event. A connection with too much waiting is cut off: it comes back and resumes."""
        if self._waiting is None:
            if self._state == "open":
                self._transport.write(event.frame)
            return
        assert self._keeper is not None
        packet_limits = self._keeper.packet_limits
        if len(self._waiting) >= packet_limits.events or self._waiting_bytes > packet_limits.waiting_bytes:
            metrics.sockets_too_slow.inc()
            logger.info("socket_too_slow", waiting=len(self._waiting), bytes=self._waiting_bytes)
            self.abort()
            return
        self._write(event.frame)

    def push_all(self, bundle: Bundle) -> None:
        """Send several events at once."""
        if self._waiting is None:
            if self._state == "open":
                self._transport.write(bundle.frames)
            return
        for event in bundle.events:
            self.push(event)

    def answer(self, id: int, answer: dict[str, Any]) -> None:
        """Send an acknowledgement."""
        self._write(text_frame(answer_data(id, answer)))

    def tell(self, event: PackedEvent) -> None:
        """Send an event, however much waits there."""
        self._write(event.frame)

    def say(self, data: bytes) -> None:
        """Send a packet."""
        self._write(text_frame(data))

    def ping(self) -> None:
        self.pinged = True
        self._write(_PING)

    def _write(self, data: bytes) -> None:
        if self._state != "open":
            return
        if self._waiting is None:
            self._transport.write(data)
        else:
            self._waiting.append(data)
            self._waiting_bytes += len(data)

    def pause_writing(self) -> None:
        if self._waiting is None:
            self._waiting = deque()

    def resume_writing(self) -> None:
        waiting, self._waiting = self._waiting or deque(), None
        while waiting and not self._is_paused:
            data = waiting.popleft()
            self._waiting_bytes -= len(data)
            self._transport.write(data)
            self._relieve()
        if self._is_paused:  # the transport has had enough again
            self._waiting = waiting
        elif self._pong is not None:
            pong, self._pong = self._pong, None
            self._write(pong)

    @property
    def _is_paused(self) -> bool:
        return self._waiting is not None

    def _relieve(self) -> None:
        if self._relief is not None:
            if not self._relief.done():
                self._relief.set_result(None)
            self._relief = None

    def _answer_ping(self, payload: bytes) -> None:
        if self._waiting is None:
            self._write(frame(PONG, payload))
        else:
            self._pong = frame(PONG, payload)

    def _keeping_up(self) -> Coroutine[Any, Any, None] | None:
        """What to wait for before a client that takes little of what it asked for may ask for more."""
        assert self._keeper is not None
        if self._waiting_bytes <= self._keeper.packet_limits.waiting_bytes or self._state != "open":
            return None
        return self._until_relief()

    async def _until_relief(self) -> None:
        self._relief = asyncio.get_running_loop().create_future()
        await self._relief
