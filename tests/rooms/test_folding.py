"""Old state + told events = fresh state, for every command, through every lens.

This is what lets a browser, a bot or the time machine rebuild a room from events alone.
"""

from contextlib import suppress
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest

from hub.contract.classes import COMMANDS, THINGS
from hub.parts import FOLDING, ROOM_PARTS
from people.actors import Actor
from rooms import pictures
from rooms.access import visible_room
from rooms.pictures import Pictures
from rooms.snapshots import person_snapshot, snapshot_of
from store.errors import NotFound, Refusal
from store.log import head, heads_of
from tests.fold import fold
from tests.people.cases import CASES as ELSEWHERE_CASES
from tests.people.cases import EVERYONES
from tests.reads import read_log
from tests.rooms.cases import CASES, Case, person
from tests.rooms.scenes import Scene
from tests.sentences import unsaid

WATCHERS = ("admin", "ana", "mihai", "client")
GLANCE = frozenset({"wall"})
"""A room with its wall alone, and of its other parts what the room lives by without them."""

# What isn't about a room at all has its own tests, with people.
ELSEWHERE = {case.name for case in ELSEWHERE_CASES} | EVERYONES


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_old_state_and_events_make_fresh_state(scene: Scene, case: Case) -> None:
    await case.before(scene)
    before = {name: await seen(scene, person(scene, name).actor) for name in WATCHERS}
    glances = {name: (await seen(scene, person(scene, name).actor, GLANCE))[0] for name in WATCHERS}
    own_before = await own(scene)
    kept = Pictures(scene.database, ROOM_PARTS, FOLDING)
    for name in WATCHERS:
        await pictured(kept, scene, person(scene, name).actor)

    await scene.agency.run(person(scene, case.by), case.name, **case.fields(scene))

    for name in WATCHERS:
        old, at = before[name]
        actor = person(scene, name).actor
        fresh, _ = await seen(scene, actor)
        if fresh is None:
            continue  # who was removed sees nothing any more
        events = await told(scene, actor, at)
        assert in_order(fold(old, events, THINGS)) == in_order(fresh), f"{name} sees it wrongly"
        fresh_glance, _ = await seen(scene, actor, GLANCE)
        folded = fold(glances[name], events, THINGS)
        assert at_a_glance(folded) == at_a_glance(fresh_glance), f"{name} sees it wrongly at a glance"
        anew = await pictured(Pictures(scene.database, ROOM_PARTS, FOLDING), scene, actor)
        assert await pictured(kept, scene, actor) == anew, f"{name} sees an old picture"
    await ana_s_own_stream_folds_too(scene, *own_before)


@pytest.mark.parametrize("seed", [1, 2])
async def test_pictures_go_on_through_commands_in_any_order(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several at a time, of the room and of its process."""
    monkeypatch.setattr(pictures, "FOLDED_AT_MOST", 1_000)
    kept, chance, folded = Pictures(scene.database, ROOM_PARTS, FOLDING), Random(seed), 0
    for case in chance.sample(CASES, len(CASES)):
        with suppress(Refusal):  # an earlier case took away what this one needs
            await case.before(scene)
            await scene.agency.run(person(scene, case.by), case.name, **case.fields(scene))
        for actor in (person(scene, name).actor for name in chance.sample(WATCHERS, chance.choice([0, 0, 2]))):
            with suppress(NotFound):  # who was removed sees nothing any more
                anew = await pictured(Pictures(scene.database, ROOM_PARTS, FOLDING), scene, actor)
                assert await pictured(kept, scene, actor) == anew, f"after {case.name}"
                folded += (await kept.seen(actor, UUID(scene.room))).folded > 0
    assert folded > 5


async def ana_s_own_stream_folds_too(scene: Scene, old: dict[str, Any], at: int) -> None:
    fresh, _ = await own(scene)
    async with scene.database.reading() as tx:
        events = [event.wire() for event in await read_log(tx, f"person:{scene.agency.ana.id}", at)]
    assert in_order(fold(old, events, THINGS)) == in_order(fresh)


@pytest.mark.parametrize("name", ["admin", "ana", "client"])
async def test_a_room_is_rebuilt_from_its_first_event(scene: Scene, name: str) -> None:
    for case in (case for case in CASES if case.name not in ("room.archive", "room.restore", "member.remove")):
        try:
            await case.before(scene)
            await scene.agency.run(person(scene, case.by), case.name, **case.fields(scene))
        except Refusal:
            continue  # an earlier case took away what this one needs
    actor = person(scene, name).actor
    fresh, _ = await seen(scene, actor)
    rebuilt = fold({}, await told(scene, actor, (0, 0)), THINGS)
    fresh = {key: value for key, value in fresh.items() if key != "presences"}
    assert len(fresh["messages"]) >= 3
    assert in_order({key: rebuilt.get(key, []) for key in fresh}) == in_order(fresh)
    assert not await unsaid(scene.database)


def test_every_command_is_tried() -> None:
    assert {case.name for case in CASES} | ELSEWHERE == set(COMMANDS)


Places = tuple[int, int]
"""How far a room's log is, and its process's."""


async def seen(scene: Scene, actor: Actor, parts: frozenset[str] | None = None) -> tuple[Any, Places]:
    async with scene.database.reading() as tx:
        try:
            room = await visible_room(tx, actor, UUID(scene.room))
        except NotFound:
            return None, (0, 0)
        state = await snapshot_of(tx, actor, room, parts)
        del (
            state["me"],
            state["earlier_messages"],
        )  # who asks isn't part of the room, nor what the snapshot leaves to be read
        at, process_at = await heads_of(tx, [room.stream.name, room.process_stream.name])
        return state, (at.offset, process_at.offset)


async def pictured(kept: Pictures, scene: Scene, actor: Actor) -> list[dict[str, Any]]:
    """A room as its pictures show it to who is in it: whole, and at a glance."""
    whole, glance = [await kept.seen(actor, UUID(scene.room), parts) for parts in (None, GLANCE)]
    shown: list[dict[str, Any]] = orjson.loads(orjson.dumps([each.seen_by(actor, {}) for each in (whole, glance)]))
    return [in_order(shown[0]), at_a_glance(shown[1]) | {"counts": shown[1]["counts"], "title": glance.title}]


async def own(scene: Scene) -> tuple[dict[str, Any], int]:
    ana = scene.agency.ana.actor
    async with scene.database.reading() as tx:
        return await person_snapshot(tx, ana), (await head(tx, f"person:{ana.id}")).offset


async def told(scene: Scene, actor: Actor, after: Places) -> list[dict[str, Any]]:
    """What a room's own log and that of its process tell, each after its place."""
    async with scene.database.reading() as tx:
        room = await visible_room(tx, actor, UUID(scene.room))
        return [
            event.wire()
            for stream, place in zip((room.stream, room.process_stream), after, strict=True)
            for event in await read_log(tx, stream.name, place, audiences=room.audiences)
        ]


def at_a_glance(state: dict[str, Any]) -> dict[str, Any]:
    """A state with what a glance has of it: no descriptions of tasks. How many there are isn't a thing."""
    tasks = [task | {"description": None, "html": None} for task in state["tasks"]]
    return in_order({key: value for key, value in state.items() if key != "counts"} | {"tasks": tasks})


def in_order(state: dict[str, Any]) -> dict[str, Any]:
    """A state with its lists in the order of their identifiers: the fold keeps things, screens sort them."""
    return {
        key: sorted(value, key=lambda form: form["id"]) if isinstance(value, list) else value
        for key, value in state.items()
    }
