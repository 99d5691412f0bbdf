"""HTTP connections, which have to say what they want, soon and in few words.

uvicorn waits for ever for a request that doesn't come or doesn't end, and takes headers of any length: whoever opens
connections and leaves it at that, or sends a body letter by letter, would use up the hub's files, or its memory. A
WebSocket is one, too, until its request was read.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.sockets.answers import answer, headers_without_host
from hub.sockets.connection_limits import ConnectionLimit
from store.loop.pulse import Timer, pulse

REQUEST_SECONDS = 10.0
"""So long the head of a request may take, from the connection or from its first byte."""
HEAD_BYTES = 65_536
"""More than this of one that isn't whole isn't taken."""
FIELD_BYTES = 4
"""A header's colon, blank and line end."""
BODY_SECONDS = 20.0
BODY_BYTES = 20_000
"""So much of a body comes in so long, or all that is left of it: the slowest phone sends a kilobyte a second."""


class HttpConnection(HttpToolsProtocol):
    """One connection, until it becomes a WebSocket's."""

    def __init__(self, *args: Any, limit: ConnectionLimit | None = None, https: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._https = https
        self._limit = limit
        self._address: str | None = None
        self._patience: Timer | None = None
        self._head_bytes = 0
        self._field_bytes = 0
        self._is_handed_over = False
        """To a WebSocket, which has its own patience."""
        self._body_patience: Timer | None = None
        self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if self._limit is not None:
            if not self._limit.come(address):
                transport.abort()
                return
            self._address = address
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._has_head()
        self._has_body()
        self._is_known()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data)
        super().data_received(data)
        if self._patience is not None and self._head_bytes > HEAD_BYTES:  # a body may have come along, so look after it
            self.transport.abort()
        elif self._is_at_rest and not self.transport.is_closing():  # what came begins nothing yet, such as a line's end
            self._await_head()

    def send_400_response(self, msg: str) -> None:
        """Answer what can't be read as HTTP."""
        headers = headers_without_host(https=self._https or self.scheme == "https")
        said = (b"content-type", b"text/plain; charset=utf-8")
        self.transport.write(answer(400, [said, *headers], msg.encode()))
        self.transport.close()

    @property
    def _is_at_rest(self) -> bool:
        """Whether nothing is awaited, and nothing is being answered."""
        cycle: Any = self.cycle  # None until the first request
        waits = self._patience is not None or self._body_patience is not None or self._is_handed_over
        return not waits and (cycle is None or cycle.response_complete)

    def handle_websocket_upgrade(self) -> None:
        self._is_handed_over = True
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._field_bytes = 0
        self._await_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._field_bytes += len(name) + len(value) + FIELD_BYTES
        if self._field_bytes > HEAD_BYTES:  # of what comes behind a body, too
            self.transport.abort()
        else:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._has_head()
        self._is_known()
        super().on_headers_complete()
        if not self.parser.should_upgrade():
            self._await_body()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._has_body()
        super().on_message_complete()

    def _await_body(self) -> None:
        self._body_bytes = 0
        self._body_patience = pulse().call_later(BODY_SECONDS, self._look_at_body)

    def _has_body(self) -> None:
        if self._body_patience is not None:
            self._body_patience.cancel()
            self._body_patience = None

    def _look_at_body(self) -> None:
        """Go on with a body that comes, or that waits for us to take it."""
        if self._body_bytes >= BODY_BYTES or self.flow.read_paused:
            self._await_body()
        else:
            self.transport.abort()

    def _await_head(self) -> None:
        if self._patience is None:
            self._head_bytes = 0
            self._patience = pulse().call_later(REQUEST_SECONDS, self.transport.abort)

    def _has_head(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _is_known(self) -> None:
        if self._limit is not None and self._address is not None:
            self._limit.go(self._address)
            self._address = None
