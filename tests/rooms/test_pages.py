"""Pages of what people wrote: whoever writes much makes nobody's page large, and everything is reached all the same."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, select

from hub.contract.classes import THINGS
from rooms.access import visible_room
from rooms.tasks.tasks import DESCRIPTIONS_BYTES, task_form, task_in
from rooms.timeline import timeline
from rooms.wall.messages import Message
from rooms.wall.pages import messages
from store.errors import Invalid
from store.log import head, read_page, told_between
from store.pages import PAGE_BYTES, page_of, size_of
from store.streams import EventRow
from tests.fold import fold
from tests.hub.agencies import Agency
from tests.reads import read_log, room_snapshot
from tests.rooms.scenes import Scene

LONG = "ș" * 20_000
"""As long as a text may be; with its HTML it is some 80 KB."""
MANY = 12
AROUND = 2_000
"""So large are the fields around a text at most, in bytes."""


@pytest.fixture
async def wordy(scene: Scene) -> Scene:
    """The scene with long messages on the wall, each of which says which it is."""
    for nr in range(MANY):
        await scene.agency.post(scene.agency.ana, f"{nr} {LONG}"[:20_000])
    return scene


def size_of_texts(forms: list[Any]) -> int:
    return sum(len(form.body.encode()) + len(form.html.encode()) for form in forms)


async def test_long_messages_come_fewer_at_a_time_and_all_are_reached(wordy: Scene) -> None:
    async with wordy.database.reading() as tx:
        room = await visible_room(tx, wordy.agency.ana.actor, UUID(wordy.room))
        page, earlier = await messages(tx, room)
        assert earlier
        assert size_of_texts(page) <= PAGE_BYTES
        found = list(page)
        while earlier:
            page, earlier = await messages(tx, room, before=found[0].id)
            assert page
            assert size_of_texts(page) <= PAGE_BYTES
            found = [*page, *found]
    assert [form.body.split(" ")[0] for form in found[-MANY:]] == [str(nr) for nr in range(MANY)]
    assert len({form.id for form in found}) == len(found) == MANY + 2


async def test_short_messages_come_as_many_as_are_asked_for(scene: Scene) -> None:
    for nr in range(5):
        await scene.agency.post(scene.agency.ana, f"{nr}")
    async with scene.database.reading() as tx:
        room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))
        page, earlier = await messages(tx, room, limit=6)
        assert (len(page), earlier) == (6, True)
        page, earlier = await messages(tx, room, limit=7)
        assert (len(page), earlier) == (7, False)
        assert await messages(tx, room, before=page[0].id) == ([], False)


async def test_it_goes_on_before_a_message_that_was_deleted_meanwhile(scene: Scene) -> None:
    posted = [(await scene.agency.post(scene.agency.ana, f"{nr}")).result["id"] for nr in range(6)]
    await scene.agency.run(scene.agency.ana, "message.delete", message_id=posted[3])
    async with scene.database.reading() as tx:
        room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))
        page, _earlier = await messages(tx, room, before=UUID(posted[3]))
        seen = await visible_room(tx, scene.agency.client.actor, UUID(scene.room))
        before_secret, _earlier = await messages(tx, seen, before=UUID(scene.secret))
        with pytest.raises(Invalid) as caught:
            await messages(tx, room, before=uuid4())
    bodies = [form.body for form in page]  # and what was posted in the same millisecond, which is known already
    assert bodies[bodies.index("0") :][:3] == ["0", "1", "2"]
    assert [str(form.id) for form in before_secret] == [scene.message]
    assert list(caught.value.fields) == ["before"]


async def test_what_is_larger_than_a_page_comes_by_itself(scene: Scene) -> None:
    await scene.agency.post(scene.agency.ana, LONG)
    query, newest_first = select(Message), [Message.posted_at.desc()]
    bounds = {"count_at_most": 50, "bytes_at_most": 1_000}
    async with scene.database.reading() as tx:

        async def read(query: Select[Message]) -> tuple[list[str], bool]:
            found, more = await page_of(tx, query, newest_first, Message.body, Message.html, **bounds)
            return [message.body for message in found], more

        assert await read(query) == ([LONG], True)
        assert await read(query.where(Message.body == LONG)) == ([LONG], False)
        assert await read(query.where(Message.body == "")) == ([], False)


@pytest.mark.parametrize("text", ["x" * 20_000, LONG, "a word", "".join(map(chr, range(0x4E00, 0x4E00 + 9_000)))])
async def test_an_event_is_as_large_as_its_text_however_it_is_kept(scene: Scene, text: str) -> None:
    await scene.agency.post(scene.agency.ana, text)
    async with scene.database.reading() as tx:
        query = select(EventRow.body, size_of(EventRow.body)).order_by(EventRow.recorded_at.desc())
        body, size = (await tx.execute(query.limit(1))).one()
    assert body["message"]["body"] == text
    assert size == pytest.approx(len(json.dumps(body, ensure_ascii=False).encode()), rel=0.2)


async def test_a_snapshot_is_no_larger_than_a_page_and_says_what_it_leaves_out(wordy: Scene) -> None:
    for nr in range(MANY):
        await add(wordy.agency, f"{nr}", LONG)
    async with wordy.database.reading() as tx:
        snapshot = await room_snapshot(tx, wordy.agency.ana.actor, UUID(wordy.room))
    count = len(snapshot["messages"]) + len(snapshot["tasks"]) + 20
    assert len(json.dumps(snapshot, ensure_ascii=False).encode()) <= PAGE_BYTES + DESCRIPTIONS_BYTES + count * AROUND
    assert snapshot["earlier_messages"]
    assert len(snapshot["tasks"]) == MANY + 2


async def test_the_longest_descriptions_are_left_out_and_read_with_the_task(scene: Scene) -> None:
    long = [await add(scene.agency, "Long", LONG) for _ in range(3)]
    short = await add(scene.agency, "Short", "Two **words**")
    async with scene.database.reading() as tx:
        actor = scene.agency.ana.actor
        shown = {task["id"]: task for task in (await room_snapshot(tx, actor, UUID(scene.room)))["tasks"]}
        room = await visible_room(tx, actor, UUID(scene.room))
        whole = task_form(await task_in(tx, room, UUID(long[-1])))
    assert [shown[id]["description"] for id in long] == [LONG, None, None]
    assert [shown[id]["html"] is None for id in long] == [False, True, True]
    assert shown[short]["description"] == "Two **words**"
    assert shown[short]["html"] == "<p>Two <strong>words</strong></p>"
    assert whole.description == LONG
    assert LONG in str(whole.html)


async def test_the_timeline_and_the_log_come_in_pages_too(wordy: Scene) -> None:
    async with wordy.database.reading() as tx:
        room = await visible_room(tx, wordy.agency.ana.actor, UUID(wordy.room))
        at = await head(tx, room.stream.name)
        found, earlier = await timeline(tx, room)
        while earlier:
            page, earlier = await timeline(tx, room, before=found[-1]["at"]["offset"])
            assert page
            assert len(json.dumps(page, ensure_ascii=False).encode()) <= PAGE_BYTES + AROUND * len(page)
            found += page
        log = await read_log(tx, room.stream.name, 0)
        told, more = await read_page(tx, room.stream.name, 0, 500)
        while more:
            further, more = await read_page(tx, room.stream.name, told[-1].offset or 0, 500)
            assert further
            told += further
        assert await read_page(tx, room.stream.name, at.offset, 500) == ([], False)
    assert [event["at"]["offset"] for event in reversed(found)] == [event.offset for event in log]
    assert told == log


async def test_a_room_of_long_texts_is_rebuilt_from_its_events(wordy: Scene) -> None:
    """Its snapshot leaves out some of what was told, and has nothing else."""
    for nr in range(MANY):
        await add(wordy.agency, f"{nr}", LONG)
    async with wordy.database.reading() as tx:
        room = await visible_room(tx, wordy.agency.ana.actor, UUID(wordy.room))
        fresh = await room_snapshot(tx, wordy.agency.ana.actor, room.id)
        log = await read_log(tx, room.stream.name, 0)
    rebuilt = fold({}, [event.wire() for event in log], THINGS)
    assert [form["id"] for form in rebuilt["messages"]][-len(fresh["messages"]) :] == [
        form["id"] for form in fresh["messages"]
    ]
    whole = {task["id"]: task for task in rebuilt["tasks"]}
    left_out = [task for task in fresh["tasks"] if task["description"] is None]
    assert 0 < len(left_out) < MANY
    for task in fresh["tasks"]:
        said = {name: value for name, value in task.items() if value is not None or name not in ("description", "html")}
        assert said.items() <= whole[task["id"]].items()
    assert all(whole[task["id"]]["description"] == LONG for task in left_out)


async def test_what_was_missed_is_told_unless_it_is_too_much(wordy: Scene) -> None:
    async with wordy.database.reading() as tx:
        at = await head(tx, f"room:{wordy.room}")
    driver = wordy.database.driver
    last, every = (at.offset - 1, ("all", "team")), (0, ("all", "team"))

    async def told(after: int, audiences: tuple[str, ...], limit: int = 100, most: int = 10 << 20) -> Any:
        return await told_between(driver, at, after, audiences, count_at_most=limit, bytes_at_most=most)

    assert len(await told(*last)) == 1
    assert len(await told(*every)) == at.offset
    assert await told(*every, limit=at.offset - 1) is None
    assert await told(*last, most=10_000) is None
    assert await told(*every, most=200_000) is None
    assert await told(at.offset, ("all", "team"), limit=0) == []


async def test_not_very_many_long_texts_are_told_singly(wordy: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are kept packed, and to unpack them takes long: the snapshot has the latest of them."""
    async with wordy.database.reading() as tx:
        at = await head(tx, f"room:{wordy.room}")
    bounds = {"count_at_most": 100, "bytes_at_most": 10 << 20}
    monkeypatch.setattr("store.log.SURELY_FEW", MANY)
    monkeypatch.setattr("store.log.PACKED_AT_MOST", MANY)
    assert len(await told_between(wordy.database.driver, at, 0, ("all", "team"), **bounds) or []) == at.offset
    monkeypatch.setattr("store.log.PACKED_AT_MOST", MANY - 1)
    assert await told_between(wordy.database.driver, at, 0, ("all", "team"), **bounds) is None


async def add(agency: Agency, title: str, description: str) -> str:
    fields = {"room_id": agency.room_id, "title": title, "description": description}
    return str((await agency.run(agency.ana, "task.create", **fields)).result["id"])
