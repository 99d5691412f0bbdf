"""Who sees what: rooms, people and the team's things, in every place where something can be read."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from people.actors import Actor
from rooms.access import still_visible, visible_room
from rooms.rooms import rooms
from rooms.search import search
from rooms.timeline import timeline
from store.errors import Forbidden, Invalid, NotFound
from tests.databases import TABLES
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene

SECRETS = ("Between us", "Raise the price", "margins.txt")


async def titles(scene: Scene, actor: Actor, **filters: Any) -> set[str]:
    async with scene.database.reading() as tx:
        return {form.title for form in await rooms(tx, actor, **filters)}


async def everything(scene: Scene, actor: Actor) -> str:
    """All that someone can read of the room, as one text."""
    async with scene.database.reading() as tx:
        room = await visible_room(tx, actor, UUID(scene.room))
        log = await read_log(tx, room.stream.name, 0, audiences=room.audiences)
        found = [await search(tx, actor, word) for word in ("Between", "price", "margins", "morning", "plan")]
        seen = [await room_snapshot(tx, actor, room.id), await timeline(tx, room, limit=200)]
    return json.dumps([*seen, [event.wire() for event in log], found], default=str)


async def test_the_team_s_things_are_in_nothing_that_a_client_reads(scene: Scene) -> None:
    agency = scene.agency
    client, ana = await everything(scene, agency.client.actor), await everything(scene, agency.ana.actor)
    for secret in SECRETS:
        assert secret in ana
        assert secret not in client
    assert "Good **morning**" in client


async def test_what_is_taken_back_from_the_client_is_gone_from_earlier_events_too(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "task.change", task_id=scene.task, audience="team")
    await agency.run(agency.ana, "file.change", file_id=scene.file, audience="team")
    client, ana = await everything(scene, agency.client.actor), await everything(scene, agency.ana.actor)
    for taken in ("Homepage copy", "plan.txt"):
        assert taken in ana
        assert taken not in client
    assert f'{{"id": "{scene.task}", "gone": true}}' in client


async def test_a_deleted_message_s_words_are_nowhere(scene: Scene) -> None:
    agency = scene.agency
    words = "A phone number: 555-0199"
    posted = await agency.commands.run(
        agency.ana.actor, "message.post", {"room_id": scene.room, "body": words}, "a-key"
    )
    await agency.run(agency.ana, "message.edit", message_id=posted.result["id"], body=f"{words}, call")
    assert "555-0199" in await everything(scene, agency.ana.actor)
    await agency.run(agency.ana, "message.delete", message_id=posted.result["id"])
    assert "555-0199" not in await everything(scene, agency.ana.actor)
    async with scene.database.reading() as tx:
        tables = await tx.scalars(TABLES)
        for table in tables.all():
            held = await tx.scalar(
                text(f'select count(*) from "{table}" t where t::text like :words').bindparams(words="%555-0199%")
            )
            assert held == 0, table


async def test_a_removed_file_s_name_is_nowhere(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "file.remove", file_id=scene.secret_file)
    assert "margins" not in (await everything(scene, agency.ana.actor)).replace('"margins"', "")


async def test_cc102_103_a_client_sees_only_own_projects(scene: Scene) -> None:
    agency = scene.agency
    assert await titles(scene, agency.client.actor) == {"Website"}
    async with scene.database.reading() as tx:
        with pytest.raises(NotFound):
            await visible_room(tx, agency.client.actor, UUID(scene.spare_room))


async def test_cc22_an_admin_sees_own_business_s_rooms_and_no_other_s(scene: Scene) -> None:
    agency = scene.agency
    assert await titles(scene, agency.admin.actor) == {"Website", "Packaging"}
    assert await titles(scene, agency.outsider.actor) == set()
    async with scene.database.reading() as tx:
        assert await search(tx, agency.outsider.actor, "Website") == []


async def test_cc84_staff_who_are_not_in_a_project_create_no_tasks_there(scene: Scene) -> None:
    agency = scene.agency
    with pytest.raises(NotFound):
        await agency.run(scene.freelancer, "task.create", room_id=scene.room, title="Sitemap")
    await agency.run(agency.admin, "member.add", room_id=scene.room, person_id=str(scene.freelancer.id))
    await agency.run(scene.freelancer, "task.create", room_id=scene.room, title="Sitemap")


async def test_rv22_a_client_meets_only_the_people_of_own_rooms(scene: Scene) -> None:
    read = await everything(scene, scene.agency.client.actor)
    for stranger in (scene.freelancer.actor, scene.agency.outsider.actor):
        assert str(stranger.id) not in read
        assert stranger.name not in read


async def test_cc43_44_45_50_a_project_s_life(scene: Scene) -> None:
    agency = scene.agency
    opened = await agency.run(agency.admin, "room.open", title="Shop", company_id=scene.company, description="*New*")
    id = opened.result["id"]
    assert opened.result["html"] == "<p><em>New</em></p>"
    changed = await agency.run(agency.admin, "room.change", room_id=id, title="Shop redesign")
    assert changed.result["title"] == "Shop redesign"
    await agency.run(agency.admin, "task.create", room_id=id, title="Checkout")
    await agency.run(agency.admin, "room.archive", room_id=id)
    assert "Shop redesign" not in await titles(scene, agency.admin.actor)
    assert await titles(scene, agency.admin.actor, archived=True) == {"Shop redesign"}
    async with scene.database.reading() as tx:
        history = await room_snapshot(tx, agency.admin.actor, UUID(id))
    assert [task["title"] for task in history["tasks"]] == ["Checkout"]
    assert history["me"]["may"] == ["room.restore"]
    with pytest.raises(Exception, match="archived"):
        await agency.run(agency.admin, "message.post", room_id=id, body="Too late")


async def test_cc143_a_project_may_be_internal(scene: Scene) -> None:
    opened = await scene.agency.run(scene.agency.admin, "room.open", title="Our own site")
    assert opened.result["company"] is None


async def test_only_who_manages_projects_opens_one(scene: Scene) -> None:
    agency = scene.agency
    for person in (agency.ana, agency.client, scene.freelancer):
        with pytest.raises(Forbidden):
            await agency.run(person, "room.open", title="Mine")
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.outsider, "room.open", title="Spying", company_id=scene.company)
    assert refused.value.fields.keys() == {"company_id"}
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.outsider, "room.open", title="Spying", member_ids=[str(agency.ana.id)])
    assert refused.value.fields.keys() == {"person_id"}


async def test_a_room_is_found_by_title_company_and_process(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.admin, "room.change", room_id=scene.room, company_id=scene.company)
    admin = agency.admin.actor
    assert await titles(scene, admin, q="nord") == {"Website"}
    assert await titles(scene, admin, q="pack") == {"Packaging"}
    assert await titles(scene, admin, q="%") == set()
    assert await titles(scene, admin, process="projects") == {"Website", "Packaging"}
    assert await titles(scene, admin, process="tickets") == set()
    assert await titles(scene, admin, limit=1) == {"Packaging"}
    assert await titles(scene, admin, after=UUID(scene.spare_room)) == {"Website"}


async def test_who_still_sees_what_is_told_for_many_at_once(scene: Scene) -> None:
    agency = scene.agency
    room, spare = UUID(scene.room), UUID(scene.spare_room)
    people = (agency.admin, agency.ana, agency.client, agency.outsider, scene.freelancer)
    driver = scene.database.driver
    found = await still_visible(driver, [(person.actor, id) for person in people for id in (room, spare)])
    assert await still_visible(driver, []) == set()
    assert found == {
        (agency.admin.id, room),
        (agency.admin.id, spare),
        (agency.ana.id, room),
        (agency.client.id, room),
    }
