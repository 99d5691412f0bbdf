"""Two versions side by side: a migration under load, amid a long read such as a backup's, and old hubs after it."""

import asyncio
import os
import sys
from pathlib import Path

from sqlalchemy import text

from store.database import Database
from store.engines import EmbeddedEngines
from store.migrations import newer
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import Load, posting
from tests.faults.machines import database_at, hubs_on
from tests.faults.newer import make_versions
from tests.hub.agencies import open_agency
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS


async def test_old_hubs_go_on_while_a_newer_one_migrates_and_after(
    own_engines: EmbeddedEngines, tmp_path: Path
) -> None:
    make_versions(tmp_path / "versions")
    variables = {"HUB_DATABASE_URL": own_engines.database_url, "HUB_REDIS_URL": own_engines.redis_url}
    next_variables = variables | {"NEWER_VERSIONS": str(tmp_path / "versions")}
    one, other = hubs_on(own_engines, tmp_path, 2)
    next_one = HubProcess(tmp_path / "data", module="tests.faults.newer", **next_variables)
    async with one, other, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        async with (
            Follower([one.url, other.url, next_one.url], agency.ana, room) as ana,
            Follower([other.url, next_one.url, one.url], agency.client, room) as clara,
            Caller([one.url, other.url, next_one.url], agency.mihai, room) as mihai,
        ):
            async with posting(ana, clara, mihai, pause_seconds=0.02) as load:
                await load.more(30)
                migrating = asyncio.create_task(hub("migrate", tmp_path, next_variables))
                await amid_a_long_read(database, load)
                assert "migration_waits" in await migrating
                assert not mihai.retried, "old hubs took no notice"
                await load.more(30)

                assert await asyncio.to_thread(one.stop) == 0
                async with next_one:
                    await load.more(60)
                    one.start()
                    await one.wait_until_ready()
                    await load.more(60)
                    assert await newer(own_engines.database_url)
                    assert "newer" in await hub("doctor", tmp_path, variables)
            await check(database, room, [mihai], [ana, clara])


async def hub(command: str, folder: Path, variables: dict[str, str]) -> str:
    """This is what a command of a hub's says; of the next version's where that is what the variables are for."""
    module = "tests.faults.newer" if "NEWER_VERSIONS" in variables else "hub.main"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, command, "--data-dir", str(folder / "data")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"COLUMNS": "200"} | variables,
    )
    said, _nothing = await process.communicate()
    return said.decode()


async def amid_a_long_read(database: Database, load: Load) -> None:
    """Read a table until the migration has waited for it once, and given way to those behind it."""
    async with database.engine.connect() as connection:
        await connection.execute(text("select count(*) from messages"))
        async with asyncio.timeout(PATIENT_SECONDS):
            while not await _somebody_waits(database):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            while await _somebody_waits(database):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await load.more(30)


async def _somebody_waits(database: Database) -> bool:
    waiting = "select exists (select from pg_locks where not granted and mode = 'AccessExclusiveLock')"
    async with database.reading() as tx:
        return bool(await tx.scalar(text(waiting)))
