"""Events packed for sending: encoded once, however many sockets and nodes they go to."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.sockets.frames import text_frame
from store.database import to_json
from store.streams import StoredEvent

_SEPARATOR = b"\n"


@dataclass(eq=False, slots=True)
class PackedEvent:
    """An event as it goes over the wires. ``data`` is the whole Engine.IO packet: ``42["name",{…}]``."""

    stream: str
    epoch: str | None
    offset: int | None
    name: str
    audience: str
    data: bytes
    frame: bytes = field(init=False)
    """The packet in a WebSocket text frame."""

    def __post_init__(self) -> None:
        self.frame = text_frame(self.data)

    @property
    def payload(self) -> dict[str, Any]:
        """This is what the client gets, read back."""
        payload: dict[str, Any] = orjson.loads(self.data[2:])[1]
        return payload

    def hint(self, node: str) -> bytes:
        """This is the event as other nodes get it: a line of what the relay needs, then the packet untouched."""
        place = f"{node} {self.epoch or '-'} {-1 if self.offset is None else self.offset} {self.name} {self.audience}"
        return place.encode() + _SEPARATOR + self.data


@dataclass(eq=False, slots=True)
class Bundle:
    """Events that go to a socket together."""

    events: list[PackedEvent]
    frames: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.frames = b"".join([event.frame for event in self.events])


def pack(event: StoredEvent) -> PackedEvent:
    return PackedEvent(
        event.stream, event.epoch, event.offset, event.name, event.audience, event_data(event.name, event.wire())
    )


def unpack(stream: str, hint: bytes) -> tuple[str, PackedEvent]:
    """This is the node that sent a hint, and the event in it."""
    line, _, data = hint.partition(_SEPARATOR)
    node, epoch, offset, name, audience = line.decode().split(" ")
    if offset == "-1":
        return node, PackedEvent(stream, None, None, name, audience, data)
    return node, PackedEvent(stream, epoch, int(offset), name, audience, data)


def event_data(name: str, payload: dict[str, Any]) -> bytes:
    """This is an event as an Engine.IO packet. Source: Socket.IO protocol 5, "EVENT" in a "message"."""
    return b"42" + to_json([name, payload])


def answer_data(id: int, answer: dict[str, Any]) -> bytes:
    """This is an acknowledgement as an Engine.IO packet. Source: Socket.IO protocol 5, "ACK"."""
    return b"43%d" % id + to_json([answer])
