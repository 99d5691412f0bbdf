"""Upgrades: what becomes of a request for a WebSocket. Below uvicorn."""

import asyncio
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, unquote

import structlog
from uvicorn import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.http11 import Response

from hub.sockets.answers import Headers, answer, headers_without_host
from hub.sockets.frames import Request, read_request
from hub.sockets.server import PATH, WEBSOCKET
from hub.sockets.websockets import WebSocket

AT_THE_DOOR = 32
NEWCOMER_SECONDS = 0.001
"""About so long it takes to let one in: of more than a few who come at once each lets others have their turn."""

logger = structlog.get_logger(__name__)


class Upgrade(asyncio.Protocol):
    """What uvicorn gives a WebSocket request to (``Config(ws=…)``): makes a ``WebSocket`` or leaves it."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], *, https: bool = False
    ) -> None:
        self._https = https
        self._config = config
        self._server_state = server_state
        self._app_state = app_state
        self._transport: asyncio.Transport
        self._heir: WebSocket | WebSocketsSansIOProtocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has everything of it but the class

    def data_received(self, data: bytes) -> None:
        if self._heir is not None:
            self._heir.data_received(data)
            return
        read = read_request(data)
        if read is not None and _is_websocket(read[0]):
            self._heir = self._websocket(*read)
        else:
            self._heir = Foreign(self._config, self._server_state, self._app_state)
            self._heir.connection_made(self._transport)
            self._heir.secure(self._headers)
            self._heir.data_received(data)
            if self._heir.conn.handshake_exc is not None:  # a request that websockets can't read, and uvicorn waits on
                self._transport.write(answer(400, self._headers))
                self._transport.close()
        # uvicorn names this object as the transport's protocol when this returns; the heir is to be it from then on.
        asyncio.get_running_loop().call_soon(self._transport.set_protocol, self._heir)

    @property
    def _headers(self) -> list[tuple[bytes, bytes]]:
        return headers_without_host(https=self._https or is_ssl(self._transport))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._heir is not None:
            self._heir.connection_lost(exc)

    def pause_writing(self) -> None:
        if self._heir is not None:
            self._heir.pause_writing()

    def resume_writing(self) -> None:
        if self._heir is not None:
            self._heir.resume_writing()

    def _websocket(self, request: Request, early: bytes) -> WebSocket:
        websocket = WebSocket(self._transport, request.accept, early, self._server_state.connections)
        task = asyncio.get_running_loop().create_task(self._ask(websocket, request))
        self._server_state.tasks.add(task)
        task.add_done_callback(self._server_state.tasks.discard)
        return websocket

    async def _ask(self, websocket: WebSocket, request: Request) -> None:
        """Have the application take the websocket, or say with what status it doesn't."""
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
            "extensions": {"websocket.http.response": {}, WEBSOCKET: websocket},
        }
        try:
            await self._config.loaded_app(scope, websocket.receive, websocket.send)
        except Exception:
            logger.exception("upgrade_failed")
            websocket.refuse(500, self._headers)


class Foreign(WebSocketsSansIOProtocol):
    """A WebSocket that isn't ours to take, as uvicorn has it; its refusals have the security headers, too."""

    def secure(self, headers: Headers) -> None:
        """Put these on every answer that isn't the WebSocket itself, unless it says otherwise."""
        send_response = self.conn.send_response

        def send_secured(response: Response) -> None:
            if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
                for name, value in headers:
                    response.headers.setdefault(name.decode(), value.decode())
            send_response(response)

        self.conn.send_response = send_secured  # type: ignore[method-assign]


def _is_websocket(request: Request) -> bool:
    """Whether a request is for a Socket.IO connection that begins as a WebSocket."""
    asked = parse_qs(request.query.decode("latin-1"))
    return (
        request.path == PATH.encode()
        and asked.get("transport") == ["websocket"]
        and asked.get("EIO") == ["4"]
        and "sid" not in asked
    )
