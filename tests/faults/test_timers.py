"""Timers under load: each start and stop is seen by the manager and by the client at once, on every node."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency, open_room
from tests.patience import promised

TIMES = 20
WITHIN_SECONDS = promised(1.0)

logger = logging.getLogger(__name__)


async def test_cc95_cc96_a_start_and_a_stop_reach_manager_and_client_amid_load(
    own_engines: EmbeddedEngines, tmp_path: Path
) -> None:
    near, far = hubs_on(own_engines, tmp_path, 2)
    async with near, far, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        elsewhere = await open_room(agency, "Elsewhere", [str(agency.mihai.id), str(agency.client.id)])
        async with (
            Follower([near.url], agency.ana, room) as ana,
            Follower([far.url], agency.admin, room) as irina,
            Follower([far.url], agency.client, room) as clara,
            Follower([near.url], agency.mihai, elsewhere) as mihai,
            Follower([far.url], agency.client, elsewhere) as also_clara,
            Caller([far.url], agency.admin, room) as bot,
        ):
            waits: list[float] = []
            async with posting(bot, mihai, also_clara, pause_seconds=0.01) as load:
                await load.more(50)
                for nr in range(TIMES):
                    for name, fields in (("timer.start", {"room_id": room, "note": f"{nr}"}), ("timer.stop", {})):
                        entry = (await ana.run(name, **fields))["id"]
                        waits.append(await seen_by_both(irina, clara, entry, stopped=name == "timer.stop"))
                await load.more(50)
            logger.info("seen at most %.2f s after the answer", max(waits))
            assert max(waits) < WITHIN_SECONDS
            await check(database, room, [bot], [ana, irina, clara])
            await check(database, elsewhere, [], [mihai, also_clara])


async def seen_by_both(irina: Follower, clara: Follower, entry: str, *, stopped: bool) -> float:
    """How long after now the manager's screen and the client's show an entry so."""
    began = time.monotonic()
    for follower in (irina, clara):
        await follower.until(shows(follower, entry, stopped=stopped))
    return time.monotonic() - began


def shows(follower: Follower, entry: str, *, stopped: bool) -> Callable[[], bool]:
    def shown() -> bool:
        entries: list[dict[str, Any]] = follower.state["entries"]
        return any(form["id"] == entry and (form["stopped_at"] is not None) == stopped for form in entries)

    return shown
