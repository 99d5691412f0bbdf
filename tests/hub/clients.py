"""Clients: real Socket.IO clients that keep what they hear."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import socketio

from tests.hub.agencies import Person
from tests.patience import PATIENT_SECONDS

Heard = tuple[str, dict[str, Any]]


class Client:
    """Someone's browser."""

    def __init__(
        self,
        person: Person | None = None,
        *,
        token: str | None = None,
        reconnection: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.person = person
        self.token = token or (person.token if person else None)
        self.heard: list[Heard] = []
        self.connected = False
        self._news = asyncio.Event()
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls or True))
        self._io = socketio.AsyncClient(
            reconnection=reconnection,
            reconnection_delay=0.05,
            reconnection_delay_max=0.2,
            randomization_factor=0,
            http_session=self._http,
        )
        self._io.on("*", self._hear)
        self._io.on("connect", lambda: self._turn(True))
        self._io.on("disconnect", lambda reason: self._turn(False))

    async def connect(self, url: str, *, drawn_for: dict[str, str] | None = None, **options: Any) -> None:
        auth = {"token": self.token, **(drawn_for or {})} if self.token else None
        await self._io.connect(url, auth=auth, wait_timeout=PATIENT_SECONDS, **{"transports": ["websocket"], **options})

    async def disconnect(self) -> None:
        await self._io.disconnect()
        await self._http.close()

    async def send(self, name: str, fields: Any = None) -> Any:
        return await self._io.call(name, fields, timeout=PATIENT_SECONDS)

    async def emit(self, name: str, fields: Any = None) -> None:
        await self._io.emit(name, fields)

    async def enter(self, room_id: str, **fields: Any) -> Any:
        answer = await self.send("room.enter", {"room_id": room_id, **fields})
        assert answer["ok"], answer
        return answer

    async def until(self, holds: Callable[[], Any], seconds: float | None = PATIENT_SECONDS) -> None:
        """Wait until something holds that what is heard brings about."""
        async with asyncio.timeout(seconds):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def hears(self, name: str, seconds: float = PATIENT_SECONDS) -> dict[str, Any]:
        """This is the payload of the first event of a name."""
        await self.until(lambda: self.named(name), seconds)
        return self.named(name)[0]

    async def hears_all(self, name: str, count: int, seconds: float = PATIENT_SECONDS) -> None:
        """Wait until so many events of a name were told."""
        await self.until(lambda: len(self.named(name)) >= count, seconds)

    async def hears_up_to(self, offset: int, seconds: float = PATIENT_SECONDS) -> None:
        """Wait until the event at an offset, or a later one, was told."""
        await self.until(lambda: self.offsets() and self.offsets()[-1] >= offset, seconds)

    async def hears_each_from(self, offset: int) -> None:
        """Wait until some events after an offset were told, and hold them to being each of them, once and in order."""
        await self.hears_up_to(offset + 6)
        told = [each for each in self.offsets() if each > offset]  # before that the client was in already
        assert told == list(range(offset + 1, offset + 1 + len(told)))

    async def is_closed(self, seconds: float | None = PATIENT_SECONDS) -> None:
        """Wait until the connection is gone."""
        await self.until(lambda: not self.connected, seconds)

    def named(self, name: str) -> list[dict[str, Any]]:
        return [payload for heard, payload in self.heard if heard == name]

    def bodies(self) -> list[str]:
        return [payload["message"]["body"] for payload in self.named("message.posted")]

    def offsets(self) -> list[int]:
        return [payload["at"]["offset"] for _name, payload in self.heard if payload.get("at")]

    @property
    def at(self) -> dict[str, Any]:
        """This is the place of the stored event that was told last. Others, such as a late presence, have none."""
        place: dict[str, Any] = [payload["at"] for _name, payload in self.heard if payload.get("at")][-1]
        return place

    def _hear(self, name: str, payload: dict[str, Any]) -> None:
        self.heard.append((name, payload))
        self._news.set()

    def _turn(self, connected: bool) -> None:
        self.connected = connected
        self._news.set()


@asynccontextmanager
async def connected(url: str, person: Person | None, **options: Any) -> AsyncIterator[Client]:
    client = Client(person, **options)
    await client.connect(url)
    try:
        yield client
    finally:
        await client.disconnect()


@asynccontextmanager
async def in_room(url: str, person: Person, room_id: str, **options: Any) -> AsyncIterator[Client]:
    async with connected(url, person, **options) as client:
        await client.enter(room_id)
        yield client
