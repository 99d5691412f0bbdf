"""What a request may bring: how much, and no sign that PostgreSQL can't keep in a text."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.errors import Malformed, TooLarge


class Bounds:
    """Refuses larger bodies, by what they say of their size or as soon as they exceed it, and NUL in a query."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

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
            return message

        await self.app(scope, receive_counted, send)


def plain_text(text: str) -> str:
    """This is a text without what is none: NUL, and halves of signs."""
    return text.encode(errors="replace").decode().replace("\x00", "")
