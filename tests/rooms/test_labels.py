"""Labels: a business's own, on its tasks; seen by the team alone, and by those of it who see the task."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from processes.processes import process_stream
from rooms.tasks.labels import LABELS_AT_MOST, LabelTaken
from store.errors import Invalid, NotFound
from tests.hub.agencies import Person
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene


async def seen(scene: Scene, person: Person) -> tuple[list[str], dict[str, list[str]]]:
    """The names of the labels that somebody sees in the room, and those of each task."""
    async with scene.database.reading() as tx:
        room = await room_snapshot(tx, person.actor, UUID(scene.room))
    names = {label["id"]: label["name"] for label in room["labels"]}
    on_tasks = {
        each["task_id"]: [names.get(id, "gone") for id in each["label_ids"]] for each in room["labels_of_tasks"]
    }
    return list(names.values()), on_tasks


async def told(scene: Scene, stream: str, *prefixes: str) -> list[tuple[str, str, dict[str, Any]]]:
    async with scene.database.reading() as tx:
        events = await read_log(tx, stream, 0)
    return [(event.name, event.audience, event.body) for event in events if event.name.startswith(prefixes)]


async def test_a_label_is_told_to_the_process_for_the_team(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.admin, "label.change", label_id=scene.label, name="Layout", color="blue")
    await agency.run(agency.admin, "label.change", label_id=scene.label, name="Layout")
    await agency.run(agency.admin, "label.remove", label_id=scene.label)
    stream = process_stream(UUID(scene.process), agency.ana.actor.here).name
    events = await told(scene, stream, "label.")
    assert [name for name, _audience, _body in events] == ["label.added", "label.changed", "label.removed"]
    assert {audience for _name, audience, _body in events} == {"team"}
    assert events[1][2] == {
        "label": {"id": scene.label, "name": "Layout", "color": "blue"},
        "changed": ["name", "color"],
    }


async def test_the_team_sees_labels_and_the_client_none(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.mihai, "task.label", task_id=scene.secret_task, added=[scene.label])
    assert await seen(scene, agency.ana) == (["Design"], {scene.task: ["Design"], scene.secret_task: ["Design"]})
    assert await seen(scene, agency.client) == ([], {})
    assert {audience for _name, audience, _body in await told(scene, f"room:{scene.room}", "task.label")} == {"team"}


async def test_a_removed_label_makes_no_difference_to_what_is_asked(scene: Scene) -> None:
    agency = scene.agency
    copy = (await agency.run(agency.admin, "label.add", name="Copy")).result["id"]
    await agency.run(agency.ana, "task.label", task_id=scene.task, added=[scene.label, copy])
    await agency.run(agency.admin, "label.remove", label_id=scene.label)
    before = len(await told(scene, f"room:{scene.room}", "task.labelled"))
    await agency.run(agency.ana, "task.label", task_id=scene.task, added=[copy, copy])
    assert len(await told(scene, f"room:{scene.room}", "task.labelled")) == before
    with pytest.raises(Invalid) as refused:
        await agency.run(agency.ana, "task.label", task_id=scene.task, added=[scene.label])
    assert list(refused.value.fields or ()) == ["added"]


async def test_two_who_label_a_task_at_once_both_do(scene: Scene) -> None:
    agency = scene.agency
    copy = (await agency.run(agency.admin, "label.add", name="Copy")).result["id"]
    await asyncio.gather(
        agency.run(agency.ana, "task.label", task_id=scene.task, added=[copy]),
        agency.run(agency.mihai, "task.label", task_id=scene.task, removed=[scene.label]),
    )
    assert (await seen(scene, agency.ana))[1] == {scene.task: ["Copy"]}
    before = len(await told(scene, f"room:{scene.room}", "task.labelled"))
    await agency.run(agency.ana, "task.label", task_id=scene.secret_task, removed=[copy])
    assert len(await told(scene, f"room:{scene.room}", "task.labelled")) == before


async def test_so_many_labels_stand_on_a_task(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.tasks.task_labels.ON_A_TASK", 1)
    copy = (await scene.agency.run(scene.agency.admin, "label.add", name="Copy")).result["id"]
    with pytest.raises(Invalid) as refused:
        await scene.agency.run(scene.agency.ana, "task.label", task_id=scene.task, added=[copy])
    assert list(refused.value.fields or ()) == ["added"]


async def test_another_business_s_label_is_none(scene: Scene) -> None:
    agency = scene.agency
    for person, label in ((agency.outsider, scene.label), (agency.admin, str(uuid4()))):
        with pytest.raises((NotFound, Invalid)):
            await agency.run(person, "label.change", label_id=label, name="Mine")


async def test_a_name_is_one_label_s_alone_whatever_its_case(scene: Scene) -> None:
    agency = scene.agency
    with pytest.raises(LabelTaken) as refused:
        await agency.run(agency.admin, "label.add", name="DESIGN")
    assert refused.value.fields == {"name": LabelTaken.message}
    copy = (await agency.run(agency.admin, "label.add", name="Copy")).result["id"]
    with pytest.raises(LabelTaken):
        await agency.run(agency.admin, "label.change", label_id=copy, name="Design")
    renamed = await agency.run(agency.admin, "label.change", label_id=scene.label, name="DESIGN")
    assert renamed.result["name"] == "DESIGN"


async def test_so_many_labels_are_enough(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LABELS_AT_MOST > 1
    monkeypatch.setattr("rooms.tasks.labels.LABELS_AT_MOST", 1)
    with pytest.raises(Invalid) as refused:
        await scene.agency.run(scene.agency.admin, "label.add", name="Copy")
    assert list(refused.value.fields or ()) == ["name"]


async def test_so_many_are_enough_whoever_comes_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.tasks.labels.LABELS_AT_MOST", 2)
    admin = scene.agency.admin
    # A connection for each is open by then.
    await asyncio.gather(*(scene.agency.run(admin, "label.change", label_id=scene.label) for _nr in range(4)))
    adding = (scene.agency.run(admin, "label.add", name=f"Copy {nr}") for nr in range(4))
    answers = await asyncio.gather(*adding, return_exceptions=True)
    refused = [list(answer.fields or ()) for answer in answers if isinstance(answer, Invalid)]
    assert refused == [["name"]] * 3


async def test_labels_go_with_their_task(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "task.remove", task_id=scene.task)
    assert (await seen(scene, agency.ana))[1] == {}
    *before, (_name, _audience, last) = await told(scene, f"room:{scene.room}", "task.labelled")
    assert last["task_labels"]["gone"] is True
    assert [body for _name, _audience, body in before] == [last]


async def test_of_a_task_for_managers_they_alone_see_the_labels(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.admin, "task.change", task_id=scene.task, audience="managers")
    assert (await seen(scene, agency.admin))[1] == {scene.task: ["Design"]}
    assert (await seen(scene, agency.ana))[1] == {}
    events = await told(scene, f"room:{scene.room}", "task.labelled")
    assert [audience for _name, audience, _body in events] == ["managers", "team", "managers"]
    assert events[1][2]["task_labels"]["gone"] is True
    await agency.run(agency.admin, "task.change", task_id=scene.task, audience="all")
    assert (await seen(scene, agency.ana))[1] == {scene.task: ["Design"]}
