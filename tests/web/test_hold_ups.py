"""Whatever is sent, over a socket or as a file, the event loop is held no longer than by ordinary work."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from hub.settings import Settings
from rooms.files.media_types import HEAD_BYTES
from rooms.markdown import draw
from rooms.rendered_texts import SHORT
from store.files.blobs import PIECE_BYTES
from tests.costs import TURNS, cost, longest_hold
from tests.rooms.shapes import costly_shapes
from tests.web.houses import House
from tests.web.tus import Tus

MOST = Settings.model_fields["limit_packet_bytes"].default


def held_at_most() -> float:
    """So long the loop may be held on this machine as it is now, in seconds."""
    return 40 * cost(lambda: draw(("atât de multe **de spus** @altora " * 40)[:SHORT]))


HELD_AT_MOST = held_at_most()
"""Some 50 ms, on a machine that draws an ordinary text in a little more than one."""
LONGEST_NAME = 1_000
PICTURES_BEGIN = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"BM", b"\0\0\0\x18ftypheic",
)  # fmt: skip
IDS = count(1)


def filled(begin: str, part: str, end: str, most: int = MOST) -> str:
    """This is a packet as long as any may be."""
    return begin + part * ((most - len(begin) - len(end)) // len(part)) + end


def packets() -> Iterator[tuple[str, str]]:
    parts = {
        "lists": "[],", "objects": '{"a":0},', "numbers": "1,", "large numbers": "1e300,", "deep lists": "[",
        "deep objects": '{"a":', "texts": '"",', "escapes": '"\\u0041",', "literals": "null,",
    }  # fmt: skip
    for name, part in parts.items():
        yield name, filled('42["message.post",', part, "0]")
        yield f"{name} in a field", filled('42["message.post",{"body":[', part, "0]}]")
        yield f"{name} of whoever comes", filled('40{"token":[', part, "0]}")
    fields = ",".join(f'"{number}":0' for number in range(MOST // 10))
    yield "fields", f'42["message.post",{{{fields}}}]'
    yield "fields of a thing", f'42["message.post",{{"room_id":{{{fields}}}}}]'
    yield "a long number", filled('42["message.post",', "1", "]")
    yield "a long fraction", filled('42["message.post",0.', "1", "]")
    yield "a long name", filled('42["', "a", '"]')
    yield "a long id", filled("42", "1", '["presence.set"]')
    yield "a long namespace", filled("42/", "a", ',["presence.set"]')
    yield "a namespace for whoever comes", filled("40/", "a", ",")
    yield "an answer", filled("43", "1", "[]")
    yield "attachments", filled("451-", "1", '["presence.set"]')
    yield "pings", filled("2", "2", "")


def texts(room_id: str) -> Iterator[tuple[str, str]]:
    for shape, text in costly_shapes(19_000):
        said = orjson.dumps(text).decode()
        yield f"a message of {shape}", f'42["message.post",{{"room_id":"{room_id}","body":{said}}}]'
        yield f"a name of {shape}", f"42[{said}]"
        yield f"a field of {shape}", f'42["message.post",{{{said}:0}}]'


def frames() -> Iterator[tuple[str, bytes]]:
    """Frames beside packets: some make none, some cost more than they hold."""
    few = b"x" * 125
    yield "pings", Frame(Opcode.PING, few).serialize(mask=True) * (MOST // 131)
    yield "empty pings", Frame(Opcode.PING, b"").serialize(mask=True) * (MOST // 6)
    yield "pongs", Frame(Opcode.PONG, few).serialize(mask=True) * (MOST // 131)
    yield "small packets", Frame(Opcode.TEXT, b"3").serialize(mask=True) * (MOST // 7)
    yield "small events", Frame(Opcode.TEXT, b'42["a"]').serialize(mask=True) * (MOST // 13)
    begins = Frame(Opcode.TEXT, b"4", fin=False).serialize(mask=True)
    yield "small parts", begins + Frame(Opcode.CONT, b"3", fin=False).serialize(mask=True) * (MOST // 7)
    yield "empty parts", begins + Frame(Opcode.CONT, b"", fin=False).serialize(mask=True) * (MOST // 6)
    yield "a long packet", Frame(Opcode.TEXT, b"3" * MOST).serialize(mask=True)
    yield "what isn't text", Frame(Opcode.TEXT, b"4" + b"\xff" * (MOST - 1)).serialize(mask=True)
    yield "bytes", Frame(Opcode.BINARY, b"\x04" * MOST).serialize(mask=True)


@asynccontextmanager
async def line(house: House) -> AsyncIterator[ClientConnection]:
    url = house.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    async with connect(url, additional_headers={"cookie": f"hub_session={house.person('ana').token}"}) as line:
        await line.recv()
        await line.send("40")
        await line.recv()
        yield line


async def until_taken(line: ClientConnection) -> None:
    """Wait until all that was sent has been taken, or has ended the line."""
    id = next(IDS)
    with suppress(ConnectionClosed):
        await line.send(f'42{id}["presence.set",{{"state":"here"}}]')
        while not str(await line.recv()).startswith(f"43{id}["):
            pass


async def must_not_hold(name: str, send: Callable[[], Awaitable[object]]) -> None:
    """The least of several turns counts: what costs too much does so again, what else the machine did doesn't."""
    for _turn in range(TURNS):
        with longest_hold() as held:
            await send()
        if held.seconds <= HELD_AT_MOST or held.seconds <= held_at_most():
            return
    pytest.fail(f"{name}: {held}")


async def test_no_packet_holds_the_loop(house: House) -> None:
    async def send(packet: str) -> None:
        async with line(house) as own:
            with suppress(ConnectionClosed):
                await own.send(packet)
            await until_taken(own)

    for name, packet in (*packets(), *texts(house.room)):
        await must_not_hold(name, partial(send, packet))


async def test_no_frames_hold_the_loop(house: House) -> None:
    async def send(sent: bytes) -> None:
        async with line(house) as own:
            own.transport.write(sent)
            await until_taken(own)

    for name, sent in frames():
        await must_not_hold(name, partial(send, sent))


async def test_no_body_of_a_command_holds_the_loop(house: House) -> None:
    async with house.bot("ana", **{"content-type": "application/json"}) as bot:
        for name, packet in packets():
            body = packet.partition(",")[2].removesuffix("]")
            await must_not_hold(name, partial(bot.post, "/api/v1/commands/message.post", content=body))


async def test_no_file_holds_the_loop(house: House) -> None:
    async with house.bot() as bot:
        tus = Tus(bot, house.person("ana"), house.room)
        for name, content in contents():
            await must_not_hold(name, partial(tus.upload, content, "plan.png"))


async def test_no_name_of_a_file_holds_the_loop(house: House) -> None:
    async with house.bot() as bot:
        tus = Tus(bot, house.person("ana"), house.room)
        for shape, name in costly_shapes(LONGEST_NAME):
            await must_not_hold(shape, partial(tus.create, 1, name))


def contents() -> Iterator[tuple[str, bytes]]:
    yield from ((shape, text.encode()) for shape, text in costly_shapes(HEAD_BYTES))
    yield from ((f"UTF-16 of {shape}", text.encode("utf-16")) for shape, text in costly_shapes(HEAD_BYTES // 2))
    for begins in PICTURES_BEGIN:
        yield f"{begins!r}", begins + b"\xff\x00" * HEAD_BYTES
    yield "boxes", b"\0\0\0\x18ftypheic" + b"ispe" * HEAD_BYTES
    yield "several pieces", b"<" * (2 * PIECE_BYTES + 1)
