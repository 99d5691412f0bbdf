"""Presence: who is here is known in the rooms that they are in, on every node, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import orjson
import pytest

from hub.contract.classes import THINGS
from hub.gateway import presences
from hub.parts import FOLDING, ROOM_PARTS
from hub.settings import Settings
from presence import connections
from rooms.pictures import Pictures
from store.database import Database
from tests.faults.crowds import open_crowd
from tests.fold import fold
from tests.hub.agencies import Agency, open_agency, open_room
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, running_node
from tests.stages import staged


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "GRACE_SECONDS", 0.3)


agency = staged(open_agency)


@pytest.fixture
async def node(settings: Settings, agency: Agency) -> AsyncIterator[Node]:
    async with running_node(settings) as node:
        agency.commands = node.commands
        yield node


@pytest.fixture
async def other_node(settings: Settings, node: Node) -> AsyncIterator[Node]:
    async with running_node(settings) as other:
        yield other


async def sees(client: Client, person_id: object, state: str) -> None:
    """Wait until a client was told how someone is."""
    presence = {"id": str(person_id), "state": state}
    await client.until(lambda: presence in [event["presence"] for event in client.named("presence.changed")])


@pytest.mark.parametrize("where", ["same node", "another node"])
async def test_coming_and_going_is_told_to_the_room(node: Node, other_node: Node, agency: Agency, where: str) -> None:
    url = node.url if where == "same node" else other_node.url
    async with in_room(node.url, agency.client, agency.room_id) as clara:
        async with connected(url, agency.ana) as ana:
            await sees(clara, agency.ana.id, "online")
            assert await ana.send("presence.set", {"state": "away"}) == {"ok": True}
            await sees(clara, agency.ana.id, "away")
        await sees(clara, agency.ana.id, "offline")
        (first, *_rest) = clara.named("presence.changed")
        assert (first["at"], first["room_id"]) == (None, agency.room_id)


async def test_a_snapshot_says_who_of_the_room_is_here(
    database: Database, node: Node, other_node: Node, agency: Agency
) -> None:
    async with (
        in_room(node.url, agency.mihai, agency.room_id) as mihai,
        connected(other_node.url, agency.ana),
        connected(node.url, agency.admin) as irina,
    ):
        await sees(mihai, agency.ana.id, "online")
        entered = await irina.enter(agency.room_id)
        here = {presence["id"] for presence in entered["snapshot"]["presences"] if presence["state"] == "online"}
        assert {str(agency.ana.id), str(agency.mihai.id)} <= here
        assert str(agency.client.id) not in here
        picture = await Pictures(database, ROOM_PARTS, FOLDING).seen(agency.admin.actor, UUID(agency.room_id))
        on_its_page = orjson.loads(orjson.dumps(node.gateway.presences(picture.at, picture.members)))
        assert {presence["id"] for presence in on_its_page["presences"]} == here


async def test_a_client_learns_of_nobody_outside_their_rooms(node: Node, agency: Agency) -> None:
    elsewhere = await open_room(agency, "Elsewhere", [str(agency.mihai.id)])
    await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.mihai.id)
    async with (
        in_room(node.url, agency.client, agency.room_id) as clara,
        in_room(node.url, agency.admin, elsewhere) as irina,
    ):
        async with connected(node.url, agency.mihai):
            await sees(irina, agency.mihai.id, "online")
        await sees(irina, agency.mihai.id, "offline")
        assert str(agency.mihai.id) not in str(clara.heard)


async def test_a_reload_is_nobodys_business(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.client, agency.room_id) as clara:
        async with connected(node.url, agency.ana):
            await sees(clara, agency.ana.id, "online")
        async with connected(node.url, agency.ana):
            async with connected(node.url, agency.mihai):
                await sees(clara, agency.mihai.id, "online")
            await sees(clara, agency.mihai.id, "offline")
        states = [e["presence"]["state"] for e in clara.named("presence.changed") if str(agency.ana.id) in str(e)]
        assert states == ["online"]


async def test_who_is_added_to_a_room_is_seen_there(node: Node, agency: Agency) -> None:
    room_id = await open_room(agency, "Another", [])
    async with in_room(node.url, agency.admin, room_id) as irina, connected(node.url, agency.ana):
        await agency.run(agency.admin, "member.add", room_id=room_id, person_id=str(agency.ana.id))
        await sees(irina, agency.ana.id, "online")


async def test_many_who_come_at_a_time_are_told_together(
    node: Node, agency: Agency, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presences, "GATHER_SECONDS", 2.0)
    crowd = await open_crowd(database, agency, 8)
    async with in_room(node.url, agency.client, agency.room_id) as clara, AsyncExitStack() as stack:
        await sees(clara, agency.client.id, "online")
        coming = (connected(node.url, None, token=someone.token) for someone in crowd)
        await asyncio.gather(*map(stack.enter_async_context, coming))
        here = {someone.id: "online" for someone in crowd}
        await clara.until(lambda: seen_by(clara).items() >= here.items())
        assert clara.named("presences.changed")
        assert len(clara.heard) < len(crowd)
        snapshot = (await clara.enter(agency.room_id))["snapshot"]
        assert {form["id"]: form["state"] for form in snapshot["presences"]}.items() >= here.items()


def seen_by(client: Client) -> dict[str, str]:
    """How a client sees who is here, by what it was told."""
    folded = fold({}, [payload for _name, payload in client.heard], THINGS)
    return {form["id"]: form["state"] for form in folded.get("presences", [])}


async def test_people_of_a_node_that_falls_silent_vanish(
    node: Node, other_node: Node, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TELL_SECONDS", 0.1)
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.5)
    await node.gateway.presence.stop()
    await node.gateway.presence.start()
    async with in_room(node.url, agency.client, agency.room_id) as clara, connected(other_node.url, agency.ana):
        await sees(clara, agency.ana.id, "online")
        other_node.bus.publish = lambda channel, payload: None  # type: ignore[method-assign]
        await sees(clara, agency.ana.id, "offline")
