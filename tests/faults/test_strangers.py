"""What nobody planned: connections are ended and Redis is emptied by somebody else's hand, a hub stands still."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from store.engines import EmbeddedEngines
from tests.databases import owner_of
from tests.faults.scenes import Scene, busy_room

STILL_SECONDS = 8.0
LOCKED_SECONDS = 6.0


async def all_backends_are_ended(scene: Scene) -> None:
    async with owner_of(scene.engines.database_url) as connection:
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
    async with owner_of(scene.engines.database_url) as connection, connection.transaction():
        await connection.execute("lock table logs in access exclusive mode")
        await asyncio.sleep(LOCKED_SECONDS)


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
    async with busy_room(own_engines, tmp_path) as scene:
        await scene.load.more(40)
        for _time in range(2):
            await done(scene)
            await scene.load.more(40)
