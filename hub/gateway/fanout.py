"""Fan-out: from one event to every socket that listens, through each one's lens.

Here is where audience is enforced for what is told live: an event goes to those whose lens is in its audience. What is
told to a stream in one turn of the loop and isn't stored goes to each socket in one write.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub import metrics
from hub.sockets.connections import Connection
from hub.sockets.packets import Bundle, PackedEvent
from people.actors import Actor
from rooms.lenses import AUDIENCES, Lens

BREATH_BYTES = 1_000_000
"""So much may be written before others have their turn."""

GATHERED_AT_MOST = 32
"""So many events of a stream leave together at most."""

Told = tuple[PackedEvent, "Guest | None"]
"""An event, and whose own it is."""


@dataclass(eq=False, slots=True)
class Guest:
    """Someone at a socket that was let in."""

    connection: Connection
    actor: Actor
    """As they were at the last look; the rights' sweep renews it."""
    address: str
    entries: "dict[str, Entry]" = field(default_factory=dict)
    gone: bool = False


@dataclass(eq=False, slots=True)
class Entry:
    """A socket's standing permission to hear a stream."""

    guest: Guest
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
    push: Callable[[PackedEvent], None] = field(init=False)

    @property
    def is_open(self) -> bool:
        return self.guest.entries.get(self.stream) is self

    def __post_init__(self) -> None:
        self.push = self.guest.connection.push


class Fanout:
    """Who listens to what."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[Guest, Entry]] = {}
        self._gathered: dict[str, list[Told]] = {}

    def join(self, entry: Entry, missed: Iterable[PackedEvent]) -> None:
        """Have a socket hear a stream from now on, and what was told since it read."""
        self._let_out(entry.stream)
        self._entries.setdefault(entry.stream, {})[entry.guest] = entry
        entry.guest.entries[entry.stream] = entry
        for event in missed:
            if entry.lens in AUDIENCES[event.audience]:  # type: ignore[index]  # checked where written
                entry.guest.connection.tell(event)

    def leave(self, guest: Guest, stream: str) -> bool:
        """Have a socket hear a stream no longer. False when it didn't."""
        if stream not in guest.entries:
            return False
        self._let_out(stream)
        del guest.entries[stream]
        entries = self._entries[stream]
        del entries[guest]
        if not entries:
            del self._entries[stream]
        return True

    def entries(self, stream: str) -> list[Entry]:
        return list(self._entries.get(stream, {}).values())

    def listeners(self, stream: str) -> int:
        """This is how many sockets hear a stream."""
        return len(self._entries.get(stream, ()))

    @property
    def streams(self) -> list[str]:
        return list(self._entries)

    def deliver(self, event: PackedEvent, *, but: Guest | None = None) -> None:
        """Tell an event to all who listen to its stream and may see it, but the one whose own it is.

        A stored event is told at once; another waits for those that follow it in this turn of the loop. A stream's
        events keep their order.
        """
        if event.stream not in self._entries:
            return
        if event.offset is None:
            self._gather(event, but)
        else:
            self._let_out(event.stream)
            _push(event, self._entries[event.stream].values(), but)

    def _gather(self, event: PackedEvent, but: Guest | None) -> None:
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
        entries = self._entries.get(stream, {}).values()
        if len(told) == 1:
            _push(told[0][0], entries, told[0][1])
        else:
            _push_together(told, entries)

    async def deliver_by_and_by(self, event: PackedEvent) -> None:
        """Tell what is large, and not urgent, to some after others, so that nobody else waits for it."""
        entries, some = self.entries(event.stream), max(1, BREATH_BYTES // len(event.frame))
        for start in range(0, len(entries), some):
            if start:
                await asyncio.sleep(0)
            _push(event, [entry for entry in entries[start : start + some] if entry.is_open])


def _push(event: PackedEvent, entries: Iterable[Entry], but: Guest | None = None) -> None:
    told, lenses, offset = 0, AUDIENCES[event.audience], event.offset  # type: ignore[index]  # checked where written
    for entry in entries:
        if entry.lens in lenses and entry.guest is not but and (offset is None or offset > entry.after):
            entry.push(event)
            told += 1
    metrics.deliveries.inc(told)


def _push_together(told: list[Told], entries: Iterable[Entry]) -> None:
    """Tell events that aren't stored: once encoded for all who see the same of them."""
    count, senders, views = 0, {but for _event, but in told}, dict[Lens, Bundle]()
    for entry in entries:
        if entry.guest in senders:
            view = _view(told, entry.lens, entry.guest)
        elif (known := views.get(entry.lens)) is not None:
            view = known
        else:
            view = views[entry.lens] = _view(told, entry.lens)
        if view.events:
            entry.guest.connection.push_all(view)
            count += len(view.events)
    metrics.deliveries.inc(count)


def _view(told: list[Told], lens: Lens, guest: Guest | None = None) -> Bundle:
    """What one sees through a lens, without what is one's own."""
    return Bundle(
        [
            event
            for event, but in told
            if lens in AUDIENCES[event.audience] and (guest is None or but is not guest)  # type: ignore[index]
        ]
    )
