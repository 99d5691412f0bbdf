"""PostgreSQL restarts, in order or not at all: nobody is told yes for what isn't there afterwards, and all goes on."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency

HEALED_SECONDS = 10.0

HOW = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}


@pytest.mark.parametrize("how", [pytest.param("fast", marks=pytest.mark.faults_long), "immediate", "killed"])
async def test_postgres_restarts_under_load(own_engines: EmbeddedEngines, tmp_path: Path, how: str) -> None:
    near, far = hubs_on(own_engines, tmp_path, 2)
    async with near, far, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        async with (
            Follower([near.url, far.url], agency.ana, room) as ana,
            Follower([far.url, near.url], agency.client, room) as clara,
            Caller([near.url, far.url], agency.mihai, room) as mihai,
        ):
            async with posting(ana, clara, mihai, pause_seconds=0.02) as load:
                await load.more(60)
                for _time in range(2):
                    before = own_engines.postgres.pid
                    assert before
                    os.kill(before, HOW[how])
                    while own_engines.postgres.pid in {None, before}:  # noqa: ASYNC110 - its keeper starts it again
                        await asyncio.sleep(0.01)
                    await asyncio.to_thread(own_engines.postgres.wait_until_ready)
                    back_at = time.monotonic()
                    await load.more(30)
                    assert time.monotonic() - back_at < HEALED_SECONDS
            await database.engine.dispose()
            await check(database, room, [mihai], [ana, clara])
