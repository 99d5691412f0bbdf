"""A hub killed at each of the three points where it matters: what it was at is done once, and told to everyone else."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text

from store.engines import EmbeddedEngines
from store.streams import Log
from tests.faults.callers import Caller
from tests.faults.doomed import DOOMED, POINTS
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS


@pytest.mark.parametrize("point", POINTS)
async def test_what_a_hub_died_at_is_done_once_and_told(
    own_engines: EmbeddedEngines, tmp_path: Path, point: str
) -> None:
    (other,) = hubs_on(own_engines, tmp_path, 1)
    doomed = HubProcess(
        tmp_path / "data",
        module="tests.faults.doomed",
        HUB_DATABASE_URL=own_engines.database_url,
        HUB_REDIS_URL=own_engines.redis_url,
        DOOMED_AT=point,
    )
    async with other, doomed, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        async with (
            Follower([other.url], agency.client, agency.room_id) as clara,
            Caller([doomed.url, other.url], agency.ana, agency.room_id) as ana,
        ):
            await ana.post("before")
            await ana.post(DOOMED)
            assert doomed.process
            assert await asyncio.to_thread(doomed.process.wait, PATIENT_SECONDS) < 0
            assert bool(ana.retried) == (point != "before_relay")
            await clara.until(lambda: clara.bodies() == ["before", DOOMED])
            await check(database, agency.room_id, [ana], [clara])


async def test_what_is_committed_after_its_hub_died_is_done_once(own_engines: EmbeddedEngines, tmp_path: Path) -> None:
    """The hub dies while its statement waits in PostgreSQL, which then goes on with it."""
    doomed, other = hubs_on(own_engines, tmp_path, 2)
    async with other, doomed, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        async with (
            Follower([other.url], agency.client, agency.room_id) as clara,
            Caller([doomed.url, other.url], agency.ana, agency.room_id) as ana,
        ):
            async with database.transaction() as tx:
                stream = f"room:{agency.room_id}"
                await tx.execute(select(Log).where(Log.stream == stream).with_for_update())
                posting = asyncio.create_task(ana.post("waits"))
                while not await tx.scalar(text("select exists (select from pg_locks where not granted)")):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                doomed.kill()
            await posting
            assert ana.retried
            await clara.until(lambda: clara.bodies() == ["waits"])
            await check(database, agency.room_id, [ana], [clara])
