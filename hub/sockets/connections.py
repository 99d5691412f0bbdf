"""What the gateway and the sockets know of each other."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import Scope

from hub.sockets.packets import Bundle, PackedEvent

NAMELESS_SECONDS = 10.0
"""So long a connection may stay without having signed in."""


@dataclass(frozen=True, slots=True)
class PacketLimits:
    """How much may wait for one connection, and how large a packet from it may be."""

    events: int = 256
    waiting_bytes: int = 1 << 20
    packet_bytes: int = 1_000_000


class ConnectionRefused(Exception):
    """A socket that isn't let in, with the code that its client is told."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def wire(self) -> dict[str, Any]:
        return {"message": self.message, "data": {"code": self.code}}


class Connection(Protocol):
    """One client's connection. What is sent on it arrives in order, or the connection is cut off."""

    client: Any
    """The gateway's own knowledge of who this is; None until they are let in."""

    def push(self, event: PackedEvent) -> None:
        """Send an event. A connection with too much waiting is cut off: it comes back and resumes."""

    def push_all(self, bundle: Bundle) -> None:
        """Send several events at once."""

    def tell(self, event: PackedEvent) -> None:
        """Send an event, however much waits there."""

    def answer(self, id: int, answer: dict[str, Any]) -> None:
        """Send an acknowledgement."""

    def finish(self, code: int = ...) -> None:
        """Close after what waits was sent. A client comes back by itself."""

    def dismiss(self) -> None:
        """Close after what waits was sent, so that the client doesn't come back by itself."""

    def abort(self) -> None:
        """Cut the connection off, with all that waits."""

    def __hash__(self) -> int: ...


class Handler(Protocol):
    """What the gateway does with sockets."""

    async def connected(self, connection: Connection, scope: Scope, auth: Any) -> None:
        """Let a socket in.

        Raises:
            Refused: it isn't.
        """

    def received(
        self, connection: Connection, id: int | None, name: Any, args: list[Any]
    ) -> Coroutine[Any, Any, None] | None:
        """Handle one packet, at once (then this is None) or by what has to be awaited before the next one comes."""

    def disconnected(self, connection: Connection) -> None:
        """Forget a socket."""


class Keeper(Protocol):
    """Whoever keeps connections: what they tell it, and ask it."""

    packet_limits: PacketLimits

    def greeting(self) -> bytes:
        """This is the first packet of a connection."""

    def arrived(self, connection: Any) -> None:
        """One is open."""

    def left(self, connection: Any) -> None:
        """One that was open is closed."""

    def take(self, connection: Any, text: str) -> Coroutine[Any, Any, None] | None:
        """Handle a packet at once, or by what has to be awaited before the next one is taken."""
