"""Order: everyone hears a room's log in one order, each event once, whatever node they are on and however they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest
from socketio.exceptions import ConnectionError as NotConnected
from sqlalchemy import select, update

from commands.runner import Commands
from hub import relay
from hub.settings import Settings
from rooms.lenses import audiences_of
from store.database import Database
from store.streams import Log
from tests.hub.agencies import Agency, Person, open_agency
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, meanwhile, running_node
from tests.patience import PATIENT_SECONDS, promised
from tests.reads import read_log


def posting(agency: Agency, *nodes: Node, audiences: tuple[str, ...] = ("all",)) -> AbstractAsyncContextManager[None]:
    """Meanwhile messages are posted on all of these nodes."""

    async def post(commands: Commands, person: Person, nr: int) -> None:
        fields = {"room_id": agency.room_id, "body": f"{nr}", "audience": audiences[nr % len(audiences)]}
        await commands.run(person.actor, "message.post", fields)

    people = (agency.ana, agency.mihai)
    return meanwhile(*(partial(post, node.commands, person) for node in nodes for person in people))


async def whole_log(node: Node, agency: Agency, lens: Any = "manager") -> list[tuple[str, int]]:
    async with node.database.reading() as tx:
        events = await read_log(tx, f"room:{agency.room_id}", 0, 100_000, audiences_of(lens))
    return [(event.name, event.offset or 0) for event in events]


def stored(events: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, int]]:
    return [(name, payload["at"]["offset"]) for name, payload in events if payload.get("at")]


async def test_two_nodes_tell_one_order(node: Node, other_node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(other_node.url, agency.mihai, agency.room_id) as mihai,
        in_room(other_node.url, agency.client, agency.room_id) as clara,
    ):
        start = len(await whole_log(node, agency))
        async with posting(agency, node, other_node, audiences=("all", "team", "all")):
            await clara.until(lambda: len(clara.bodies()) > 150)
        logged = await whole_log(node, agency)
        last = logged[-1][1]
        for client in (ana, mihai):
            await client.hears_up_to(last)
            assert stored(client.heard) == logged[start:]
        shown = await whole_log(node, agency, "client")
        await clara.until(lambda: clara.offsets()[-1] == shown[-1][1])
        assert stored(clara.heard) == [event for event in shown if event[1] > start]


async def test_entering_amid_posting_leaves_nothing_out_and_tells_nothing_twice(
    node: Node, other_node: Node, agency: Agency
) -> None:
    async with posting(agency, node, other_node), connected(other_node.url, agency.client) as clara:
        for _nr in range(25):
            clara.heard.clear()
            at = (await clara.enter(agency.room_id))["at"]["offset"]
            await clara.hears_each_from(at)


async def test_resuming_amid_posting_gives_exactly_what_was_missed(
    node: Node, other_node: Node, agency: Agency
) -> None:
    async with posting(agency, node, other_node, audiences=("all", "team")):
        async with in_room(node.url, agency.client, agency.room_id) as clara:
            await clara.until(lambda: len(clara.bodies()) > 5)
        seen = stored(clara.heard)
        at = clara.at
        for nr in range(15):
            async with connected((node, other_node)[nr % 2].url, agency.client) as again:
                answer = await again.enter(agency.room_id, epoch=at["epoch"], after=at["offset"])
                seen += stored([(event["name"], event) for event in answer["events"]])
                await again.hears_all("message.posted", 3)
            seen += stored(again.heard)
            at = again.at
    shown = await whole_log(node, agency, "client")
    assert seen == [event for event in shown if seen[0][1] <= event[1] <= seen[-1][1]]


@asynccontextmanager
async def deaf_to_each_other(settings: Settings, agency: Agency) -> AsyncIterator[tuple[Node, Client]]:
    """A node, and a client who is in the room at another. Each has a Redis that isn't there: what the one commits comes
    to the other by the log alone; all of it has come at the end."""
    deaf = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with (
        running_node(deaf) as node,
        running_node(deaf) as other,
        in_room(other.url, agency.client, agency.room_id) as clara,
    ):
        start = len(await whole_log(node, agency))
        yield node, clara
        assert stored(clara.heard) == (await whole_log(node, agency))[start:]


async def test_nodes_that_hear_nothing_of_each_other_still_tell_all(settings: Settings, agency: Agency) -> None:
    async with deaf_to_each_other(settings, agency) as (node, clara):
        for nr in range(40):
            await node.commands.run(agency.ana.actor, "message.post", {"room_id": agency.room_id, "body": f"{nr}"})
        await clara.hears_all("message.posted", 40, seconds=promised(2))


async def test_many_long_texts_come_by_the_log_in_parts(
    settings: Settings, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "READ_BYTES_AT_ONCE", 100_000)
    async with deaf_to_each_other(settings, agency) as (node, clara):
        for nr in range(12):
            fields = {"room_id": agency.room_id, "body": f"{nr} {'ș' * 19_000}"}
            await node.commands.run(agency.ana.actor, "message.post", fields)
        await clara.hears_all("message.posted", 12)


async def test_who_missed_too_much_text_comes_in_anew(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.client, agency.room_id) as clara:
        at = (await clara.enter(agency.room_id))["at"]
        for nr in range(3):
            await agency.post(agency.ana, f"{nr} {'ș' * 19_000}")
        again = await clara.enter(agency.room_id, epoch=at["epoch"], after=at["offset"])
        assert [event["message"]["body"][0] for event in again["events"]] == ["0", "1", "2"]
        for nr in range(3, 40):
            await agency.post(agency.ana, f"{nr} {'ș' * 19_000}")
        again = await clara.enter(agency.room_id, epoch=at["epoch"], after=at["offset"])
        assert "events" not in again
        assert again["snapshot"]["earlier_messages"] is True
        assert again["snapshot"]["messages"][-1]["body"].startswith("39 ")


async def test_a_new_epoch_has_everyone_come_in_anew(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.ana, agency.room_id, reconnection=True) as ana:
        came = asyncio.Event()
        ana._io.on("connect", came.set)
        async with node.database.transaction() as tx:
            await tx.execute(update(Log).where(Log.stream == f"room:{agency.room_id}").values(epoch="new"))
        async with asyncio.timeout(PATIENT_SECONDS):
            await came.wait()
        answer = await ana.enter(agency.room_id, epoch="old", after=1)
        assert answer["at"]["epoch"] == "new"
        assert "snapshot" in answer
        await agency.post(agency.ana, "after the restore")
        assert (await ana.hears("message.posted"))["at"]["epoch"] == "new"


async def test_a_node_that_stops_sends_its_people_to_another(settings: Settings, node: Node, agency: Agency) -> None:
    async with running_node(settings) as leaving:
        clara = Client(agency.client)
        await clara.connect(leaving.url)
        await clara.enter(agency.room_id)
        await agency.post(agency.ana, "before")
        at = (await clara.hears("message.posted"))["at"]
        async with posting(agency, node):
            await leaving.gateway.drain()
            await clara.until(lambda: not clara.connected)
            refused = Client(agency.client)
            with pytest.raises(NotConnected):
                await refused.connect(leaving.url)
            await refused.disconnect()
            seen = stored(clara.heard)
            at = clara.at
            async with connected(node.url, agency.client) as again:
                answer = await again.enter(agency.room_id, epoch=at["epoch"], after=at["offset"])
                await again.until(lambda: len(again.bodies()) > 5)
            seen += stored([(event["name"], event) for event in answer["events"]]) + stored(again.heard)
        assert [offset for _name, offset in seen] == list(range(seen[0][1], seen[0][1] + len(seen)))
        await clara.disconnect()


async def test_a_running_command_is_acknowledged_before_its_node_stops(settings: Settings, database: Database) -> None:
    agency = await open_agency(database)
    patient = settings.model_copy(update={"drain_seconds": 30})  # it ends when the command has, however busy all is
    async with running_node(patient) as node, in_room(node.url, agency.ana, agency.room_id) as ana:
        async with node.database.transaction() as tx:
            lock = select(Log).where(Log.stream == f"room:{agency.room_id}")
            await tx.execute(lock.with_for_update())
            posting = asyncio.create_task(ana.send("message.post", {"room_id": agency.room_id, "body": "waits"}))
            while node.gateway._requests.running == 0:  # noqa: ASYNC110
                await asyncio.sleep(0)
            draining = asyncio.create_task(node.gateway.drain())
            await asyncio.sleep(0)
        assert (await posting)["ok"]
        await draining
        await ana.until(lambda: not ana.connected)
