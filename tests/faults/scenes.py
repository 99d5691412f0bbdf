"""Scenes: two hubs and a room in which three people post without pause, while a test breaks something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import Load, posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency
from tests.hubs import HubProcess


@dataclass(frozen=True)
class Scene:
    """What there is to lay hands on."""

    hubs: list[HubProcess]
    engines: EmbeddedEngines
    load: Load


@asynccontextmanager
async def busy_room(engines: EmbeddedEngines, folder: Path) -> AsyncIterator[Scene]:
    """Ana and a client have the room open, each at a hub, Mihai calls. At the end their history has to hold."""
    near, far = hubs_on(engines, folder, 2)
    async with near, far, database_at(engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        async with (
            Follower([near.url, far.url], agency.ana, room) as ana,
            Follower([far.url, near.url], agency.client, room) as clara,
            Caller([near.url, far.url], agency.mihai, room) as mihai,
        ):
            async with posting(ana, clara, mihai, pause_seconds=0.02) as load:
                yield Scene([near, far], engines, load)
            await database.engine.dispose()  # its connections may be gone, too
            await check(database, room, [mihai], [ana, clara])
