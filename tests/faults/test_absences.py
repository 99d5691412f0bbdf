"""People who were away: what they missed comes exactly, or all of it afresh.

Time is simulated by the clock of those who wrote meanwhile.
"""

import asyncio
from datetime import timedelta

import pytest

from hub import relay
from hub.gateway import streams
from hub.settings import Settings
from store.database import Database
from tests.faults.followers import SNAPSHOT, Follower
from tests.faults.histories import check
from tests.faults.machines import set_clock
from tests.hub.agencies import Agency, open_agency
from tests.hub.nodes import Node, running_node

MISSED = 150


@pytest.mark.parametrize(
    ("away", "bounds", "afresh"),
    [
        pytest.param(timedelta(seconds=5), {}, False, id="5 seconds"),
        pytest.param(timedelta(minutes=9), {}, False, id="9 minutes"),
        pytest.param(timedelta(hours=2), {}, False, id="2 hours"),
        pytest.param(timedelta(hours=2), {"TOLD_AT_MOST": MISSED - 1}, True, id="2 hours, and too much to tell singly"),
        pytest.param(timedelta(hours=2), {"TOLD_BYTES_AT_MOST": MISSED}, True, id="2 hours, and too large to tell"),
    ],
)
async def test_who_was_away_misses_nothing(
    settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    away: timedelta,
    bounds: dict[str, int],
    afresh: bool,
) -> None:
    monkeypatch.setattr(relay, "LINGER_SECONDS", 0.05)
    for name, bound in bounds.items():
        monkeypatch.setattr(streams, name, bound)
    set_clock(database, -away)
    agency = await open_agency(database)
    async with running_node(settings) as node:
        clara = Follower([node.url], agency.client, agency.room_id)
        async with clara:
            await post(agency, clara, "seen")
            await clara.until(lambda: clara.bodies() == ["seen"])
        for nr in range(MISSED):
            await post(agency, clara, f"{nr}")
            await agency.run(agency.admin, "process.change", process_id=clara.state["process"]["id"], name=f"{nr}")
        await forgotten(node, agency)
        async with clara:
            await check(database, agency.room_id, [], [clara])
            assert [told.name for told in clara.told].count(SNAPSHOT) == 1 + afresh


async def post(agency: Agency, clara: Follower, body: str) -> None:
    clara.asked.append(body)
    await agency.post(agency.ana, body)
    clara.acknowledged.append(body)


async def forgotten(node: Node, agency: Agency) -> None:
    """Wait until the node no longer follows the room, so that all must come from the log."""
    while f"room:{agency.room_id}" in node.gateway.relay._cursors:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
