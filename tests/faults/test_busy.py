"""A machine that is busy is no database that is gone: who waits is answered, only later."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller, bodies
from tests.faults.machines import agency_at, hubs_on
from tests.hubs import HubProcess


def a_hub(hub: HubProcess, _engines: EmbeddedEngines) -> list[psutil.Process]:
    """As when something holds its loop, and nobody tells it that the time isn't its own."""
    assert hub.process
    return [psutil.Process(hub.process.pid)]


def postgres(_hub: HubProcess, engines: EmbeddedEngines) -> list[psutil.Process]:
    postmaster = psutil.Process(engines.postgres.pid)
    return [*postmaster.children(recursive=True), postmaster]


@pytest.mark.parametrize(("who", "still_seconds"), [(a_hub, 6.0), (postgres, 3.0)])
async def test_who_waits_while_something_stands_still_is_answered_rightly(
    own_engines: EmbeddedEngines,
    tmp_path: Path,
    who: Callable[[HubProcess, EmbeddedEngines], list[psutil.Process]],
    still_seconds: float,
) -> None:
    (hub,) = hubs_on(own_engines, tmp_path, 1)
    async with (
        hub,
        agency_at(own_engines.database_url) as agency,
        Caller([hub.url], agency.ana, agency.room_id) as caller,
    ):
        await caller.post("before")
        still = who(hub, own_engines)
        texts = [str(number) for number in range(40)]
        asked = asyncio.gather(*(caller.try_once("message.post", room_id=caller.room_id, body=text) for text in texts))
        await asyncio.sleep(0.05)  # some are under way, some not yet
        for process in still:
            process.suspend()
        try:
            await asyncio.sleep(still_seconds)
        finally:
            for process in still:
                process.resume()
        assert await asked == [200] * len(texts)
        assert sorted(bodies(await caller.log())) == sorted(["before", *texts])
        assert ('"event": "loop_held"' in hub.log.read_text()) >= (who is a_hub)
