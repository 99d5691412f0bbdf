"""Lines: whoever sends many frames waits for the others, and what answers them doesn't pile up."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from websockets.frames import Frame, Opcode

from hub.sockets.connections import PacketLimits
from hub.sockets.frames import PONG, frame, text_frame
from hub.sockets.server import SocketServer
from hub.sockets.websockets import FRAMES_AT_ONCE, UNREAD_PACKETS, WebSocket

MANY = 5 * FRAMES_AT_ONCE + 3


class Wire(asyncio.Transport):
    """A transport that keeps what is written on it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self._reads = True

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def pause_reading(self) -> None:
        self._reads = False

    def resume_reading(self) -> None:
        self._reads = True

    def is_closing(self) -> bool:
        return False

    def reads(self) -> bool:
        return self._reads


class Listener:
    """What a websocket asks of its server. Packets that begin with a ``w`` have to be waited for."""

    packet_limits = PacketLimits()

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.go_on = asyncio.Event()

    def greeting(self) -> bytes:
        return b"0{}"

    def arrived(self, websocket: WebSocket) -> None:
        pass

    def take(self, websocket: WebSocket, text: str) -> Any:
        self.heard.append(text)
        return self.go_on.wait() if text.startswith("w") else None


@pytest.fixture
async def opened() -> tuple[WebSocket, Wire, Listener]:
    wire, listener = Wire(), Listener()
    websocket = WebSocket(wire, b"", b"", set())
    websocket.open(cast("SocketServer", listener), cast("Any", {}))
    wire.written.clear()
    return websocket, wire, listener


def sent(kind: Opcode, payload: bytes) -> bytes:
    return Frame(kind, payload).serialize(mask=True)


def pings(count: int) -> bytes:
    return b"".join(sent(Opcode.PING, str(nr).encode()) for nr in range(count))


def pongs(count: int) -> list[bytes]:
    return [frame(PONG, str(nr).encode()) for nr in range(count)]


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - each turn of the loop is one of the websocket's
        await asyncio.sleep(0)


async def test_many_frames_are_taken_in_turns(opened: tuple[WebSocket, Wire, Listener]) -> None:
    websocket, wire, _listener = opened
    websocket.data_received(pings(MANY))
    assert len(wire.written) == FRAMES_AT_ONCE
    assert not wire.reads()
    turns = 0
    while not wire.reads():
        await asyncio.sleep(0)
        turns += 1
        assert len(wire.written) <= (turns + 1) * FRAMES_AT_ONCE
    assert wire.written == pongs(MANY)
    websocket.data_received(pings(1))
    assert wire.written[-1] == pongs(1)[0]


async def test_what_is_cut_anywhere_comes_whole_and_in_order(opened: tuple[WebSocket, Wire, Listener]) -> None:
    websocket, wire, listener = opened
    data = b"".join(sent(Opcode.TEXT, str(nr).encode()) for nr in range(MANY))
    for at in range(0, len(data), 1000):
        websocket.data_received(data[at : at + 1000])
        await until(wire.reads)
    assert listener.heard == [str(nr) for nr in range(MANY)]


async def test_whoever_reads_nothing_has_one_ping_answered(opened: tuple[WebSocket, Wire, Listener]) -> None:
    websocket, wire, _listener = opened
    websocket.pause_writing()
    websocket.say(b"first")
    websocket.data_received(pings(MANY))
    await until(wire.reads)
    assert wire.written == []
    websocket.resume_writing()
    assert wire.written == [text_frame(b"first"), pongs(MANY)[-1]]


async def test_no_more_is_read_than_may_wait_whatever_comes_between(opened: tuple[WebSocket, Wire, Listener]) -> None:
    websocket, wire, listener = opened
    websocket.data_received(b"".join(sent(Opcode.TEXT, b"w") for _ in range(UNREAD_PACKETS + 1)) + pings(MANY))
    for _ in range(50):
        await asyncio.sleep(0)
    assert wire.written == pongs(MANY)
    assert listener.heard == ["w"]
    assert not wire.reads()
    listener.go_on.set()
    await until(lambda: len(listener.heard) > UNREAD_PACKETS)
    assert wire.reads()


async def test_a_line_that_is_lost_amid_its_turn_is_left_alone(opened: tuple[WebSocket, Wire, Listener]) -> None:
    websocket, wire, listener = opened
    listener.left = lambda websocket: None  # type: ignore[attr-defined]
    websocket.data_received(pings(MANY))
    websocket.connection_lost(None)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(wire.written) == FRAMES_AT_ONCE
    assert not wire.reads()
