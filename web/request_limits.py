"""What a request may bring: how much, and no sign that PostgreSQL can't keep in a text."""

from typing import Any

from starlette.datastructures import FormData, Headers
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.errors import Malformed, TooLarge, _
from store.queries import as_sought
from store.wire.json import read_json
from web.authentication import address_of
from web.body_limits import Bodies

STRANGERS_BYTES = 32_768
"""So much may be in what is read before it is known who asks: an e-mail, a password, a passkey."""
MOST_FIELDS = 1_000


class RequestLimits:
    """Refuses larger bodies, by what they say of their size or as soon as they exceed it, too many of one address that
    come slowly, and NUL in a query."""

    def __init__(self, app: ASGIApp, most_bytes: int, bodies: Bodies | None = None) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.bodies = bodies or Bodies(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if b"%00" in scope["query_string"]:
            raise Malformed()
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > self.most_bytes:
            raise TooLarge()
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most_bytes:
                raise TooLarge()
            body.hold(message)
            return message

        with self.bodies.body(address_of(HTTPConnection(scope))) as body:
            await self.app(scope, receive_counted, send)


def plain_text(text: str) -> str:
    """This is a text without what is none: NUL, and halves of signs."""
    return text.encode(errors="replace").decode().replace("\x00", "")


async def form_of(request: Request) -> FormData:
    """This is a posted form. Every field of it is looked at, empty ones too, so there can't be any number of them.

    Raises:
        Malformed: there are more than any form has.
    """
    typed = request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded")
    if typed and (await request.body()).count(b"&") >= MOST_FIELDS:
        raise Malformed()
    return await request.form(max_fields=MOST_FIELDS)


async def json_object(request: Request) -> dict[str, Any]:
    """This is a request's body: one JSON object; an empty body is an empty one.

    Raises:
        Malformed: it isn't.
    """
    try:
        body = read_json(await request.body() or b"{}")
    except ValueError as error:
        raise Malformed() from error
    if not isinstance(body, dict):
        raise Malformed(_("The request's body must be one JSON object."))
    return body


FOR_STRANGERS = (Middleware(RequestLimits, most_bytes=STRANGERS_BYTES),)
"""For each route that reads what was posted before it knows who asks."""


def sought(request: Request) -> str:
    """These are the words that somebody looks for."""
    return as_sought(request.query_params.get("q", ""))
