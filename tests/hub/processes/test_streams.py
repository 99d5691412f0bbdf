"""A process's stream by itself: for a program that sees one of its rooms, as long as it does."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from store.ids import new_id
from store.streams import Log
from tests.hub.agencies import Agency, Person
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node
from tests.hub.processes.changes import heard, names, rename, stream_of
from tests.patience import PATIENT_SECONDS, promised

WITHIN_SECONDS = promised(5.0)


async def enter(client: Client, process_id: str, **place: Any) -> Any:
    return await client.send("stream.enter", {"stream": "process", "id": process_id, **place})


async def test_a_program_hears_a_process_by_itself(node: Node, agency: Agency, process: dict[str, Any]) -> None:
    async with connected(node.url, agency.client) as clara:
        entered = await enter(clara, process["id"])
        assert entered["snapshot"] == {"process": process, "labels": []}
        assert "process_at" not in entered
        await clara.enter(agency.room_id)
        await rename(node.commands, agency, process, "Campaigns")
        at = (await clara.hears("process.changed"))["at"]
        assert await clara.send("stream.leave", {"stream": "process", "id": process["id"]}) == {"ok": True}
        await rename(node.commands, agency, process, "Orders")
        await clara.hears_all("process.changed", 2)
        assert heard(clara) == ["Campaigns", "Orders"], "through the room still"
        again = await enter(clara, process["id"], epoch=at["epoch"], after=at["offset"])
        assert names(again["events"]) == ["Orders"]
        assert "snapshot" in await enter(clara, process["id"], epoch="another", after=at["offset"])
        assert (await clara.send("stream.enter", {"stream": "process"}))["error"]["code"] == "invalid"


@pytest.mark.parametrize("who", ["outsider", "client", "mihai"])
async def test_who_sees_no_room_of_it_is_not_let_in(
    node: Node, agency: Agency, process: dict[str, Any], who: str
) -> None:
    person: Person = getattr(agency, who)
    if who != "outsider":
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=person.id)
    async with connected(node.url, person) as client, connected(node.url, agency.admin) as irina:
        assert (await enter(client, process["id"]))["error"]["code"] == "not_found"
        assert (await enter(client, str(new_id_of(agency))))["error"]["code"] == "not_found"
        assert (await enter(irina, process["id"]))["ok"]
        await rename(node.commands, agency, process, "Campaigns")
        await irina.hears("process.changed")
        assert not client.heard


def new_id_of(agency: Agency) -> UUID:
    """This is an identifier that nothing has."""
    return new_id(agency.commands.database.clock())


async def test_who_loses_the_last_room_loses_what_was_entered_by_itself(
    node: Node, deaf_node: Node, agency: Agency, process: dict[str, Any]
) -> None:
    async with (
        connected(node.url, agency.client) as clara,
        connected(deaf_node.url, agency.client) as clara_elsewhere,
        connected(node.url, agency.mihai) as mihai,
    ):
        for client in (clara, clara_elsewhere, mihai):
            assert (await enter(client, process["id"]))["ok"]
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.client.id)
        for client in (clara, clara_elsewhere):
            assert (await client.hears("stream.closed", WITHIN_SECONDS))["stream"] == stream_of(process)
        await rename(node.commands, agency, process, "Campaigns")
        await mihai.hears("process.changed")
        assert not heard(clara) + heard(clara_elsewhere)
        assert not mihai.named("stream.closed")


async def test_a_new_epoch_of_it_has_everyone_come_in_anew(node: Node, agency: Agency, process: dict[str, Any]) -> None:
    await rename(node.commands, agency, process, "Campaigns")
    async with in_room(node.url, agency.ana, agency.room_id, reconnection=True) as ana:
        entered = await ana.enter(agency.room_id)
        came = asyncio.Event()
        ana._io.on("connect", came.set)
        async with node.database.transaction() as tx:
            await tx.execute(update(Log).where(Log.stream == stream_of(process)).values(epoch="new"))
        async with asyncio.timeout(PATIENT_SECONDS):
            await came.wait()
        at, beside = entered["at"], entered["process_at"]
        answer = await ana.enter(
            agency.room_id, epoch=at["epoch"], after=at["offset"],
            process_epoch=beside["epoch"], process_after=beside["offset"],
        )  # fmt: skip
        assert "snapshot" in answer
        assert answer["process_at"]["epoch"] == "new"
        await rename(node.commands, agency, process, "Orders")
        assert (await ana.hears("process.changed"))["at"]["epoch"] == "new"
