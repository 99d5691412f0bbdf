"""What nobody planned: connections are ended and Redis is emptied by somebody else's hand, a hub stands still."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import Load, posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency
from tests.hubs import HubProcess

STILL_SECONDS = 8.0
LOCKED_SECONDS = 6.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Scene:
    """What a stranger can lay hands on."""

    hubs: list[HubProcess]
    engines: EmbeddedEngines
    load: Load


async def all_backends_are_ended(scene: Scene) -> None:
    async with psql(scene) as connection:
        ended = await connection.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity "
            "where usename = session_user and pid <> pg_backend_pid()"
        )
        assert ended > 2


async def redis_forgets_and_hangs_up(scene: Scene) -> None:
    async with Redis.from_url(scene.engines.redis_url) as redis:
        await redis.flushall()
        for kind in ("pubsub", "normal"):
            await redis.client_kill_filter(_type=kind, skipme=True)


async def redis_has_no_memory_left(scene: Scene) -> None:
    async with Redis.from_url(scene.engines.redis_url) as redis:
        await redis.config_set("maxmemory", "1")
        await scene.load.more(30)
        await redis.config_set("maxmemory", "0")


async def a_hub_stands_still(scene: Scene) -> None:
    """As on a machine that is put to sleep: its clients go on at the other, and it finds its way when it wakes."""
    process = scene.hubs[0].process
    assert process
    os.kill(process.pid, signal.SIGSTOP)
    await asyncio.sleep(STILL_SECONDS)
    os.kill(process.pid, signal.SIGCONT)


async def a_stranger_locks_the_logs(scene: Scene) -> None:
    """For longer than a command waits."""
    async with psql(scene) as connection, connection.transaction():
        await connection.execute("lock table logs in access exclusive mode")
        await asyncio.sleep(LOCKED_SECONDS)


@asynccontextmanager
async def psql(scene: Scene) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(scene.engines.database_url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


DONE = [
    all_backends_are_ended,
    redis_forgets_and_hangs_up,
    pytest.param(redis_has_no_memory_left, marks=pytest.mark.faults_long),
    pytest.param(a_hub_stands_still, marks=pytest.mark.faults_long),
    pytest.param(a_stranger_locks_the_logs, marks=pytest.mark.faults_long),
]


@pytest.mark.parametrize("done", DONE)
async def test_what_a_stranger_does_loses_nothing(
    own_engines: EmbeddedEngines, tmp_path: Path, done: Callable[[Scene], Awaitable[None]]
) -> None:
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
                await load.more(40)
                for _time in range(2):
                    await done(Scene([near, far], own_engines, load))
                    await load.more(40)
            logger.info("away at most %.1f s", max([*ana.away_seconds, *clara.away_seconds, 0]))
            await database.engine.dispose()  # its connections may have been ended, too
            await check(database, room, [mihai], [ana, clara])
