"""What lies in a room after an upload."""

from typing import Any

import httpx

from tests.hub.agencies import Person
from tests.web.tus import speaking


async def files(client: httpx.AsyncClient, person: Person, room_id: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/rooms/{room_id}", headers=speaking(person))
    found: list[dict[str, Any]] = answer.json()["files"]
    return found


async def content_of(client: httpx.AsyncClient, person: Person, file: dict[str, Any]) -> bytes:
    return (await client.get(f"/files/{file['id']}/{file['name']}", headers=speaking(person))).content
