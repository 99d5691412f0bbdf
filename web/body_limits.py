"""Bodies that come bit by bit: how much of them waits in memory for its rest, of one address.

Each may come as slowly as the slowest phone sends, and is held until it is whole. So whoever begins very many would
have the hub's memory for as long as they like.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Message

from store.addresses.networks import network_of
from store.errors import TooMany

HELD_BYTES = 16_000_000
"""So much may wait in memory for its rest, of one address (of IPv6, its first 64 bits)."""
OPEN_BYTES = 50_000
"""What waits takes this beside its bytes: a connection, and a request that is being read."""
AGAIN_SECONDS = 5


class Bodies:
    """What bodies that come bit by bit hold in memory until their requests end, by where they come from."""

    def __init__(self, most_bytes: int | None = HELD_BYTES) -> None:
        self._most_bytes = most_bytes
        self._held: Counter[str] = Counter()

    @contextmanager
    def body(self, address: str) -> Iterator["Body"]:
        """Some body, of which nothing has come yet."""
        body = Body(self, network_of(address))
        try:
            yield body
        finally:
            self._held[body.network] -= body.held
            if not self._held[body.network]:
                del self._held[body.network]

    def must_be_little(self, network: str, more: int) -> None:
        """Refuse what would be too much.

        Raises:
            TooMany: it is.
        """
        if self._most_bytes is not None and self._held[network] + more > self._most_bytes:
            raise TooMany(retry_after_seconds=AGAIN_SECONDS)
        self._held[network] += more


class Body:
    """What is held of one body. One that comes whole is worked on at once, and counts for nothing."""

    def __init__(self, bodies: Bodies, network: str) -> None:
        self.network = network
        self.held = 0
        self._bodies = bodies

    def hold(self, message: Message) -> None:
        more = len(message.get("body", b""))
        if not self.held:
            if not message.get("more_body"):
                return
            more += OPEN_BYTES
        self._bodies.must_be_little(self.network, more)
        self.held += more
