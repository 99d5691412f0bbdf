"""A small tus client, that says just what it is told to; and a hub to say it to."""

from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from hub.parts import ANSWERS
from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.hub.agencies import Agency, Person, open_agency, open_room
from tests.hubs import running_hub
from tests.patience import browser_at

PATH = "/api/v1/uploads"
BYTES = "application/offset+octet-stream"


def speaking(person: Person | None, **more: str) -> dict[str, str]:
    """These are the headers of every call."""
    headers = {"tus-resumable": "1.0.0"} | {name.replace("_", "-"): value for name, value in more.items()}
    return headers if person is None else headers | {"authorization": f"Bearer {person.token}"}


def metadata(**said: Any) -> str:
    pairs = {key: b64encode(str(value).encode()).decode() for key, value in said.items() if value is not None}
    return ",".join(f"{key} {value}".rstrip() for key, value in pairs.items())


class Tus:
    """Someone's uploads into a room."""

    def __init__(self, client: httpx.AsyncClient, person: Person, room_id: str) -> None:
        self.client = client
        self.person = person
        self.room_id = room_id

    async def create(self, size: int, filename: str = "plan.txt", **said: Any) -> httpx.Response:
        fields = metadata(**{"room_id": self.room_id, "filename": filename} | said)
        headers = speaking(self.person, upload_length=str(size), upload_metadata=fields)
        return await self.client.post(PATH, headers=headers)

    async def patch(self, location: str, offset: int, content: bytes | AsyncIterable[bytes]) -> httpx.Response:
        headers = speaking(self.person, upload_offset=str(offset), content_type=BYTES)
        return await self.client.patch(location, headers=headers, content=content)

    async def head(self, location: str) -> httpx.Response:
        return await self.client.head(location, headers=speaking(self.person))

    async def delete(self, location: str) -> httpx.Response:
        return await self.client.delete(location, headers=speaking(self.person))

    async def upload(self, content: bytes, filename: str = "plan.txt", **said: Any) -> UUID:
        """Upload a file whole; this is its id."""
        created = await self.create(len(content), filename, **said)
        assert created.status_code == 201, created.text
        location = created.headers["location"]
        if content:
            patched = await self.patch(location, 0, content)
            assert patched.status_code == 204, patched.text
        return UUID(location.rpartition("/")[2])


@dataclass(frozen=True)
class Desk:
    """A running hub, spoken to over HTTP, and an agency in it."""

    url: str
    client: httpx.AsyncClient
    agency: Agency

    async def with_a_room(self) -> "Desk":
        """This is the same desk at a room of its own, so that what is done at it disturbs no other."""
        members = [str(person.id) for person in (self.agency.ana, self.agency.mihai, self.agency.client)]
        return replace(self, agency=replace(self.agency, room_id=await open_room(self.agency, "Website", members)))

    def uploads_of(self, person: Person) -> Tus:
        return Tus(self.client, person, self.agency.room_id)


@asynccontextmanager
async def open_desk(template: Template, engines: EmbeddedEngines, folder: Path) -> AsyncIterator[Desk]:
    """This is a desk at a hub that takes files of at most 50 MB."""
    async with template.copy() as database_url:
        database = Database(database_url, within=EVERYWHERE, answers=ANSWERS)
        settings = Settings(
            database_url=database_url,
            redis_url=engines.redis_url,
            data_dir=folder,
            port=0,
            drain_seconds=1,
            limit_upload_bytes=50_000_000,
            limit_body_bytes=100_000,
        )
        agency = await open_agency(database)
        async with running_hub(settings) as url, browser_at(url) as client:
            yield Desk(url, client, agency)
        await database.close()
