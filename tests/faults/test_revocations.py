"""Rights that end in the middle of a burst: nothing that comes after the end is heard, on any node."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from hub.settings import Settings
from people.signing.sessions import Session
from store.database import Database
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.hub.agencies import Agency, open_agency
from tests.hub.nodes import Node, running_node
from tests.patience import promised
from tests.stages import staged

WITHIN_SECONDS = promised(5.0)


agency = staged(open_agency)


@pytest.fixture
async def nodes(settings: Settings) -> AsyncIterator[list[Node]]:
    """Two that hear each other, and one whose Redis isn't there."""
    deaf = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with running_node(settings) as one, running_node(settings) as other, running_node(deaf) as third:
        yield [one, other, third]


async def test_who_is_removed_amid_a_burst_hears_nothing_of_the_rest(nodes: list[Node], agency: Agency) -> None:
    room = agency.room_id
    claras = [Follower([node.url], agency.client, room) for node in nodes]
    async with (
        claras[0],
        claras[1],
        claras[2],
        Follower([nodes[0].url], agency.ana, room) as ana,
        Follower([nodes[1].url], agency.mihai, room) as mihai,
    ):
        async with posting(ana, mihai, pause_seconds=0) as load:
            await load.more(100)
            await agency.run(agency.admin, "member.remove", room_id=room, person_id=agency.client.id)
            removed_at = time.monotonic()
            while not all(clara.closed_by for clara in claras):
                assert time.monotonic() - removed_at < WITHIN_SECONDS
                await asyncio.sleep(0.01)
            await load.more(50)
        await check(nodes[0].database, room, [], [ana, mihai, *claras])
        assert {clara.closed_by for clara in claras} == {"room.closed"}


async def test_whose_session_ends_amid_a_burst_is_out_everywhere(
    nodes: list[Node], agency: Agency, database: Database
) -> None:
    room = agency.room_id
    claras = [Follower([node.url], agency.client, room) for node in nodes]
    async with claras[0], claras[1], claras[2], Follower([nodes[0].url], agency.ana, room) as ana:
        async with posting(ana, pause_seconds=0) as load:
            await load.more(50)
            async with database.transaction() as tx:
                await tx.execute(update(Session).where(Session.person_id == agency.client.id).values(ended_at=tx.now))
            ended_at = time.monotonic()
            while not all(clara.closed_by for clara in claras):
                assert time.monotonic() - ended_at < WITHIN_SECONDS
                await asyncio.sleep(0.01)
            heard = [len(clara.told) for clara in claras]
            await load.more(50)
        await check(database, room, [], [ana, *claras])
        assert [len(clara.told) for clara in claras] == heard
