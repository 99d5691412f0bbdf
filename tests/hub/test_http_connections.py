"""Visitors: whose request comes is waited for, whoever only begins to send one is not."""

import asyncio
from contextlib import suppress

import pytest

from hub.settings import Settings
from hub.sockets.http_connections import HttpConnection
from store.database import Database
from tests.hub.agencies import open_agency
from tests.hub.clients import in_room
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS

HOST = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = b"POST /sign-in" + HOST + b"Content-Length: 5000\r\n\r\n{"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(FORM, id="a form"),
        pytest.param(b"POST /sign-in" + HOST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", id="in chunks"),
        pytest.param(b"PATCH /api/v1/uploads/x" + HOST + b"Content-Length: 5000\r\n\r\n", id="an upload"),
        pytest.param(b"GET /" + HOST + b"Content-Length: 5000\r\n\r\n{", id="a page"),
        pytest.param(b"GET /readyz" + HOST + b"\r\n" + FORM, id="the second of two"),
    ],
)
async def test_a_body_that_does_not_come_is_not_waited_for(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr("hub.sockets.http_connections.BODY_SECONDS", 0.3)
    agency = await open_agency(database)
    async with running_hub(settings) as url, in_room(url, agency.ana, agency.room_id) as ana:
        reader, writer = await _saying(url, said)
        await _ended(reader)
        writer.close()
        assert ana.connected  # whose own request became a WebSocket's long ago


UPGRADE = (
    HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize("path", [b"/", b"/socket.io/?EIO=4&transport=websocket"])
@pytest.mark.parametrize(
    "more",
    [
        b"Content-Length: 1\r\n\r\nx",
        b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        b"".join(b"X-%d: y\r\n" % nr for nr in range(300)) + b"\r\n",
        b"X-Long: " + b"y" * 20_000 + b"\r\n\r\n",
    ],
)
async def test_an_upgrade_that_can_t_be_read_is_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, path: bytes, more: bytes
) -> None:
    monkeypatch.setattr("hub.sockets.connections.NAMELESS_SECONDS", 0.5)
    monkeypatch.setattr("hub.sockets.websockets.CLOSING_SECONDS", 0.5)
    async with running_hub(settings) as url:
        reader, writer = await _saying(url, b"GET " + path + UPGRADE + more)
        await _ended(reader)
        writer.close()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(
            b"POST /sign-in" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 20_000, id="trailers"
        ),
        pytest.param(b"GET /readyz" + HOST + b"\r\n\r\n", id="a line's end behind a request"),
    ],
)
async def test_what_comes_behind_a_request_is_bounded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr("hub.sockets.http_connections.REQUEST_SECONDS", 0.5)
    async with running_hub(settings) as url:
        reader, writer = await _saying(url, said)
        if said.startswith(b"GET"):
            assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 200")
            writer.write(b"\r\n")
        await _ended(reader)
        writer.close()


TWICE = b"POST /api/v1/session" + HOST + b"%b\r\n0\r\n\r\nGET /healthz" + HOST + b"\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length : 5\r\n",
        b"Content-Length: +5\r\n",
    ],
)
async def test_a_request_of_two_lengths_is_refused(settings: Settings, lengths: bytes) -> None:
    """Or a proxy and the hub would differ on where the next one begins."""
    async with running_hub(settings) as url:
        reader, writer = await _saying(url, TWICE % lengths)
        async with asyncio.timeout(PATIENT_SECONDS):
            answers = await reader.read()
        assert answers.startswith(b"HTTP/1.1 400 ")
        assert answers.count(b"HTTP/1.1 ") == 1
        writer.close()


async def test_what_became_a_web_socket_is_no_visitor(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.sockets.http_connections.REQUEST_SECONDS", 0.3)
    agency = await open_agency(database)
    async with running_hub(settings) as url, in_room(url, agency.ana, agency.room_id) as ana:
        for _later in range(2):  # who came after them is sent away
            reader, writer = await _saying(url, b"")
            await _ended(reader)
            writer.close()
        assert (await ana.send("message.post", {"room_id": agency.room_id, "body": "Still here"}))["ok"]
        assert ana.connected


async def test_a_body_that_comes_slowly_is_taken(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[bool]()
    look, looked_thrice = HttpConnection._look_at_body, asyncio.Event()

    def looked(visitor: HttpConnection) -> None:
        look(visitor)
        looks.append(visitor.transport.is_closing())
        if len(looks) == 3:
            looked_thrice.set()

    monkeypatch.setattr(HttpConnection, "_look_at_body", looked)
    monkeypatch.setattr("hub.sockets.http_connections.BODY_SECONDS", 0.2)
    monkeypatch.setattr("hub.sockets.http_connections.BODY_BYTES", 0)
    await open_agency(database)
    body = b'{"email": "nobody@new.example", "password": "not theirs"}'
    head = b"POST /api/v1/session" + HOST + f"Content-Length: {len(body)}\r\n\r\n".encode()
    async with running_hub(settings) as url:
        reader, writer = await _saying(url, head + body[:10])
        async with asyncio.timeout(PATIENT_SECONDS):
            await looked_thrice.wait()
            writer.write(body[10:])
            assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
        assert not any(looks[:3])
        writer.close()


async def _saying(url: str, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(said)
    return reader, writer


async def _ended(reader: asyncio.StreamReader) -> None:
    """Wait until the hub has ended a connection."""
    async with asyncio.timeout(PATIENT_SECONDS):
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass
