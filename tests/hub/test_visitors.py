"""Visitors: whose request comes is waited for, whoever only begins to send one is not."""

import asyncio
from contextlib import suppress

import pytest

from hub.settings import Settings
from hub.sockets.visitors import Visitor
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
    monkeypatch.setattr("hub.sockets.visitors.BODY_SECONDS", 0.3)
    agency = await open_agency(database)
    async with running_hub(settings) as url, in_room(url, agency.ana, agency.room_id) as ana:
        reader, writer = await _saying(url, said)
        async with asyncio.timeout(PATIENT_SECONDS):
            with suppress(ConnectionError):
                while await reader.read(65_536):
                    pass
        writer.close()
        assert ana.connected  # whose own request became a WebSocket's long ago


async def test_a_body_that_comes_slowly_is_taken(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[bool]()
    look, looked_thrice = Visitor._look_at_body, asyncio.Event()

    def looked(visitor: Visitor) -> None:
        look(visitor)
        looks.append(visitor.transport.is_closing())
        if len(looks) == 3:
            looked_thrice.set()

    monkeypatch.setattr(Visitor, "_look_at_body", looked)
    monkeypatch.setattr("hub.sockets.visitors.BODY_SECONDS", 0.2)
    monkeypatch.setattr("hub.sockets.visitors.BODY_BYTES", 0)
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
