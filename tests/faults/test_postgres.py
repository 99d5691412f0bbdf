"""PostgreSQL restarts, in order or not at all: nobody is told yes for what isn't there afterwards, and all goes on."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from store.engines import EmbeddedEngines
from tests.faults.scenes import busy_room
from tests.patience import promised

HEALED_SECONDS = promised(10.0)

HOW = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "killed": signal.SIGKILL}


@pytest.mark.parametrize("how", [pytest.param("fast", marks=pytest.mark.faults_long), "immediate", "killed"])
async def test_postgres_restarts_under_load(own_engines: EmbeddedEngines, tmp_path: Path, how: str) -> None:
    async with busy_room(own_engines, tmp_path) as scene:
        await scene.load.more(60)
        for _time in range(2):
            before = own_engines.postgres.pid
            assert before
            os.kill(before, HOW[how])
            while own_engines.postgres.pid in {None, before}:  # noqa: ASYNC110 - its keeper starts it again
                await asyncio.sleep(0.01)
            await asyncio.to_thread(own_engines.postgres.wait_until_ready)
            back_at = time.monotonic()
            await scene.load.more(30)
            assert time.monotonic() - back_at < HEALED_SECONDS
