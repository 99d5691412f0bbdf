"""Pins: messages that the team keeps at the top of the wall, seen by who sees the message."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from rooms.wall.pins import WORDS
from store.errors import Invalid, NotFound
from tests.hub.agencies import Person
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene


async def seen(scene: Scene, person: Person) -> list[dict[str, Any]]:
    """The pins that somebody sees in the room."""
    async with scene.database.reading() as tx:
        pins: list[dict[str, Any]] = (await room_snapshot(tx, person.actor, UUID(scene.room)))["pins"]
    return pins


async def told(scene: Scene) -> list[tuple[str, str, Any]]:
    """What the log tells of pins, for whom, and the words on each."""
    async with scene.database.reading() as tx:
        events = await read_log(tx, f"room:{scene.room}", 0)
    pins = [event for event in events if event.name.startswith("pin.")]
    return [(event.name, event.audience, event.body["pin"].get("words")) for event in pins]


async def pin(scene: Scene, person: Person, message: str | None = None) -> None:
    await scene.agency.run(person, "pin.add", message_id=message or scene.message)


async def unpin(scene: Scene, person: Person, message: str | None = None) -> None:
    await scene.agency.run(person, "pin.remove", message_id=message or scene.message)


async def test_a_message_is_pinned_once_by_who_did_so_first(scene: Scene) -> None:
    agency = scene.agency
    await pin(scene, agency.mihai)
    await pin(scene, agency.ana)
    (only,) = await seen(scene, agency.client)
    assert (only["message_id"], only["person_id"]) == (scene.message, str(agency.mihai.id))
    assert (only["author_id"], only["words"]) == (str(agency.ana.id), "Good **morning**")
    assert await told(scene) == [("pin.added", "all", "Good **morning**")]


async def test_whoever_of_the_team_unpins_and_its_words_leave_the_log(scene: Scene) -> None:
    agency = scene.agency
    await pin(scene, agency.mihai)
    await unpin(scene, agency.ana)
    await unpin(scene, agency.ana)
    assert await seen(scene, agency.ana) == []
    assert await told(scene) == [("pin.added", "all", None), ("pin.removed", "all", None)]


async def test_a_pin_of_the_team_s_message_is_not_known_to_the_client(scene: Scene) -> None:
    agency = scene.agency
    await pin(scene, agency.ana, scene.secret)
    await agency.run(agency.ana, "message.edit", message_id=scene.secret, body="Still between us")
    assert [each["words"] for each in await seen(scene, agency.mihai)] == ["Still between us"]
    assert await seen(scene, agency.client) == []
    await unpin(scene, agency.mihai, scene.secret)
    assert {audience for _name, audience, _words in await told(scene)} == {"team"}


async def test_a_pin_follows_its_message(scene: Scene) -> None:
    agency = scene.agency
    await pin(scene, agency.mihai)
    await agency.run(agency.ana, "message.edit", message_id=scene.message, body="Good evening @Mihai")
    (only,) = await seen(scene, agency.client)
    assert only["words"] == f"Good evening @[{agency.mihai.id}]"
    await agency.run(agency.ana, "message.delete", message_id=scene.message)
    assert await seen(scene, agency.ana) == []
    assert await told(scene) == [("pin.added", "all", None), ("pin.changed", "all", None), ("pin.changed", "all", None)]
    with pytest.raises(NotFound):
        await pin(scene, agency.mihai)


async def test_a_long_message_s_pin_has_its_beginning_with_whole_names(scene: Scene) -> None:
    agency = scene.agency
    mention = f"@[{agency.mihai.id}]"
    cases = {
        "a" * (WORDS + 500): "a" * WORDS,
        "a" * (WORDS - 1) + f" {mention} look": "a" * (WORDS - 1) + " ",
        "a" * (WORDS - 5) + f" {mention} look": "a" * (WORDS - 5) + " ",
        "a" * (WORDS - len(mention) - 1) + f" {mention} look": "a" * (WORDS - len(mention) - 1) + f" {mention}",
    }
    for body, words in cases.items():
        posted = await agency.post(agency.ana, body)
        await pin(scene, agency.ana, posted.result["id"])
        assert (await seen(scene, agency.client))[-1]["words"] == words
    assert [words for _name, _audience, words in await told(scene)] == list(cases.values())


async def test_so_many_are_pinned_in_a_room_whoever_comes_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.wall.pins.PINS_AT_MOST", 2)
    agency = scene.agency
    await pin(scene, agency.ana)
    await pin(scene, agency.ana)
    posted = [(await agency.post(agency.ana, f"Note {nr}")).result["id"] for nr in range(4)]
    await asyncio.gather(*(unpin(scene, agency.mihai, id) for id in posted))  # opens a connection for each
    answers = await asyncio.gather(*(pin(scene, agency.mihai, id) for id in posted), return_exceptions=True)
    refused = [answer for answer in answers if answer is not None]
    assert [list(answer.fields or ()) for answer in refused if isinstance(answer, Invalid)] == [["message_id"]] * 3
    assert len(await seen(scene, agency.ana)) == 2
    await unpin(scene, agency.ana)
    await pin(scene, agency.ana, scene.secret)
