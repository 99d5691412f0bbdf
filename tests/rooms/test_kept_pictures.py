"""Pictures of rooms are read once for all who look through one lens at one place of the logs, and for nobody else."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import update

from hub.parts import FOLDING, ROOM_PARTS
from people.actors import Actor
from rooms import pictures
from rooms.access import Room, RoomPosition, seen_position, visible_room
from rooms.announcements import GLANCED
from rooms.folding import TooLittleTold
from rooms.pictures import Picture, Pictures
from rooms.snapshots import snapshot_of
from store.errors import NotFound
from store.streams import Log
from tests.hub.agencies import Person
from tests.rooms.scenes import Scene


@pytest.fixture
def kept(scene: Scene) -> Pictures:
    return Pictures(scene.database, ROOM_PARTS, FOLDING)


async def taken(kept: Pictures, scene: Scene, person: Person, *parts: str) -> Picture:
    return await kept.seen(person.actor, UUID(scene.room), frozenset(parts) if parts else None)


def shown(picture: Picture, actor: Actor) -> dict[str, Any]:
    """What a picture is on the wire."""
    said: dict[str, Any] = orjson.loads(orjson.dumps(picture.seen_by(actor, {})))
    return said


async def said(kept: Pictures, scene: Scene, person: Person, things: str, field: str) -> list[Any]:
    snapshot = shown(await taken(kept, scene, person), person.actor)
    return [thing[field] for thing in snapshot[things]]


def everyone(scene: Scene) -> Iterable[Person]:
    agency = scene.agency
    return agency.admin, agency.ana, agency.mihai, agency.client


async def test_names_that_no_part_has_keep_no_picture_of_their_own(scene: Scene) -> None:
    kept = Pictures(scene.database, ROOM_PARTS, FOLDING)
    ana = scene.agency.ana.actor
    first = await kept.seen(ana, UUID(scene.room), frozenset({"wall", "tasks"}))
    assert await kept.seen(ana, UUID(scene.room), frozenset({"wall", "tasks", "j1"})) is first


async def test_a_picture_is_the_snapshot(scene: Scene, kept: Pictures) -> None:
    for _time in range(2):  # read, and known
        for person in everyone(scene):
            async with scene.database.reading() as tx:
                room = await visible_room(tx, person.actor, UUID(scene.room))
                fresh = await snapshot_of(tx, person.actor, room)
            assert shown(await taken(kept, scene, person), person.actor) == orjson.loads(orjson.dumps(fresh))


async def test_who_looks_through_the_same_lens_shares_it(scene: Scene, kept: Pictures) -> None:
    ana, mihai = scene.agency.ana, scene.agency.mihai
    picture = await taken(kept, scene, ana)
    assert await taken(kept, scene, mihai) is picture
    assert [shown(picture, person.actor)["me"]["person_id"] for person in (ana, mihai)] == [str(ana.id), str(mihai.id)]


async def test_nothing_of_one_lens_reaches_another(scene: Scene, kept: Pictures) -> None:
    for person in everyone(scene):
        await taken(kept, scene, person)
    assert scene.secret in await said(kept, scene, scene.agency.ana, "messages", "id")
    for things, secret in (("messages", scene.secret), ("tasks", scene.secret_task), ("files", scene.secret_file)):
        assert secret not in await said(kept, scene, scene.agency.client, things, "id")
    assert await said(kept, scene, scene.agency.client, "labels", "id") == []


async def test_other_parts_are_another_picture(scene: Scene, kept: Pictures) -> None:
    ana = scene.agency.ana
    assert shown(await taken(kept, scene, ana, "tasks"), ana.actor)["messages"] == []
    assert shown(await taken(kept, scene, ana, "wall"), ana.actor)["messages"] != []
    assert "counts" not in shown(await taken(kept, scene, ana), ana.actor)


async def test_what_was_changed_before_is_there(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    before = await taken(kept, scene, agency.ana)
    await agency.post(agency.mihai, "Just now")
    after = await taken(kept, scene, agency.ana)
    assert shown(after, agency.ana.actor)["messages"][-1]["body"] == "Just now"
    assert after.at.offset == before.at.offset + 1


async def test_what_was_told_since_is_folded_into_it(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    before = [await taken(kept, scene, person, "wall") for person in everyone(scene)]
    posted = (await agency.post(agency.mihai, "Just now")).result["id"]
    for name, fields in (
        ("reaction.add", {"message_id": posted, "emoji": "\U0001f44d"}),
        ("task.create", {"room_id": scene.room, "title": "Just planned"}),
        ("task.complete", {"task_id": scene.secret_task}),
        ("timer.start", {"room_id": scene.room, "task_id": scene.task}),
        ("message.delete", {"message_id": posted}),
    ):
        await agency.run(agency.mihai, name, **fields)
        after = [await taken(kept, scene, person, "wall") for person in everyone(scene)]
    assert [picture.read_at for picture in after] == [picture.read_at for picture in before]
    assert all(picture.folded >= 6 for picture in after)
    for person, picture in zip(everyone(scene), after, strict=True):
        assert posted not in {message["id"] for message in shown(picture, person.actor)["messages"]}
    assert shown(after[0], agency.admin.actor)["counts"] == {"tasks": 3, "open_tasks": 2, "files": 2}
    assert shown(after[-1], agency.client.actor)["counts"] == {"tasks": 2, "open_tasks": 2, "files": 1}


async def test_a_task_that_it_left_out_has_it_read_anew(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    for nr in range(GLANCED + 1):
        await agency.run(agency.ana, "task.create", room_id=scene.room, title=f"{nr}", due_on="2027-01-10")
    before = await taken(kept, scene, agency.ana, "wall")
    assert scene.task not in {task["id"] for task in shown(before, agency.ana.actor)["tasks"]}
    await agency.run(agency.mihai, "timer.start", room_id=scene.room, task_id=scene.task)
    after = await taken(kept, scene, agency.ana, "wall")
    assert scene.task in {task["id"] for task in shown(after, agency.ana.actor)["tasks"]}
    assert after.folded == 0
    await agency.run(agency.mihai, "timer.stop")
    assert (await taken(kept, scene, agency.ana, "wall")).folded > 0  # it is there now
    await agency.run(agency.ana, "task.change", task_id=scene.secret_task, title="Nothing that it has")
    assert (await taken(kept, scene, agency.ana, "wall")).folded == 0


async def test_after_much_was_told_it_is_read_anew(
    scene: Scene, kept: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "FOLDED_AT_MOST", 2)
    ana, folded = scene.agency.ana, list[int]()
    for nr in range(4):
        folded.append((await taken(kept, scene, ana)).folded)
        await scene.agency.post(ana, f"{nr}")
    assert folded == [0, 1, 2, 0]


async def test_what_changed_in_the_process_is_there(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    before = await taken(kept, scene, agency.ana)
    await agency.run(agency.admin, "label.change", label_id=scene.label, name="Print")
    assert await said(kept, scene, agency.ana, "labels", "name") == ["Print"]
    assert (await taken(kept, scene, agency.ana)).at == before.at


async def test_what_was_narrowed_is_gone_for_whom_it_isn_t(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    assert scene.task in await said(kept, scene, agency.client, "tasks", "id")
    await agency.run(agency.ana, "task.change", task_id=scene.task, audience="team")
    assert scene.task not in await said(kept, scene, agency.client, "tasks", "id")
    assert scene.task in await said(kept, scene, agency.ana, "tasks", "id")


async def test_who_was_taken_out_sees_no_picture_more(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    await taken(kept, scene, agency.mihai)
    await agency.run(agency.admin, "member.remove", room_id=scene.room, person_id=str(agency.mihai.id))
    await taken(kept, scene, agency.ana)
    for person in (agency.mihai, agency.outsider, scene.freelancer):
        with pytest.raises(NotFound):
            await taken(kept, scene, person)
    assert agency.mihai.id not in (await taken(kept, scene, agency.ana)).members


async def test_an_archived_room_offers_only_that_it_is_restored(scene: Scene, kept: Pictures) -> None:
    agency = scene.agency
    assert "message.post" in shown(await taken(kept, scene, agency.admin), agency.admin.actor)["me"]["may"]
    await agency.run(agency.admin, "room.archive", room_id=scene.room)
    snapshot = shown(await taken(kept, scene, agency.admin), agency.admin.actor)
    assert snapshot["room"]["archived_at"]
    assert snapshot["me"]["may"] == ["room.restore"]


async def test_a_restored_database_is_looked_at_anew(scene: Scene, kept: Pictures) -> None:
    ana = scene.agency.ana
    before = await taken(kept, scene, ana)
    async with scene.database.transaction() as tx:
        await tx.execute(update(Room).where(Room.id == UUID(scene.room)).values(title="As it was"))
        await tx.execute(update(Log).values(epoch="restored"))
    after = await taken(kept, scene, ana)
    assert (after.at.epoch, after.at.offset) == ("restored", before.at.offset)
    assert shown(after, ana.actor)["room"]["title"] == after.title == "As it was"


async def test_whose_rows_were_seen_tells_pictures_apart(scene: Scene, kept: Pictures) -> None:
    admin = scene.agency.admin
    of_above = Person(Actor(**_fields(admin.actor) | {"home_business_id": scene.agency.outsider.actor.business_id}), "")
    assert await taken(kept, scene, of_above) is not await taken(kept, scene, admin)


def _fields(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


async def test_an_old_picture_is_read_anew(scene: Scene, kept: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await taken(kept, scene, scene.agency.ana)
    monkeypatch.setattr(pictures, "KEPT_FOR", timedelta(seconds=-1))
    assert await taken(kept, scene, scene.agency.ana) is not before


async def test_a_later_picture_takes_the_place_of_an_earlier(scene: Scene, kept: Pictures) -> None:
    ana = scene.agency.ana
    for number in range(3):
        await scene.agency.post(ana, f"Message {number}")
        picture = await taken(kept, scene, ana)
        assert kept.size == picture.size


async def test_they_take_no_more_memory_than_they_may(scene: Scene) -> None:
    ana, parts = scene.agency.ana, ("wall", "tasks", "time", "files")
    largest = (await taken(Pictures(scene.database, ROOM_PARTS, FOLDING), scene, ana, *parts)).size
    kept = Pictures(scene.database, ROOM_PARTS, FOLDING, bytes_at_most=largest * 5)
    first = await taken(kept, scene, ana, *parts)
    for some in (*combinations(parts, 3), *combinations(parts, 2)):
        await taken(kept, scene, ana, *some)
        assert kept.size <= largest * 5
    assert await taken(kept, scene, ana, *parts) is not first


async def test_what_is_very_large_isn_t_kept(scene: Scene) -> None:
    ana = scene.agency.ana
    size = (await taken(Pictures(scene.database, ROOM_PARTS, FOLDING), scene, ana)).size
    small = Pictures(scene.database, ROOM_PARTS, FOLDING, bytes_at_most=size)
    assert await taken(small, scene, ana) is not await taken(small, scene, ana)
    assert small.size == 0


@pytest.mark.parametrize("change", [{"reactions": []}, {"body": None}], ids=["more", "less"])
async def test_what_another_version_told_is_not_folded(scene: Scene, kept: Pictures, change: dict[str, Any]) -> None:
    """It may have kept elsewhere what belongs to it, or not know of it."""
    picture = await taken(kept, scene, scene.agency.ana)
    message = orjson.loads(picture.fields["messages"])[0]
    told = {"name": "message.edited", "message": message}
    assert FOLDING.changes(picture.fields, [told], picture.read_at)
    other = {name: value for name, value in (message | change).items() if value is not None or name not in change}
    with pytest.raises(TooLittleTold):
        FOLDING.changes(picture.fields, [told | {"message": other}], picture.read_at)


async def test_a_slow_request_gives_what_came_after_it_no_older_place(
    scene: Scene, kept: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = scene.agency.ana
    await taken(kept, scene, ana)
    before = await seen_position(scene.database.driver, ana.actor, UUID(scene.room))
    await scene.agency.post(scene.agency.mihai, "Later")
    newer = await taken(kept, scene, ana)

    async def late(*_asked: Any) -> RoomPosition:
        return before

    monkeypatch.setattr(pictures, "seen_position", late)
    assert (await taken(kept, scene, ana)).at == newer.at
