"""A room's snapshot by part: what is wanted comes whole, the rest at a glance, and opening it costs the same."""

from typing import Any
from uuid import UUID

from hub.parts import ROOM_PARTS
from rooms.access import visible_room
from rooms.announcements import GLANCED
from rooms.snapshots import snapshot_of
from tests.hub.agencies import Person
from tests.rooms.scenes import Scene

MANY = GLANCED + 10


async def seen(scene: Scene, person: Person, *parts: str) -> dict[str, Any]:
    async with scene.database.reading() as tx:
        room = await visible_room(tx, person.actor, UUID(scene.room))
        return await snapshot_of(tx, person.actor, room, frozenset(parts))


async def whole(scene: Scene, person: Person) -> dict[str, Any]:
    async with scene.database.reading() as tx:
        return await snapshot_of(tx, person.actor, await visible_room(tx, person.actor, UUID(scene.room)))


async def plan(scene: Scene, *, due_on: str = "2027-01-10", **fields: Any) -> str:
    created = await scene.agency.run(
        scene.agency.ana, "task.create", room_id=scene.room, title="One of many", due_on=due_on, **fields
    )
    return str(created.result["id"])


async def test_all_parts_together_are_the_whole_room(scene: Scene) -> None:
    for person in (scene.agency.ana, scene.agency.client):
        by_part = await seen(scene, person, *ROOM_PARTS)
        assert by_part.pop("counts")
        assert by_part == await whole(scene, person)


async def test_of_tasks_that_are_not_wanted_come_those_that_are_due_first(scene: Scene) -> None:
    later = [await plan(scene, due_on="2027-03-01") for _nr in range(MANY)]
    first = await plan(scene, due_on="2026-12-01", description="Before all")
    glanced = await seen(scene, scene.agency.ana, "wall")
    assert len(glanced["tasks"]) == GLANCED
    assert {task["id"]: task for task in glanced["tasks"]}[first]["description"] is None
    assert glanced["counts"] == {"tasks": MANY + 3, "open_tasks": MANY + 3, "files": 2}
    wanted = await seen(scene, scene.agency.ana, "tasks")
    assert len(wanted["tasks"]) == MANY + 3
    assert {*later, first} <= {task["id"] for task in wanted["tasks"]}


async def test_a_task_that_somebody_works_on_comes_however_late_it_is_due(scene: Scene) -> None:
    last = await plan(scene, due_on="2028-01-01")
    for _nr in range(MANY):
        await plan(scene)
    assert last not in {task["id"] for task in (await seen(scene, scene.agency.ana))["tasks"]}
    await scene.agency.run(scene.agency.mihai, "timer.start", room_id=scene.room, task_id=last)
    glanced = await seen(scene, scene.agency.ana)
    assert last in {task["id"] for task in glanced["tasks"]}
    assert last in {entry["task_id"] for entry in glanced["entries"]}


async def test_what_was_done_last_comes_too(scene: Scene) -> None:
    for _nr in range(MANY):
        await plan(scene)
    await scene.agency.run(scene.agency.ana, "task.complete", task_id=scene.task)
    glanced = await seen(scene, scene.agency.ana)
    assert scene.task in {task["id"] for task in glanced["tasks"]}
    assert (glanced["counts"]["tasks"], glanced["counts"]["open_tasks"]) == (MANY + 2, MANY + 1)


async def test_a_client_s_glance_and_counts_have_nothing_of_the_team_s(scene: Scene) -> None:
    await plan(scene, audience="team")
    team, client = [await seen(scene, person, "wall") for person in (scene.agency.ana, scene.agency.client)]
    assert team["counts"] == {"tasks": 3, "open_tasks": 3, "files": 2}
    assert client["counts"] == {"tasks": 1, "open_tasks": 1, "files": 1}
    told = {thing["audience"] for name in ("messages", "tasks", "entries", "files") for thing in client[name]}
    assert told == {"all"}


async def test_a_wall_brings_the_files_on_its_messages(scene: Scene) -> None:
    for _nr in range(GLANCED):
        await scene.add_file(scene.agency.ana, "later.txt")
    assert scene.file not in {file["id"] for file in (await seen(scene, scene.agency.ana, "wall"))["files"]}
    await scene.agency.run(
        scene.agency.ana, "message.post", room_id=scene.room, body="The plan", attachments=[scene.file]
    )
    for person in (scene.agency.ana, scene.agency.client):
        shown = await seen(scene, person, "wall")
        assert scene.file in {file["id"] for file in shown["files"]}
        assert len({file["id"] for file in shown["files"]}) == len(shown["files"])
    assert scene.file not in {file["id"] for file in (await seen(scene, scene.agency.ana, "tasks"))["files"]}


async def test_a_wall_that_is_not_wanted_is_left_to_be_read(scene: Scene) -> None:
    shown = await seen(scene, scene.agency.ana, "tasks")
    assert (shown["messages"], shown["earlier_messages"]) == ([], True)


async def test_of_labels_come_those_on_the_tasks_that_come(scene: Scene) -> None:
    for _nr in range(MANY):
        await plan(scene, due_on="2026-12-01")
    last = await plan(scene, due_on="2028-01-01")
    await scene.agency.run(scene.agency.ana, "task.label", task_id=last, added=[scene.label])
    glanced = await seen(scene, scene.agency.ana, "wall")
    assert [label["name"] for label in glanced["labels"]] == ["Design"]
    tasks = {task["id"] for task in glanced["tasks"]}
    assert last not in tasks
    assert {each["task_id"] for each in glanced["labels_of_tasks"]} <= tasks
    await scene.agency.run(scene.agency.mihai, "timer.start", room_id=scene.room, task_id=last)
    worked_on = await seen(scene, scene.agency.ana, "wall")
    assert last in {each["task_id"] for each in worked_on["labels_of_tasks"]}
    wanted = await seen(scene, scene.agency.ana, "tasks")
    assert {each["task_id"] for each in wanted["labels_of_tasks"]} == {scene.task, last}
