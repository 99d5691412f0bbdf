"""Roles over sockets: who loses a role, or gains one, while in a room sees less or more of it within five seconds."""

from typing import Any

from tests.hub.agencies import Agency
from tests.hub.clients import connected, in_room
from tests.hub.nodes import Node
from tests.patience import promised

WITHIN_SECONDS = promised(5.0)


async def made(agency: Agency, name: str, /, **fields: Any) -> str:
    return str((await agency.run(agency.admin, name, **fields)).result["id"])


async def give(agency: Agency, role: str) -> None:
    await agency.run(agency.admin, "person.change", person_id=str(agency.ana.id), role_id=role)


async def test_a_role_with_invoicing_is_a_manager_s_lens_and_taken_away_it_is_the_staff_s(
    node: Node, agency: Agency
) -> None:
    accountants = await made(agency, "role.add", name="Accountants", permissions=["invoicing"])
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        await give(agency, accountants)
        assert (await ana.hears("room.reset", WITHIN_SECONDS))["room_id"] == agency.room_id
        assert (await ana.enter(agency.room_id))["snapshot"]["me"]["lens"] == "manager"
        ana.heard.clear()
        await agency.run(agency.admin, "role.change", role_id=accountants, permissions=[])
        await ana.hears("room.reset", WITHIN_SECONDS)
        assert (await ana.enter(agency.room_id))["snapshot"]["me"]["lens"] == "staff"


async def test_who_loses_the_role_by_which_they_see_all_rooms_is_out_of_those_they_are_not_in(
    node: Node, agency: Agency
) -> None:
    planners = await made(agency, "role.add", name="Planners", permissions=["projects"])
    plain = await made(agency, "role.add", name="Plain")
    await give(agency, planners)
    spare = await made(agency, "room.open", title="Packaging")
    async with in_room(node.url, agency.ana, spare) as ana:
        await agency.run(agency.admin, "role.remove", role_id=planners, to_role_id=plain)
        assert (await ana.hears("room.closed", WITHIN_SECONDS))["room_id"] == spare
        await agency.run(agency.admin, "message.post", room_id=spare, body="among us")
        answer = await ana.send("room.enter", {"room_id": spare})
        assert answer["error"]["code"] == "not_found"
        refused = await ana.send("room.open", {"title": "Mine"})
        assert refused["error"]["code"] == "forbidden"
        assert not ana.bodies()


async def test_who_is_locked_or_let_go_is_out_within_seconds(node: Node, agency: Agency) -> None:
    for who, act, more in (
        (agency.ana, "person.lock", {}),
        (agency.mihai, "person.deactivate", {"successor_id": str(agency.admin.id)}),
    ):
        async with in_room(node.url, who, agency.room_id) as client:
            await agency.run(agency.admin, act, person_id=str(who.id), **more)
            await client.hears("session.ended", WITHIN_SECONDS)
            await client.is_closed()


async def test_the_team_hears_who_leaves_and_the_room_who_took_over(node: Node, agency: Agency) -> None:
    task = await made(agency, "task.create", room_id=agency.room_id, title="Copy", assignee_id=str(agency.ana.id))
    async with in_room(node.url, agency.client, agency.room_id) as clara, connected(node.url, agency.mihai) as mihai:
        await mihai.send("stream.enter", {"stream": "business"})
        await agency.run(
            agency.admin, "person.deactivate", person_id=str(agency.ana.id), successor_id=str(agency.mihai.id)
        )
        told = await mihai.hears("person.deactivated")
        assert (told["person"]["name"], told["successor_id"]) == ("Ana", str(agency.mihai.id))
        changed = await clara.hears("task.changed")
        assert (changed["task"]["id"], changed["task"]["assignee_id"]) == (task, str(agency.mihai.id))
        assert (await clara.hears("member.removed"))["member"]["id"] == str(agency.ana.id)
