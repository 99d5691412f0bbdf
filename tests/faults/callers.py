"""Callers: people at the HTTP API who, like our own browser side, repeat under the same key until they are answered."""

import asyncio
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from tests.hub.agencies import Person
from tests.patience import PATIENT_SECONDS, promised


class Caller:
    """Posts to one room. `acknowledged` has the texts that the hub said yes to."""

    def __init__(self, urls: list[str], person: Person, room_id: object, *, tls: ssl.SSLContext | None = None) -> None:
        self.urls = urls
        self.person = person
        self.room_id = str(room_id)
        self.asked: list[str] = []
        self.acknowledged: list[str] = []
        self.retried = 0
        signed = {"authorization": f"Bearer {person.token}"}
        self._client = httpx.AsyncClient(headers=signed, timeout=promised(10), verify=tls or False)
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def post(self, body: str) -> None:
        self.asked.append(body)
        await self.run("message.post", room_id=self.room_id, body=body)
        self.acknowledged.append(body)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that an acknowledgement brings about."""
        while not holds():
            self._news.clear()
            await self._news.wait()

    async def run(self, name: str, **fields: Any) -> Any:
        key = str(uuid4())
        async with asyncio.timeout(PATIENT_SECONDS):
            while (answer := await self._answer(name, fields, key)) is None:
                self.retried += 1
                self.urls.append(self.urls.pop(0))  # perhaps another node
                await asyncio.sleep(0.05)
        return answer

    async def _answer(self, name: str, fields: dict[str, Any], key: str) -> Any | None:
        url = f"{self.urls[0]}/api/v1/commands/{name}"
        try:
            answer = await self._client.post(url, json=fields, headers={"idempotency-key": key})
        except httpx.TransportError:
            return None
        if answer.status_code == 200:
            return answer.json()["result"]
        assert answer.status_code in {429, 502, 503}, answer.text  # 502 is the proxy's
        return None

    async def try_once(self, name: str, **fields: Any) -> int:
        """This is the status that a command is answered with."""
        return (await self._client.post(f"{self.urls[0]}/api/v1/commands/{name}", json=fields)).status_code

    async def log(self) -> list[dict[str, Any]]:
        """This is the room's log from its start."""
        events: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": 500, "after": 0}
        while True:
            answer = await self._client.get(f"{self.urls[0]}/api/v1/rooms/{self.room_id}/events", params=params)
            answer.raise_for_status()
            page = answer.json()["events"]
            if not page:
                return events
            events += page
            params |= {"epoch": page[-1]["at"]["epoch"], "after": page[-1]["at"]["offset"]}


def bodies(events: list[dict[str, Any]]) -> list[str]:
    return [event["message"]["body"] for event in events if event["name"] == "message.posted"]
