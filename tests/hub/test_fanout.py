"""Fan-out: what is told in one turn of the loop leaves together, and is heard as if it had been told alone."""

from functools import partial

import pytest

from hub.gateway.fanout import GATHERED_AT_MOST
from hub.gateway.fanout import Client as Listener
from hub.settings import Settings
from hub.sockets.packets import PackedEvent, event_data
from tests.hub.agencies import Agency, Person
from tests.hub.clients import Client, in_room
from tests.hub.nodes import Node, running_node


async def test_what_is_told_together_is_heard_in_order_by_whom_it_is_for(node: Node, agency: Agency) -> None:
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(node.url, agency.mihai, agency.room_id) as mihai,
        in_room(node.url, agency.client, agency.room_id) as clara,
    ):
        by_ana, by_mihai = _client(node, agency.ana), _client(node, agency.mihai)
        _tell(node, agency, 1, by=by_ana)
        _tell(node, agency, 2, audience="team", by=by_mihai)
        _tell(node, agency, 3, by=by_mihai)
        _tell(node, agency, 4, audience="managers")
        _tell(node, agency, 5)
        for client in (ana, mihai, clara):
            await client.until(partial(_has_heard, client, 5))
        assert _heard(ana) == [2, 3, 5]
        assert _heard(mihai) == [1, 5]
        assert _heard(clara) == [1, 3, 5]


async def test_what_is_stored_keeps_its_place_among_what_is_told(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        _tell(node, agency, 1)
        node.gateway.fanout.deliver(_event(agency, 2, offset=1_000))
        _tell(node, agency, 3)
        await ana.until(lambda: 3 in _heard(ana))
        assert _heard(ana) == [1, 2, 3]


async def test_who_leaves_was_told_what_came_before(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        _tell(node, agency, 1)
        assert node.gateway.fanout.leave(_client(node, agency.ana), f"room:{agency.room_id}")
        _tell(node, agency, 2)
        await ana.send("room.leave", {"room_id": agency.room_id})
        assert _heard(ana) == [1]


# Python's client takes 16 packets of one poll.
@pytest.mark.parametrize(
    ("transports", "count"),
    [(["websocket"], 3 * GATHERED_AT_MOST + 1), (["polling"], 15), (["polling", "websocket"], 15)],
)
async def test_what_is_told_together_comes_by_every_transport(
    settings: Settings, agency: Agency, transports: list[str], count: int
) -> None:
    async with running_node(settings.model_copy(update={"polling": True})) as node:
        ana = Client(agency.ana)
        await ana.connect(node.url, transports=transports)
        try:
            await ana.enter(agency.room_id)
            for nr in range(count):
                _tell(node, agency, nr)
            await ana.until(lambda: len(_heard(ana)) == count)
            assert _heard(ana) == list(range(count))
        finally:
            await ana.disconnect()


def _tell(node: Node, agency: Agency, nr: int, *, audience: str = "all", by: Listener | None = None) -> None:
    node.gateway.fanout.deliver(_event(agency, nr, audience=audience), but=by)


def _event(agency: Agency, nr: int, *, audience: str = "all", offset: int | None = None) -> PackedEvent:
    return PackedEvent(f"room:{agency.room_id}", "e", offset, "told", audience, event_data("told", {"nr": nr}))


def _client(node: Node, person: Person) -> Listener:
    return next(client for client in node.gateway.clients if client.actor.id == person.id)


def _has_heard(client: Client, nr: int) -> bool:
    return nr in _heard(client)


def _heard(client: Client) -> list[int]:
    return [payload["nr"] for payload in client.named("told")]
