"""Time: one timer a person, no two stretches at once, and nothing lost between two clicks."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from rooms.access import visible_room
from rooms.time.entries import TimeEntry
from rooms.time.timers import (
    StartTimer,
    StopTimer,
    own_timer_at_once,
    own_timers,
    running_timers,
    start_timer,
    stop_timer,
)
from store.errors import Refusal
from store.ids import new_id
from tests.reads import read_log
from tests.rooms.scenes import Scene


async def entries(scene: Scene) -> list[TimeEntry]:
    async with scene.database.reading() as tx:
        return list(
            await tx.scalars(select(TimeEntry).order_by(TimeEntry.started_at, TimeEntry.stopped_at.nulls_last()))
        )


async def test_cc78_79_a_stretch_has_a_start_and_an_end(scene: Scene) -> None:
    agency = scene.agency
    started = await agency.run(agency.ana, "timer.start", room_id=scene.room, task_id=scene.task)
    stopped = await agency.run(agency.ana, "timer.stop", note="First draft")
    assert started.result["id"] == stopped.result["id"]
    (entry,) = await entries(scene)
    assert entry.stopped_at is not None
    assert entry.started_at < entry.stopped_at
    assert (entry.room_id, entry.task_id, entry.note) == (UUID(scene.room), UUID(scene.task), "First draft")


async def test_cc81_82_time_is_recorded_on_the_room_in_general_or_on_a_task(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room)
    await agency.run(agency.ana, "timer.start", room_id=scene.room, task_id=scene.task)
    general, on_the_task = await entries(scene)
    assert (general.task_id, on_the_task.task_id) == (None, UUID(scene.task))
    assert general.stopped_at is not None
    assert general.stopped_at <= on_the_task.started_at
    assert on_the_task.stopped_at is None


async def test_pages_show_somebody_s_own_timer(scene: Scene) -> None:
    driver, ana = scene.database.driver, scene.agency.ana.actor
    await scene.agency.run(scene.agency.mihai, "timer.start", room_id=scene.room)
    assert await own_timer_at_once(driver, ana) is None
    await scene.agency.run(scene.agency.ana, "timer.start", room_id=scene.room, task_id=scene.task, note="Draft")
    for by in (None, {"id": str(new_id(datetime.now(UTC))), "name": "Root"}):
        async with scene.database.transaction() as tx:
            await tx.execute(update(TimeEntry).values(acted_by=by))
        async with scene.database.reading(ana.within) as tx:
            (timer,) = await own_timers(tx, ana)
        assert await own_timer_at_once(driver, ana) == timer
        assert timer.task_title == "Homepage copy"


async def test_many_clicks_at_once_are_one_timer(scene: Scene) -> None:
    agency = scene.agency
    answers = await asyncio.gather(
        *(agency.run(agency.ana, "timer.start", room_id=scene.room) for _ in range(8)),
    )
    assert len({answer.result["id"] for answer in answers}) == 1
    assert len(await entries(scene)) == 1


async def test_many_stops_at_once_stop_once(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room)
    answers = await asyncio.gather(*(agency.run(agency.ana, "timer.stop") for _ in range(6)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.code for refusal in refused] == ["no_timer"] * 5


async def test_starts_in_two_rooms_at_once_leave_one_running_and_no_overlap(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.admin, "member.add", room_id=scene.spare_room, person_id=str(agency.ana.id))
    rooms = [scene.room, scene.spare_room] * 4
    await asyncio.gather(*(agency.run(agency.ana, "timer.start", room_id=room) for room in rooms))
    found = await entries(scene)
    assert sum(entry.stopped_at is None for entry in found) == 1
    for earlier, later in pairwise(found):
        assert earlier.stopped_at is not None
        assert earlier.stopped_at <= later.started_at


@pytest.mark.parametrize("offset", [timedelta(minutes=-30), timedelta(minutes=30)])
async def test_the_database_itself_refuses_an_overlap(scene: Scene, offset: timedelta) -> None:
    async with scene.database.transaction() as tx:
        room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))

        def stretch(shift: timedelta) -> TimeEntry:
            return TimeEntry(
                id=tx.new_id(),
                business_id=room.business_id,
                room_id=room.id,
                person_id=scene.agency.ana.id,
                audience="all",
                started_at=tx.now + shift,
                stopped_at=tx.now + shift + timedelta(hours=1),
            )

        tx.add(stretch(timedelta()))
        await tx.flush()
        savepoint = await tx.session.begin_nested()
        tx.add(stretch(offset))
        with pytest.raises(IntegrityError, match="ex_entries_overlap"):
            await tx.flush()
        await savepoint.rollback()
        tx.add(stretch(timedelta(hours=1)))
        await tx.flush()  # one after the other is fine


async def test_another_node_s_clock_may_be_ahead(scene: Scene) -> None:
    ana = scene.agency.ana.actor
    start = StartTimer(room_id=UUID(scene.room))
    async with scene.database.transaction() as tx:
        tx.now += timedelta(minutes=5)
        await start_timer(tx, ana, start)
    async with scene.database.transaction() as tx:
        stopped = await stop_timer(tx, ana, StopTimer())
        assert stopped.stopped_at == stopped.started_at
    async with scene.database.transaction() as tx:
        again = await start_timer(tx, ana, start)
        assert again.started_at == stopped.stopped_at


async def test_cc95_96_a_start_stands_where_the_manager_and_the_client_look(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room, task_id=scene.task)
    async with scene.database.reading() as tx:
        for person in (agency.admin, agency.client, agency.mihai):
            (timer,) = await running_timers(tx, person.actor)
            assert (timer.person_name, timer.room_title, timer.task_title) == ("Ana", "Website", "Homepage copy")
        for person in (scene.freelancer, agency.outsider):
            assert await running_timers(tx, person.actor) == []


async def test_a_client_does_not_see_work_on_what_is_the_team_s(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room, task_id=scene.secret_task)
    async with scene.database.reading() as tx:
        assert await running_timers(tx, agency.client.actor) == []
        assert len(await running_timers(tx, agency.mihai.actor)) == 1


async def test_a_timer_stops_with_its_room_and_its_membership(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room)
    await agency.run(agency.mihai, "timer.start", room_id=scene.room)
    await agency.run(agency.admin, "member.remove", room_id=scene.room, person_id=str(agency.ana.id))
    assert [entry.stopped_at is None for entry in await entries(scene)] == [False, True]
    await agency.run(agency.admin, "room.archive", room_id=scene.room)
    assert [entry.stopped_at is None for entry in await entries(scene)] == [False, False]


@pytest.mark.parametrize(
    ("ending", "fields", "reason"),
    [
        ("room.archive", {"room_id": "room"}, "room_archived"),
        ("task.complete", {"task_id": "task"}, "task_completed"),
        ("member.remove", {"room_id": "room", "person_id": "ana"}, "member_removed"),
        ("person.deactivate", {"person_id": "ana", "successor_id": "mihai"}, "person_deactivated"),
    ],
)
async def test_a_timer_that_another_ends_stays_its_person_s_and_says_who_ended_it_and_why(
    scene: Scene, ending: str, fields: dict[str, str], reason: str
) -> None:
    agency = scene.agency
    known = {
        "room": scene.room,
        "task": scene.task,
        "ana": str(agency.ana.id),
        "mihai": str(agency.mihai.id),
    }
    await agency.run(agency.ana, "timer.start", room_id=scene.room, task_id=scene.task)
    await agency.run(agency.admin, ending, **{field: known[name] for field, name in fields.items()})
    for stream in (f"room:{scene.room}", f"person:{agency.ana.id}", f"business:{agency.admin.actor.business_id}"):
        async with scene.database.reading() as tx:
            told = [event for event in await read_log(tx, stream, 0) if event.name == "timer.stopped"]
        assert [(event.actor_id, event.body["reason"]) for event in told] == [(agency.admin.id, reason)], stream
        if stream.startswith("room:"):
            assert told[0].body["entry"]["person_id"] == str(agency.ana.id)
    (entry,) = await entries(scene)
    assert entry.person_id == agency.ana.id, "the time stays Ana's"


async def test_who_stops_their_own_timer_needs_no_reason(scene: Scene) -> None:
    agency = scene.agency
    await agency.run(agency.ana, "timer.start", room_id=scene.room)
    await agency.run(agency.ana, "timer.stop")
    async with scene.database.reading() as tx:
        told = (await read_log(tx, f"room:{scene.room}", 0))[-1]
    assert (told.name, told.actor_id, "reason" in told.body) == ("timer.stopped", agency.ana.id, False)
