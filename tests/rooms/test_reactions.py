"""Reactions: emojis under a message, each person's once, in the order in which they came."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from people.hands import NotInAnothersName
from people.persons.superadmins import add_superadmin
from people.signing.sessions import open_session
from rooms.access import RoomIsArchived, visible_room
from rooms.wall.pages import messages
from rooms.wall.reactions import reactions_to
from store.database import to_json
from store.errors import Invalid, NotFound
from store.streams import StoredEvent
from tests.hub.agencies import Person
from tests.people.acting import acting_as
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene


async def react(scene: Scene, person: Person, emoji: str, to: str | None = None) -> None:
    await scene.agency.run(person, "reaction.add", message_id=to or scene.message, emoji=emoji)


async def take_back(scene: Scene, person: Person, emoji: str, to: str | None = None) -> None:
    await scene.agency.run(person, "reaction.remove", message_id=to or scene.message, emoji=emoji)


async def seen(scene: Scene, person: Person) -> list[tuple[str, list[str]]]:
    """The emojis that somebody sees in the room in their order, and who gave each."""
    async with scene.database.reading() as tx:
        room = await room_snapshot(tx, person.actor, UUID(scene.room))
    return [(form["emoji"], names(scene, form)) for form in room["reactions"]]


def names(scene: Scene, form: dict[str, Any]) -> list[str]:
    called = {str(getattr(scene.agency, name).id): name for name in ("admin", "ana", "mihai", "client")}
    return [called[id] for id in form["person_ids"]]


async def told(scene: Scene) -> list[StoredEvent]:
    async with scene.database.reading() as tx:
        log = await read_log(tx, f"room:{scene.room}", 0)
    return [event for event in log if event.name.startswith("reaction.")]


async def test_everyone_gives_an_emoji_once_and_the_first_stands_first(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.ana, "👍")
    await react(scene, agency.client, "🎉")
    for _twice in range(2):
        await react(scene, agency.mihai, "👍")
    assert await seen(scene, agency.client) == [("👍", ["ana", "mihai"]), ("🎉", ["client"])]
    assert [(event.name, names(scene, event.body["reaction"])) for event in await told(scene)] == [
        ("reaction.added", ["ana"]),
        ("reaction.added", ["client"]),
        ("reaction.added", ["ana", "mihai"]),
    ]


async def test_one_takes_back_one_s_own_alone(scene: Scene) -> None:
    agency = scene.agency
    for person, emoji in ((agency.ana, "👍"), (agency.client, "🎉"), (agency.mihai, "👍")):
        await react(scene, person, emoji)
    await take_back(scene, agency.client, "👍")
    await take_back(scene, agency.ana, "👍")
    assert await seen(scene, agency.ana) == [("👍", ["mihai"]), ("🎉", ["client"])]
    await take_back(scene, agency.mihai, "👍")
    await react(scene, agency.ana, "👍")
    assert await seen(scene, agency.ana) == [("🎉", ["client"]), ("👍", ["ana"])]


async def test_what_is_told_of_a_reaction_is_small_however_long_the_message(scene: Scene) -> None:
    agency = scene.agency
    long = (await agency.post(agency.ana, "ș" * 20_000)).result["id"]
    for message in (scene.message, long):
        await react(scene, agency.mihai, "👍", message)
        await react(scene, agency.client, "👍", message)
        await take_back(scene, agency.mihai, "👍", message)
    sizes = [len(to_json(event.wire())) for event in await told(scene)]
    assert max(sizes) < 700
    assert {event.body["reaction"]["message_id"] for event in await told(scene)} == {scene.message, long}


async def test_an_emoji_typed_in_two_ways_is_one(scene: Scene) -> None:
    await react(scene, scene.agency.ana, "\u2764")
    await react(scene, scene.agency.mihai, "\u2764\ufe0f")
    assert [who for _emoji, who in await seen(scene, scene.agency.ana)] == [["ana", "mihai"]]


async def test_what_is_no_emoji_is_refused_by_its_field(scene: Scene) -> None:
    with pytest.raises(Invalid) as refused:
        await react(scene, scene.agency.ana, "ok")
    assert list(refused.value.fields or ()) == ["emoji"]


async def test_so_many_different_ones_are_enough_but_more_may_join_in(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.wall.reactions.KINDS_AT_MOST", 2)
    agency = scene.agency
    await react(scene, agency.ana, "👍")
    await react(scene, agency.ana, "🎉")
    with pytest.raises(Invalid) as refused:
        await react(scene, agency.mihai, "👀")
    assert list(refused.value.fields or ()) == ["emoji"]
    await react(scene, agency.mihai, "👍")
    await take_back(scene, agency.ana, "🎉")
    await react(scene, agency.mihai, "👀")
    assert await seen(scene, agency.client) == [("👍", ["ana", "mihai"]), ("👀", ["mihai"])]


async def test_whoever_comes_at_once_joins_in_and_nobody_brings_one_too_many(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.wall.reactions.KINDS_AT_MOST", 3)
    agency = scene.agency
    people = [agency.ana, agency.mihai, agency.client, agency.admin]
    await asyncio.gather(*(take_back(scene, person, "👍") for person in people))  # opens a connection for each
    await asyncio.gather(*(react(scene, person, "👍") for person in people))
    others = ("🎉", "👀", "✅", "🔥")
    answers = await asyncio.gather(*(react(scene, agency.ana, emoji) for emoji in others), return_exceptions=True)
    assert [list(answer.fields or ()) for answer in answers if isinstance(answer, Invalid)] == [["emoji"]] * 2
    (first, *more) = await seen(scene, agency.ana)
    assert (first[0], sorted(first[1])) == ("👍", ["admin", "ana", "client", "mihai"])
    assert len(more) == 2
    await asyncio.gather(*(take_back(scene, person, "👍") for person in people))
    assert await seen(scene, agency.ana) == more


async def test_a_reaction_to_the_team_s_message_is_not_known_to_the_client(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.ana, "👍", scene.secret)
    await react(scene, agency.mihai, "👍", scene.secret)
    await take_back(scene, agency.ana, "👍", scene.secret)
    assert await seen(scene, agency.mihai) == [("👍", ["mihai"])]
    assert await seen(scene, agency.client) == []
    assert {(event.audience, event.body["reaction"]["audience"]) for event in await told(scene)} == {("team", "team")}
    await agency.run(agency.ana, "message.delete", message_id=scene.secret)
    assert {event.audience for event in await told(scene)} == {"team"}


async def test_earlier_messages_come_with_theirs(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.mihai, "👍")
    await react(scene, agency.mihai, "🎉", scene.secret)
    for nr in range(3):
        last = (await agency.post(agency.ana, f"Note {nr}")).result["id"]
    await react(scene, agency.mihai, "✅", last)
    for person, emojis in ((agency.ana, ["👍", "🎉"]), (agency.client, ["👍"])):
        async with scene.database.reading() as tx:
            room = await visible_room(tx, person.actor, UUID(scene.room))
            earlier, more = await messages(tx, room, UUID(last), 50)
            found = await reactions_to(tx, earlier)
        assert not more
        assert {form.message_id for form in found} < {form.id for form in earlier}
        assert [form.emoji for form in found] == emojis


async def test_an_edited_message_keeps_its_reactions(scene: Scene) -> None:
    await react(scene, scene.agency.mihai, "👍")
    given = await seen(scene, scene.agency.ana)
    await scene.agency.run(scene.agency.ana, "message.edit", message_id=scene.message, body="Good evening")
    assert await seen(scene, scene.agency.ana) == given == [("👍", ["mihai"])]


async def test_with_a_message_its_reactions_go_and_leave_the_log(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.mihai, "👍")
    await react(scene, agency.client, "👍")
    await react(scene, agency.client, "🎉")
    await agency.run(agency.admin, "message.delete", message_id=scene.message)
    assert await seen(scene, agency.ana) == []
    events = await told(scene)
    assert [event.name for event in events] == ["reaction.added"] * 3 + ["reaction.removed"] * 2
    assert all(event.body["reaction"].keys() == {"id", "gone"} for event in events)
    with pytest.raises(NotFound):
        await react(scene, agency.mihai, "👍")


async def test_who_is_erased_stays_among_those_who_gave_it_under_a_pseudonym(scene: Scene) -> None:
    agency = scene.agency
    for person in (agency.mihai, agency.ana):
        await react(scene, person, "👍")
    mihai = str(agency.mihai.id)
    await agency.run(agency.admin, "person.deactivate", person_id=mihai, successor_id=str(agency.ana.id))
    await agency.run(agency.admin, "person.erase", person_id=mihai, name="Mihai")
    assert await seen(scene, agency.ana) == [("👍", ["mihai", "ana"])]
    async with scene.database.reading() as tx:
        room = await room_snapshot(tx, agency.ana.actor, UUID(scene.room))
    (named,) = [person["name"] for person in room["persons"] if person["id"] == mihai]
    assert "Mihai" not in named


async def test_in_an_archived_room_they_stand_still(scene: Scene) -> None:
    agency = scene.agency
    await react(scene, agency.mihai, "👍")
    await agency.run(agency.admin, "room.archive", room_id=scene.room)
    for refused in (react(scene, agency.mihai, "🎉"), take_back(scene, agency.mihai, "👍")):
        with pytest.raises(RoomIsArchived):
            await refused
    assert await seen(scene, agency.client) == [("👍", ["mihai"])]


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
