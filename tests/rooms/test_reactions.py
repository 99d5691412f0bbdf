"""Reactions: emojis under a message, each person's once, in the order in which they came."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from people.hands import NotInAnothersName
from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from rooms.wall.messages import Message
from rooms.wall.reactions import KINDS_AT_MOST
from store.errors import Invalid, NotFound
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene


async def react(scene: Scene, person: Person, emoji: str, to: str | None = None) -> list[dict[str, Any]]:
    """Give an emoji; these are all that the message then has."""
    answer = await scene.agency.run(person, "reaction.add", message_id=to or scene.message, emoji=emoji)
    found: list[dict[str, Any]] = answer.result["reactions"]
    return found


async def take_back(scene: Scene, person: Person, emoji: str) -> list[dict[str, Any]]:
    answer = await scene.agency.run(person, "reaction.remove", message_id=scene.message, emoji=emoji)
    found: list[dict[str, Any]] = answer.result.get("reactions", [])
    return found


async def told(scene: Scene) -> list[str]:
    async with scene.database.reading() as tx:
        return [
            event.name for event in await read_log(tx, f"room:{scene.room}", 0) if event.name.startswith("reaction.")
        ]


async def test_everyone_gives_an_emoji_once_and_the_first_stands_first(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.ana, "👍")
    await react(scene, agency.client, "🎉")
    given = await react(scene, agency.mihai, "👍")
    assert given == [
        {"emoji": "👍", "person_ids": [str(agency.ana.id), str(agency.mihai.id)]},
        {"emoji": "🎉", "person_ids": [str(agency.client.id)]},
    ]
    assert await react(scene, agency.mihai, "👍") == given
    assert await told(scene) == ["reaction.added"] * 3


async def test_one_takes_back_one_s_own_alone(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.ana, "👍")
    await react(scene, agency.mihai, "👍")
    assert await take_back(scene, agency.client, "👍") != []
    assert await take_back(scene, agency.ana, "👍") == [{"emoji": "👍", "person_ids": [str(agency.mihai.id)]}]
    assert await take_back(scene, agency.mihai, "👍") == []
    assert await told(scene) == ["reaction.added"] * 2 + ["reaction.removed"] * 2


async def test_an_emoji_typed_in_two_ways_is_one(scene: Scene) -> None:
    await react(scene, scene.agency.ana, "\u2764")
    (heart,) = await react(scene, scene.agency.mihai, "\u2764\ufe0f")
    assert len(heart["person_ids"]) == 2


async def test_what_is_no_emoji_is_refused_by_its_field(scene: Scene) -> None:
    with pytest.raises(Invalid) as refused:
        await react(scene, scene.agency.ana, "ok")
    assert list(refused.value.fields or ()) == ["emoji"]


async def test_so_many_different_ones_are_enough_but_more_may_join_in(scene: Scene) -> None:
    agency = scene.agency
    async with scene.database.transaction() as tx:
        many = [{"emoji": chr(0x1F600 + nr), "person_ids": [str(agency.ana.id)]} for nr in range(KINDS_AT_MOST)]
        await tx.execute(update(Message).where(Message.id == UUID(scene.message)).values(reactions=many))
    with pytest.raises(Invalid) as refused:
        await react(scene, agency.mihai, "👍")
    assert list(refused.value.fields or ()) == ["emoji"]
    given = await react(scene, agency.mihai, chr(0x1F600))
    assert given[0]["person_ids"] == [str(agency.ana.id), str(agency.mihai.id)]


async def test_an_edited_message_keeps_its_reactions(scene: Scene) -> None:
    given = await react(scene, scene.agency.mihai, "👍")
    edited = await scene.agency.run(scene.agency.ana, "message.edit", message_id=scene.message, body="Good evening")
    assert edited.result["reactions"] == given


async def test_with_a_message_its_words_leave_what_told_of_reactions(scene: Scene) -> None:
    await react(scene, scene.agency.mihai, "👍")
    await scene.agency.run(scene.agency.ana, "message.delete", message_id=scene.message)
    async with scene.database.reading() as tx:
        (event,) = [event for event in await read_log(tx, f"room:{scene.room}", 0) if event.name == "reaction.added"]
    assert event.body["message"] == {"id": scene.message, "gone": True}
    with pytest.raises(NotFound):
        await react(scene, scene.agency.mihai, "👍")


async def test_nobody_reacts_in_another_s_name(scene: Scene) -> None:
    async with scene.database.transaction() as tx:
        root_id = await add_superadmin(tx, "Rita", "rita@root.example", "grey heron over water")
        root = Person(*await open_session(tx, root_id, address="127.0.0.1", agent="test"))
    as_ana = await acting_as(scene.database, root, scene.agency.ana)
    for verb in ("reaction.add", "reaction.remove"):
        with pytest.raises(NotInAnothersName):
            await scene.agency.run(as_ana, verb, message_id=scene.message, emoji="👍")
    async with scene.database.reading() as tx:
        room = await room_snapshot(tx, as_ana.actor, UUID(scene.room))
    assert not {"reaction.add", "reaction.remove"} & set(room["me"]["may"])
    assert "message.post" in room["me"]["may"]
