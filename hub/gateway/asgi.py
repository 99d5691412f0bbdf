"""What stands before the sockets: connections that come from elsewhere, or while the hub stops, are turned away."""

from collections.abc import Callable

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.sockets.server import PATH
from people.installations import current
from web.security import own_host, own_origin

logger = structlog.get_logger(__name__)


class SocketsFirst:
    """The whole application: sockets under their path, everything else in the app."""

    def __init__(self, app: ASGIApp, sockets: ASGIApp, public_url: str | None, is_stopping: Callable[[], bool]) -> None:
        self._app = app
        self.sockets = sockets
        self._public_url = public_url
        self._is_stopping = is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
        elif not self._own(scope):
            await _turn_away(scope, receive, send, 403)
        elif self._is_stopping():
            await _turn_away(scope, receive, send, 503)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the sockets answer; what breaks in them is said like any refusal at the door."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.sockets(scope, receive, send_noting)
        except Exception:
            if begun:
                raise
            logger.exception("socket_broke")
            await _turn_away(scope, receive, send, 500)

    def _own(self, scope: Scope) -> bool:
        """Whether a connection comes from this hub's own pages, or from no page at all, under a name of the hub's."""
        headers = HTTPConnection(scope).headers
        origin = headers.get("origin")
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"]) or str(scope["scheme"])
        host, public_url = headers.get("host", ""), self._public_url
        if public_url and not own_host(host, public_url, current().address):
            return False
        return origin is None or own_origin(origin, scheme=scheme, host=host, public_url=public_url)


async def _turn_away(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    await receive()
    kind = "http" if scope["type"] == "http" else "websocket.http"
    if kind == "websocket.http" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})
        return
    await send({"type": f"{kind}.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": f"{kind}.response.body", "body": b""})
