"""The installation's stream, and what moving a business does to open sockets, on every node, with Redis or without."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from hub.settings import Settings
from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from store.database import Database
from tests.hub.agencies import Agency, Person
from tests.hub.clients import connected
from tests.hub.nodes import Node, running_node
from tests.patience import promised
from tests.reads import actor_of

WITHIN_SECONDS = promised(5.0)


@pytest.fixture
async def root(database: Database) -> Person:
    async with database.transaction() as tx:
        id = await add_superadmin(tx, "Rada", "rada@atrium.example", "grey heron over water")
        return Person(*await open_session(tx, id, address="127.0.0.1", agent="test"))


@pytest.fixture
async def deaf_node(settings: Settings) -> AsyncIterator[Node]:
    """A node whose Redis isn't there."""
    async with running_node(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})) as node:
        yield node


async def test_superadmins_hear_the_installation_and_nobody_else(
    node: Node, deaf_node: Node, agency: Agency, root: Person
) -> None:
    for who in (agency.admin, agency.ana, agency.client):
        async with connected(node.url, who) as client:
            answer = await client.send("stream.enter", {"stream": "installation"})
            assert answer["error"]["code"] == "forbidden"
    async with connected(node.url, root) as here, connected(deaf_node.url, root) as there:
        for client in (here, there):
            entered = await client.send("stream.enter", {"stream": "installation"})
            assert entered["snapshot"]["installation"]["name"] == "Atrium"
        await agency.run(root, "installation.change", name="Hof")
        for client in (here, there):
            told = await client.hears("installation.changed", WITHIN_SECONDS)
            assert told["installation"]["name"] == "Hof"


async def test_a_moved_business_is_lost_on_open_sockets(
    node: Node, deaf_node: Node, agency: Agency, root: Person, database: Database
) -> None:
    child, parent = str(agency.admin.actor.business_id), str(agency.outsider.actor.business_id)
    await agency.run(root, "business.move", business_id=child, parent_id=parent)
    await agency.run(agency.outsider, "business.enter", business_id=child)
    async with connected(node.url, agency.outsider) as here, connected(deaf_node.url, agency.outsider) as there:
        for client in (here, there):
            await client.enter(agency.room_id)
            assert (await client.send("stream.enter", {"stream": "business"}))["ok"]
        await agency.run(root, "business.move", business_id=child, parent_id=None)
        for client in (here, there):
            assert (await client.hears("room.closed", WITHIN_SECONDS))["room_id"] == agency.room_id
            assert (await client.hears("stream.closed", WITHIN_SECONDS))["stream"] == f"business:{child}"
            answer = await client.send("message.post", {"room_id": agency.room_id, "body": "still here?"})
            assert answer["error"]["code"] == "not_found"
    async with database.reading() as tx:
        actor = await actor_of(tx, agency.outsider.token)
    assert actor
    assert actor.business_id == UUID(parent)


async def test_going_into_another_business_closes_the_former_s_rooms(node: Node, agency: Agency, root: Person) -> None:
    child, parent = str(agency.admin.actor.business_id), str(agency.outsider.actor.business_id)
    await agency.run(root, "business.move", business_id=child, parent_id=parent)
    async with connected(node.url, agency.outsider) as boss:
        assert (await boss.send("business.enter", {"business_id": child}))["ok"]
        await boss.enter(agency.room_id)
        assert (await boss.send("business.enter", {"business_id": parent}))["ok"]
        await boss.hears("room.closed", WITHIN_SECONDS)
