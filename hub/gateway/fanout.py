"""Fan-out: from one event to every socket that listens, through each one's lens.

Here is where audience is enforced for what is told live: an event goes to those whose lens is in its audience. What is
told to a stream in one turn of the loop and isn't stored goes to each socket in one write.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sys import intern

from hub import metrics
from hub.sockets.connections import Connection
from hub.sockets.packets import Bundle, PackedEvent
from people.actors import Actor
from rooms.lenses import AUDIENCES, Lens

BREATH_BYTES = 1_000_000
"""So much may be written before others have their turn."""

GATHERED_AT_MOST = 32
"""So many events of a stream leave together at most."""

Told = tuple[PackedEvent, "Client | None"]
"""An event, and whose own it is."""


@dataclass(eq=False, slots=True)
class Client:
    """Someone at a socket that was let in."""

    connection: Connection
    actor: Actor
    """As they were at the last look; the rights' sweep renews it."""
    address: str
    subscriptions: "tuple[Subscription, ...]" = ()
    """A few, in a third of the memory of a table."""
    gone: bool = False

    def subscription(self, stream: str) -> "Subscription | None":
        """This is what they hear a stream by, if they do."""
        return next((held for held in self.subscriptions if held.stream == stream), None)


@dataclass(eq=False, slots=True)
class Subscription:
    """A socket's standing permission to hear a stream."""

    client: Client
    stream: str
    lens: Lens
    after: int
    """The client has everything up to this offset already."""
    asked: bool = True
    """Whether it was entered by itself. What goes with rooms alone ends with the last of them."""
    holds: int = 1
    """By how many it is held: its own asking, and the rooms that it goes with."""
    beside: str | None = None
    """What goes with it: a room's process."""

    @property
    def is_open(self) -> bool:
        return self in self.client.subscriptions

    def __post_init__(self) -> None:
        # One name for all who hear a stream.
        self.stream = intern(self.stream)
        self.beside = self.beside and intern(self.beside)


class Fanout:
    """Who listens to what."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, dict[Client, Subscription]] = {}
        self._gathered: dict[str, list[Told]] = {}

    def join(self, subscription: Subscription, missed: Iterable[PackedEvent]) -> None:
        """Have a socket hear a stream from now on, and what was told since it read."""
        self._let_out(subscription.stream)
        client = subscription.client
        self._subscriptions.setdefault(subscription.stream, {})[client] = subscription
        client.subscriptions = (*_others(client, subscription.stream), subscription)
        for event in missed:
            if subscription.lens in AUDIENCES[event.audience]:  # type: ignore[index]  # checked where written
                client.connection.tell(event)

    def leave(self, client: Client, stream: str) -> bool:
        """Have a socket hear a stream no longer. False when it didn't."""
        if client.subscription(stream) is None:
            return False
        self._let_out(stream)
        client.subscriptions = tuple(_others(client, stream))
        subscriptions = self._subscriptions[stream]
        del subscriptions[client]
        if not subscriptions:
            del self._subscriptions[stream]
        return True

    def subscriptions(self, stream: str) -> list[Subscription]:
        return list(self._subscriptions.get(stream, {}).values())

    def listeners(self, stream: str) -> int:
        """This is how many sockets hear a stream."""
        return len(self._subscriptions.get(stream, ()))

    @property
    def streams(self) -> list[str]:
        return list(self._subscriptions)

    def deliver(self, event: PackedEvent, *, but: Client | None = None) -> None:
        """Tell an event to all who listen to its stream and may see it, but the one whose own it is.

        A stored event is told at once; another waits for those that follow it in this turn of the loop. A stream's
        events keep their order.
        """
        if event.stream not in self._subscriptions:
            return
        if event.offset is None:
            self._gather(event, but)
        else:
            self._let_out(event.stream)
            _push(event, self._subscriptions[event.stream].values(), but)

    def _gather(self, event: PackedEvent, but: Client | None) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._let_all_out)
        gathered = self._gathered.setdefault(event.stream, [])
        gathered.append((event, but))
        if len(gathered) == GATHERED_AT_MOST:
            self._let_out(event.stream)

    def _let_all_out(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for stream, told in gathered.items():
            self._tell(stream, told)

    def _let_out(self, stream: str) -> None:
        if told := self._gathered.pop(stream, None):
            self._tell(stream, told)

    def _tell(self, stream: str, told: list[Told]) -> None:
        subscriptions = self._subscriptions.get(stream, {}).values()
        if len(told) == 1:
            _push(told[0][0], subscriptions, told[0][1])
        else:
            _push_together(told, subscriptions)

    async def deliver_by_and_by(self, event: PackedEvent) -> None:
        """Tell what is large, and not urgent, to some after others, so that nobody else waits for it."""
        subscriptions, some = self.subscriptions(event.stream), max(1, BREATH_BYTES // len(event.frame))
        for start in range(0, len(subscriptions), some):
            if start:
                await asyncio.sleep(0)
            _push(event, [subscription for subscription in subscriptions[start : start + some] if subscription.is_open])


def _others(client: Client, stream: str) -> Iterator[Subscription]:
    return (held for held in client.subscriptions if held.stream != stream)


def _push(event: PackedEvent, subscriptions: Iterable[Subscription], but: Client | None = None) -> None:
    told, lenses, offset = 0, AUDIENCES[event.audience], event.offset  # type: ignore[index]  # checked where written
    for subscription in subscriptions:
        is_new = offset is None or offset > subscription.after
        if is_new and subscription.lens in lenses and subscription.client is not but:
            subscription.client.connection.push(event)
            told += 1
    metrics.deliveries.inc(told)


def _push_together(told: list[Told], subscriptions: Iterable[Subscription]) -> None:
    """Tell events that aren't stored: once encoded for all who see the same of them."""
    count, senders, views = 0, {but for _event, but in told}, dict[Lens, Bundle]()
    for subscription in subscriptions:
        if subscription.client in senders:
            view = _view(told, subscription.lens, subscription.client)
        elif (known := views.get(subscription.lens)) is not None:
            view = known
        else:
            view = views[subscription.lens] = _view(told, subscription.lens)
        if view.events:
            subscription.client.connection.push_all(view)
            count += len(view.events)
    metrics.deliveries.inc(count)


def _view(told: list[Told], lens: Lens, client: Client | None = None) -> Bundle:
    """What one sees through a lens, without what is one's own."""
    return Bundle(
        [
            event
            for event, but in told
            if lens in AUDIENCES[event.audience] and (client is None or but is not client)  # type: ignore[index]
        ]
    )
