"""Floods of connections: bounded, and others are served meanwhile."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import orjson
import pytest

from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from tests.faults.crowds import Someone, open_crowd
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS, browser_at

pytestmark = pytest.mark.faults_long

ELSEWHERE = "127.0.0.2"
LET_IN = 50
TRYING = 300
UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
SAID = {
    "nothing": b"",
    "half a request": b"POST /api/v1/session HTTP/1.1\r\nHost: hub\r\n",
    "half a second request": b"GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\nGET /healthz HTTP/1.1\r\n",
    "half an upgrade": UPGRADE,
    "an upgrade, and never who they are": UPGRADE + b"\r\n",
}


async def test_one_address_gets_its_share_of_sockets_and_others_theirs(
    own_engines: EmbeddedEngines, tmp_path: Path
) -> None:
    (hub,) = hubs_on(own_engines, tmp_path, 1, HUB_LIMIT_SOCKETS_PER_ADDRESS=str(LET_IN))
    async with hub, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        people = await open_crowd(database, agency, TRYING)
        async with (
            Follower([hub.url], agency.ana, agency.room_id) as ana,
            Follower([hub.url], agency.client, agency.room_id) as clara,
        ):
            async with posting(ana, pause_seconds=0.01) as load, flood(hub.port, people) as answers:
                await load.more(200)
                answered = await asyncio.gather(*answers)
            await check(database, agency.room_id, [], [ana, clara])
            assert answered.count("let in") == LET_IN
            assert answered.count("too_many_sockets") + answered.count("cut off") == TRYING - LET_IN
            assert not ana.away_seconds
            assert not clara.away_seconds


@asynccontextmanager
async def flood(port: int, people: list[Someone]) -> AsyncIterator[list[asyncio.Task[str]]]:
    """All of them knock at once from one address; how each was answered."""
    async with AsyncExitStack() as stack:
        yield [asyncio.create_task(_knock(port, someone, stack)) for someone in people]


async def _knock(port: int, someone: Someone, stack: AsyncExitStack) -> str:
    """How someone is answered; of those who haven't said who they are no more are heard than may come in."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ELSEWHERE, 0))
        stack.callback(writer.close)
        return await _answer(reader, writer, someone)
    except (asyncio.IncompleteReadError, ConnectionError):
        return "cut off"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, someone: Someone) -> str:
    writer.write(UPGRADE + b"Authorization: Bearer " + someone.token.encode() + b"\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x81\x82\x00\x00\x00\x0040")
    while True:
        length = (await reader.readexactly(2))[1]
        packet = await reader.readexactly(int.from_bytes(await reader.readexactly(2)) if length == 126 else length)
        if packet.startswith(b"40"):
            return "let in"
        if packet.startswith(b"44"):
            return str(orjson.loads(packet[2:])["data"]["code"])


@pytest.mark.parametrize("said", SAID)
async def test_who_never_says_what_they_want_is_sent_away(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr("hub.sockets.http_connections.REQUEST_SECONDS", 0.5)
    monkeypatch.setattr("hub.sockets.connections.NAMELESS_SECONDS", 0.5)
    monkeypatch.setattr("hub.sockets.websockets.CLOSING_SECONDS", 0.5)
    agency = await open_agency(database)
    async with running_hub(settings) as url, Follower([url], agency.ana, agency.room_id) as ana:
        idle = [await _says(url, SAID[said]) for _nr in range(200)]
        await ana.post("meanwhile")
        async with asyncio.timeout(PATIENT_SECONDS):
            await asyncio.gather(*(_ended(one) for one in idle))
        async with browser_at(url) as client:
            assert (await client.get("/readyz")).status_code == 200
        assert not ana.away_seconds


async def test_a_head_without_end_is_not_taken(settings: Settings) -> None:
    async with running_hub(settings) as url:
        endless = await _says(url, b"GET / HTTP/1.1\r\nX-Long: ")
        with suppress(ConnectionError):
            for _nr in range(100):
                await asyncio.get_running_loop().sock_sendall(endless, b"x" * 10_000)
                await asyncio.sleep(0)
        async with asyncio.timeout(PATIENT_SECONDS):
            await _ended(endless)


async def _says(url: str, said: bytes) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    one = socket.socket()
    one.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(one, (host, int(port)))
    if said:
        await loop.sock_sendall(one, said)
    return one


async def _ended(one: socket.socket) -> None:
    """Wait until the other side has ended a connection."""
    with suppress(ConnectionError):
        while await asyncio.get_running_loop().sock_recv(one, 65_536):
            pass
    one.close()
