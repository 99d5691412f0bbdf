"""Lines: everyone's client of HTTP and socket, kept open for one command after the other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.hub.agencies import Person
from tests.hub.clients import Client
from tests.patience import browser_at


class Lines:
    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url
        self._sockets: dict[str, Client] = {}

    async def by_http(self, person: Person | None, name: str, fields: dict[str, Any]) -> httpx.Response:
        """This is what HTTP answers to somebody's command, or to a stranger's."""
        headers = {"Authorization": f"Bearer {person.token}"} if person else {}
        return await self._http.post(f"/api/v1/commands/{name}", json=fields, headers=headers)

    async def by_socket(self, person: Person, name: str, fields: dict[str, Any]) -> Any:
        """This is what the socket answers to somebody's command."""
        socket = self._sockets.get(person.token)
        if socket is None or not socket.connected:
            socket = self._sockets[person.token] = Client(person)
            await socket.connect(self._url)
        return await socket.send(name, fields)

    async def close(self) -> None:
        for socket in self._sockets.values():
            await socket.disconnect()


@asynccontextmanager
async def lines_to(url: str) -> AsyncIterator[Lines]:
    async with browser_at(url) as http:
        lines = Lines(http, url)
        try:
            yield lines
        finally:
            await lines.close()
