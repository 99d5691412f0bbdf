"""Nodes whose clocks are five minutes apart: the log's order holds, and nobody's time runs backwards."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from hub.settings import Settings
from rooms.time.entries import TimeEntry
from store.database import Database
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import set_clock
from tests.hub.agencies import Agency, open_agency
from tests.hub.nodes import Node, running_node
from tests.stages import staged

APART = timedelta(minutes=5)


agency = staged(open_agency)


@pytest.fixture
async def nodes(settings: Settings) -> AsyncIterator[tuple[Node, Node]]:
    """The second one's clock is five minutes behind the first one's."""
    async with running_node(settings) as right, running_node(settings) as behind:
        set_clock(behind.database, -APART)
        yield right, behind


async def test_the_log_s_order_is_its_own_not_the_clocks_(nodes: tuple[Node, Node], agency: Agency) -> None:
    room = agency.room_id
    async with (
        Follower([nodes[0].url], agency.ana, room) as ana,
        Follower([nodes[1].url], agency.mihai, room) as mihai,
        Follower([nodes[1].url], agency.client, room) as clara,
    ):
        async with posting(ana, mihai) as load:
            await load.more(60)
        await check(nodes[0].database, room, [], [ana, mihai, clara])


async def test_a_clock_set_back_and_on_amid_a_burst_changes_nothing(nodes: tuple[Node, Node], agency: Agency) -> None:
    room = agency.room_id
    async with (
        Follower([nodes[0].url], agency.ana, room) as ana,
        Follower([nodes[1].url], agency.mihai, room) as mihai,
        Follower([nodes[0].url], agency.client, room) as clara,
    ):
        async with posting(ana, mihai) as load:
            for apart in (timedelta(), -APART, APART):
                set_clock(nodes[0].database, apart)
                nodes[0].gateway._rights.look()
                await load.more(30)
            async with Follower([nodes[0].url], agency.admin, room) as irina:
                await load.more(10)
        await check(nodes[0].database, room, [], [ana, mihai, clara])
        assert not any(follower.away_seconds or follower.closed_by for follower in (ana, mihai, clara, irina))


async def test_a_timer_stopped_by_a_clock_behind_is_no_negative_time(
    nodes: tuple[Node, Node], agency: Agency, database: Database
) -> None:
    right, behind = nodes
    started = await right.commands.run(agency.ana.actor, "timer.start", {"room_id": agency.room_id})
    await behind.commands.run(agency.ana.actor, "timer.stop", {})
    await right.commands.run(agency.ana.actor, "timer.start", {"room_id": agency.room_id})
    await behind.commands.run(agency.ana.actor, "timer.start", {"room_id": agency.room_id, "note": "switched"})
    await right.commands.run(agency.ana.actor, "timer.stop", {})
    async with database.reading() as tx:
        entries = list(await tx.scalars(select(TimeEntry).where(TimeEntry.person_id == agency.ana.id)))
    assert UUID(started.result["id"]) in {entry.id for entry in entries}
    assert all(entry.stopped_at is not None and entry.started_at <= entry.stopped_at for entry in entries)
