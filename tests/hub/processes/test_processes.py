"""A process's stream: a change of its stages is told once, to everyone who has one of its rooms open."""

from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any

from sqlalchemy import func, select

from store.database import Database
from store.streams import EventRow, Position
from tests.hub.agencies import Agency, open_room
from tests.hub.clients import connected, in_room
from tests.hub.nodes import Node, meanwhile
from tests.hub.processes.changes import heard, logged, names, rename, stream_of
from tests.patience import promised

WITHIN_SECONDS = promised(5.0)


async def test_a_change_is_one_event_however_many_rooms_there_are(
    database: Database, agency: Agency, process: dict[str, Any]
) -> None:
    rooms = [agency.room_id, *[await open_room(agency, f"Nr. {nr}", []) for nr in range(3)]]
    await agency.run(agency.admin, "room.archive", room_id=rooms[1])
    async with database.reading() as tx:
        before = await tx.scalar(select(func.count()).select_from(EventRow))
    done = await agency.run(agency.admin, "stage.add", process_id=process["id"], name="Briefed")
    assert done.at is not None
    assert done.at["stream"] == stream_of(process)
    async with database.reading() as tx:
        told = list(await tx.scalars(select(EventRow.stream).where(EventRow.name == "process.changed")))
        after = await tx.scalar(select(func.count()).select_from(EventRow))
    assert sorted(told) == [f"business:{agency.admin.actor.business_id}", stream_of(process)]
    assert after - before == 2, "it, and the one to the team"


async def test_all_who_have_a_room_of_it_open_hear_it_once_on_every_node(
    node: Node, other_node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    second = await open_room(agency, "Packaging", [str(agency.ana.id)])
    async with (
        in_room(node.url, agency.ana, agency.room_id) as ana,
        in_room(other_node.url, agency.client, agency.room_id) as clara,
        connected(node.url, agency.outsider) as oleh,
    ):
        await ana.enter(second)
        for nr in range(20):
            await rename((node, other_node)[nr % 2].commands, agency, process, f"{nr}")
        for client in (ana, clara):
            await client.hears_all("process.changed", 20)
            assert heard(client) == [f"{nr}" for nr in range(20)]
            assert client.offsets() == list(range(1, 21))
            assert {event["stream"] for event in client.named("process.changed")} == {stream_of(process)}
            assert "room_id" not in client.named("process.changed")[0]
        assert not oleh.heard


async def test_a_room_says_where_its_process_stands_and_goes_on_from_there(
    node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    async with connected(node.url, agency.client) as clara:
        entered = await clara.enter(agency.room_id)
        assert entered["process_at"] == {"stream": stream_of(process), "epoch": "", "offset": 0}
        at = entered["at"]
        place = {"epoch": at["epoch"], "after": at["offset"]}
        for name in ("Campaigns", "Orders"):
            await rename(node.commands, agency, process, name)
        again = await clara.enter(agency.room_id, **place, process_epoch="", process_after=0)
        assert names(again["events"]) == ["Campaigns", "Orders"]
        reached = again["process_at"]
        assert reached["offset"] == 2

        await rename(node.commands, agency, process, "Jobs")
        await agency.post(agency.ana, "good morning")
        where = {"process_epoch": reached["epoch"], "process_after": 2}
        again = await clara.enter(agency.room_id, **place, **where)
        assert [event["name"] for event in again["events"]] == ["message.posted", "process.changed"]
        assert again["events"][1]["at"] == {"epoch": reached["epoch"], "offset": 3}

        for wrong in ({"process_epoch": "another"}, {"process_after": 4}):
            anew = await clara.enter(agency.room_id, **place, **(where | wrong))
            assert "events" not in anew
            assert anew["snapshot"]["process"]["name"] == "Jobs"
        unaware = await clara.enter(agency.room_id, **place)
        assert [event["name"] for event in unaware["events"]] == ["message.posted"]


async def test_who_read_it_before_its_first_change_goes_on_with_that(
    node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    before = Position(stream_of(process), "", 0)
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        await rename(node.commands, agency, process, "Campaigns")
        await ana.hears("process.changed")
        assert node.gateway.relay.begin(before), "nothing is lost"
        missed = node.gateway.relay.since(before)
        assert missed is not None
        assert names([event.payload for event in missed]) == ["Campaigns"]
        assert ana.connected


def renaming(agency: Agency, process: dict[str, Any], *nodes: Node) -> AbstractAsyncContextManager[None]:
    """Meanwhile the process is renamed on all of these nodes."""

    async def rename_on(which: int, nr: int) -> None:
        await rename(nodes[which].commands, agency, process, f"{which}/{nr}")

    return meanwhile(*(partial(rename_on, which) for which in range(len(nodes))))


async def test_entering_amid_changes_leaves_nothing_out_and_tells_nothing_twice(
    node: Node, other_node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    async with renaming(agency, process, node, other_node), connected(other_node.url, agency.client) as clara:
        for _nr in range(20):
            clara.heard.clear()
            at = (await clara.enter(agency.room_id))["process_at"]["offset"]
            await clara.hears_each_from(at)


async def test_coming_back_amid_changes_gives_exactly_what_was_missed(
    node: Node, other_node: Node, agency: Agency, database: Database, process: dict[str, Any]
) -> None:
    async with in_room(node.url, agency.client, agency.room_id) as clara:
        at = (await clara.enter(agency.room_id))["at"]
        seen: list[str] = []
        place: dict[str, Any] = {"epoch": "", "offset": 0}
        async with renaming(agency, process, node, other_node):
            for nr in range(12):
                async with connected((node, other_node)[nr % 2].url, agency.client) as again:
                    answer = await again.enter(
                        agency.room_id, epoch=at["epoch"], after=at["offset"],
                        process_epoch=place["epoch"], process_after=place["offset"],
                    )  # fmt: skip
                    await again.hears_all("process.changed", 3)
                seen += names(answer["events"]) + heard(again)
                place = again.at
        assert seen == (await logged(database, stream_of(process)))[: place["offset"]]


async def test_who_enters_another_room_of_it_goes_on_hearing_all(
    node: Node, other_node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    second = await open_room(agency, "Packaging", [str(agency.ana.id)])
    async with in_room(node.url, agency.ana, agency.room_id) as ana, renaming(agency, process, node, other_node):
        for _nr in range(20):
            count = len(heard(ana))
            await ana.enter(second)
            await ana.until(lambda: len(heard(ana)) > count + 3)  # noqa: B023
            await ana.send("room.leave", {"room_id": second})
    known = sorted(set(ana.offsets()))
    assert known == list(range(known[0], known[0] + len(known))), "what comes again is known by its offset"


async def test_it_is_heard_until_the_last_room_is_left(node: Node, agency: Agency, process: dict[str, Any]) -> None:
    second = await open_room(agency, "Packaging", [str(agency.ana.id)])
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        await ana.enter(second)
        await ana.enter(second)
        await ana.send("room.leave", {"room_id": agency.room_id})
        await rename(node.commands, agency, process, "Campaigns")
        await ana.hears("process.changed")
        await ana.send("room.leave", {"room_id": second})
        assert node.gateway.fanout.streams == []
        await rename(node.commands, agency, process, "Orders")
        await ana.enter(agency.room_id)
        await rename(node.commands, agency, process, "Jobs")
        await ana.until(lambda: "Jobs" in heard(ana))
        assert heard(ana) == ["Campaigns", "Jobs"]


async def test_who_is_removed_from_the_last_room_hears_it_no_longer(
    node: Node, deaf_node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    async with (
        in_room(node.url, agency.client, agency.room_id) as clara,
        in_room(deaf_node.url, agency.client, agency.room_id) as clara_elsewhere,
        in_room(node.url, agency.mihai, agency.room_id) as mihai,
        in_room(deaf_node.url, agency.mihai, agency.room_id) as mihai_elsewhere,
    ):
        await rename(node.commands, agency, process, "Campaigns")
        for client in (clara, clara_elsewhere):
            await client.hears("process.changed")
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.client.id)
        for client in (clara, clara_elsewhere):
            await client.hears("room.closed", WITHIN_SECONDS)
        await rename(node.commands, agency, process, "Orders")
        for client in (mihai, mihai_elsewhere):
            await client.hears_all("process.changed", 2)
        assert heard(clara) == heard(clara_elsewhere) == ["Campaigns"]
