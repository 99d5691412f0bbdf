"""Crowds: thousands of people, each with a socket of their own in one room, who come back by themselves.

A crowd is a process of its own, so that what is measured beside it isn't slowed by it. Its people speak as little of
Socket.IO as it takes to come in, go on from where they were, and count what they are told.
"""

import asyncio
import hashlib
import json
import os
import random
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import uvloop
from sqlalchemy import insert

from people.accounts import Account
from people.parties import Party
from people.signing.sessions import LIFETIME, Session
from rooms.access import Member
from store.database import Database
from tests.hub.agencies import Agency

ACCEPTED = b"HTTP/1.1 101"
AT_ONCE = 1000
PAUSE_SECONDS = 2.0
"""Each tries again within this time: all come back within the first two seconds. Browsers take twice as long."""
NICENESS = 10
"""Real people's machines take no time from the hub's."""


# Who they are


@dataclass(frozen=True)
class Someone:
    """One of a crowd."""

    id: str
    token: str


async def open_crowd(database: Database, agency: Agency, count: int) -> list[Someone]:
    """These are so many more members of the agency's room, each with a session."""
    crowd: list[Someone] = []
    while len(crowd) < count:
        crowd += await _open_some(database, agency, min(AT_ONCE, count - len(crowd)))
    return crowd


async def _open_some(database: Database, agency: Agency, count: int) -> list[Someone]:
    async with database.transaction() as tx:
        business_id, room_id, now = agency.admin.actor.business_id, UUID(agency.room_id), tx.now
        people = [(tx.new_id(), secrets.token_urlsafe(16)) for _nr in range(count)]
        whose: dict[str, Any] = {"business_id": business_id}
        party: dict[str, Any] = whose | {"kind": "staff", "added_at": now}
        account: dict[str, Any] = whose | {"kind": "staff", "password_hash": "-", "language": "en", "time_zone": "UTC"}
        session: dict[str, Any] = whose | {"address": "127.0.0.1", "agent": "crowd", "created_at": now, "seen_at": now}
        await tx.execute(
            insert(Party), [party | {"id": id, "name": f"Nr. {id}", "email": f"{id}@crowd.example"} for id, _ in people]
        )
        await tx.execute(insert(Account), [account | {"person_id": id, "permissions": []} for id, _ in people])
        await tx.execute(
            insert(Member), [whose | {"room_id": room_id, "person_id": id, "added_at": now} for id, _ in people]
        )
        await tx.execute(
            insert(Session),
            [
                session
                | {"id": tx.new_id(), "person_id": id, "expires_at": now + LIFETIME}
                | {"token_digest": hashlib.sha256(token.encode()).digest()}
                for id, token in people
            ],
        )
    return [Someone(str(id), token) for id, token in people]


# As a test has them


@dataclass(frozen=True)
class Resumed:
    """How a crowd came in: when by the monotonic clock, and how often they were told of each other since they began."""

    at: float
    packets: int
    forms: int


class Crowd:
    """A running crowd."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def all_in(self, seconds: float) -> Resumed:
        """Wait until all are in the room, for the first time or again."""
        async with asyncio.timeout(seconds):
            return Resumed(**await self._said("in"))

    async def seen(self) -> list[dict[str, str]]:
        """This is how some of them see who is here, all told until now folded into what they entered to."""
        assert self._process.stdin
        self._process.stdin.write(b"see\n")
        seen: list[dict[str, str]] = (await self._said("seen"))["presences"]
        return seen

    async def _said(self, name: str) -> dict[str, Any]:
        assert self._process.stdout
        while True:
            line = await self._process.stdout.readline()
            assert line, "the crowd has ended"
            said: dict[str, Any] = json.loads(line)
            if name in said:
                found: dict[str, Any] = said[name]
                return found


@asynccontextmanager
async def crowd_at(url: str, agency: Agency, people: list[Someone], at: dict[str, Any]) -> AsyncIterator[Crowd]:
    """A crowd that goes on in the room from a position, and comes back whenever it loses the hub."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.crowds"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin
    asked = {"url": url, "room_id": agency.room_id, "at": at, "tokens": [someone.token for someone in people]}
    process.stdin.write(orjson.dumps(asked) + b"\n")
    try:
        yield Crowd(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


# The process


class Socket(asyncio.Protocol):
    """One person's connection."""

    def __init__(self, people: "People", token: str, presences: dict[str, str] | None) -> None:
        self.people = people
        self.token = token
        self.presences = presences
        self.is_in = False
        self.gone = asyncio.get_running_loop().create_future()
        self._data = bytearray()
        self._accepted = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._transport.write(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Authorization: Bearer " + self.token.encode() + b"\r\n\r\n"
        )

    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_in:
            self.people.count -= 1
            self.is_in = False
        if not self.gone.done():
            self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._accepted:
            head = self._data.find(b"\r\n\r\n")
            if head < 0:
                return
            if not self._data.startswith(ACCEPTED):
                self._transport.abort()
                return
            self._accepted = True
            del self._data[: head + 4]
        self._read_frames()

    def _read_frames(self) -> None:
        at, data = 0, self._data
        while len(data) >= at + 2:
            length, start = data[at + 1], at + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                length, start = int.from_bytes(data[start : start + size]), start + size
            if len(data) < start + length:
                break
            if data[at] == 0x81:
                self._take(bytes(memoryview(data)[start : start + length]))
            else:
                self._transport.abort()
            at = start + length
        if at:
            del data[:at]

    def _take(self, packet: bytes) -> None:
        if packet.startswith(b'42["presence'):
            self._told(packet)
        elif packet == b"2":
            self._say(b"3")
        elif packet.startswith(b"0"):
            self._say(b"40")
        elif packet.startswith(b"40"):
            self._say(b"420" + orjson.dumps(["room.enter", self.people.place]))
        elif packet.startswith(b'430[{"ok":true'):
            self._enter(packet)
        elif packet.startswith((b"43", b"44")):
            self._transport.abort()

    def _enter(self, packet: bytes) -> None:
        if self.presences is not None:
            here = orjson.loads(packet[3:])[0]["presences"]
            self.presences.clear()
            self.presences.update({form["id"]: form["state"] for form in here})
        self.is_in = True
        self.people.count += 1
        self.people.look()

    def _told(self, packet: bytes) -> None:
        self.people.packets += 1
        self.people.forms += packet.count(b'"state"')
        if self.presences is not None:
            told = orjson.loads(packet[2:])[1]
            for form in told.get("presences") or [told["presence"]]:
                self.presences[form["id"]] = form["state"]

    def _say(self, packet: bytes) -> None:
        length = len(packet)
        head = bytes([0x81, 0x80 | length]) if length < 126 else b"\x81\xfe" + length.to_bytes(2)
        self._transport.write(head + b"\x00\x00\x00\x00" + packet)


class People:
    """All of a crowd."""

    def __init__(self, asked: dict[str, Any], sample: int = 20) -> None:
        host, port = asked["url"].removeprefix("http://").split(":")
        self.address = (host, int(port))
        self.tokens: list[str] = asked["tokens"]
        self.place = {"room_id": asked["room_id"], "epoch": asked["at"]["epoch"], "after": asked["at"]["offset"]}
        self.count = self.packets = self.forms = 0
        self.samples: list[dict[str, str]] = [{} for _nr in range(min(sample, len(self.tokens)))]

    def look(self) -> None:
        if self.count == len(self.tokens):
            say({"in": {"at": time.monotonic(), "packets": self.packets, "forms": self.forms}})

    async def live(self) -> None:
        samples = [*self.samples, *([None] * (len(self.tokens) - len(self.samples)))]
        await asyncio.gather(*(self._stay(*one) for one in zip(self.tokens, samples, strict=True)))

    async def _stay(self, token: str, presences: dict[str, str] | None) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(random.uniform(0, PAUSE_SECONDS))
            with suppress(OSError):
                _transport, socket = await loop.create_connection(lambda: Socket(self, token, presences), *self.address)
                await socket.gone


def say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


async def main() -> None:
    os.nice(NICENESS)
    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    people = People(orjson.loads(await reader.readline()))
    living = asyncio.create_task(people.live())
    while await reader.readline():
        say({"seen": {"presences": people.samples}})
    living.cancel()


if __name__ == "__main__":
    uvloop.run(main())
