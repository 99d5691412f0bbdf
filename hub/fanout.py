"""Fan-out: from one event to every socket that listens, through each one's lens.

Here is where audience is enforced for what is told live: an event goes to those whose lens is in its audience.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub import metrics
from hub.packets import PackedEvent
from hub.sockets import Connection
from people.actors import Actor
from rooms.lenses import AUDIENCES, Lens


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
    push: Callable[[PackedEvent], None] = field(init=False)

    def __post_init__(self) -> None:
        self.push = self.guest.connection.push


class Fanout:
    """Who listens to what."""

    def __init__(self) -> None:
        self._entries: dict[str, dict[Guest, Entry]] = {}

    def join(self, entry: Entry, missed: Iterable[PackedEvent]) -> None:
        """Have a socket hear a stream from now on, and what was told since it read."""
        self._entries.setdefault(entry.stream, {})[entry.guest] = entry
        entry.guest.entries[entry.stream] = entry
        for event in missed:
            if entry.lens in AUDIENCES[event.audience]:  # type: ignore[index]  # checked where written
                entry.guest.connection.tell(event)

    def leave(self, guest: Guest, stream: str) -> bool:
        """Have a socket hear a stream no longer. False when it didn't."""
        if guest.entries.pop(stream, None) is None:
            return False
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
        """Tell an event to all who listen to its stream and may see it, but the one whose own it is."""
        if entries := self._entries.get(event.stream):
            _push(event, entries.values(), but)


def _push(event: PackedEvent, entries: Iterable[Entry], but: Guest | None = None) -> None:
    told, lenses, offset = 0, AUDIENCES[event.audience], event.offset  # type: ignore[index]  # checked where written
    for entry in entries:
        if entry.lens in lenses and entry.guest is not but and (offset is None or offset > entry.after):
            entry.push(event)
            told += 1
    metrics.deliveries.inc(told)
