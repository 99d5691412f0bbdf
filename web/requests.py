"""Every request: its number, its line in the log, its place in the metrics, and the last net under it."""

import time
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.authentication import address_of
from web.refusals import Broken, actor_of, refusal_of, refused

LONGEST_PATH = 200
SECRETS = ("invitation", "reset", "email", "registration", "calendar")
"""What is followed by a secret."""
GONE = 499
"""What stands for an answer in the log and the metrics where whoever asked was gone before all of it had come.

Source: nginx's ``NGX_HTTP_CLIENT_CLOSED_REQUEST``.
"""
log = structlog.get_logger("web")
ANSWERED = Counter("atrium_http_requests_total", "Requests answered", ["method", "route", "status"])
TAKEN = Histogram("atrium_http_request_seconds", "Time to answer a request", ["route"])


class RequestLog:
    """Numbers, logs and counts requests; what nobody caught becomes a plain 500.

    Whoever is gone amid a request has broken nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        id, begun, status = uuid4().hex, time.perf_counter(), 0

        async def send_numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=id):
            try:
                await self.app(scope, receive, send_numbered)
            except ClientDisconnect:
                status = GONE
            except Exception:  # the last net
                log.exception("request broke", method=scope["method"], path=_shown(scope["path"]))
                if not status:
                    await refused(Request(scope, receive), Broken())(scope, receive, send_numbered)
                    return
                raise
            finally:
                _note(scope, status or 500, time.perf_counter() - begun)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    ANSWERED.labels(scope["method"], route, str(status)).inc()
    TAKEN.labels(route).observe(seconds)
    request = Request(scope)
    actor = actor_of(request)
    log.info(
        "request",
        method=scope["method"],
        path=_shown(scope["path"]),
        status=status,
        refusal=refusal_of(request),
        milliseconds=round(seconds * 1000, 1),
        person_id=str(actor.id) if actor else None,
        address=address_of(request),
    )


def _shown(path: str) -> str:
    """This is a path as the log may have it: without the secret of a letter's link, or of a calendar, and not long."""
    head, _, rest = path[1:].partition("/")
    return f"/{head}/…" if rest and head in SECRETS else path[:LONGEST_PATH]


def _route(scope: Scope) -> str:
    """This is the route's pattern, so that the metrics don't grow with every address."""
    route = scope.get("route")
    return getattr(route, "path", "") or "other"
