"""Hours: time belongs to the local day and month in which it passed, and the parts add up to the whole."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from people.actors import Actor
from rooms.access import visible_room
from rooms.time.entries import TimeEntry, entries
from rooms.time.hours import (
    EPOCH,
    hours_by_day,
    hours_by_room,
    hours_in,
    inside,
    parts_by_day,
    seconds_between,
    team_days,
    this_month_of,
    this_week_of,
    today_of,
)
from store.database import Transaction
from store.days import Span, days_from, local_day, midnight, month_of
from tests.hub.agencies import Person
from tests.rooms.scenes import Scene

TABLE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "shared" / "hours.json").read_text())
"""What the browser counts too: web/client/tests/hours.test.ts reads it."""
ENTRIES = pytest.mark.parametrize("case", TABLE["entries"], ids=lambda case: str(case["name"]))
ZONES = sorted(available_timezones() - {"localtime"})


def stretch_of(case: dict[str, Any]) -> tuple[datetime, datetime]:
    begin = datetime.fromisoformat(case["started_at"])
    return begin, max(begin, datetime.fromisoformat(case["stopped_at"] or case["now"]))


@ENTRIES
def test_time_is_counted_on_the_days_on_which_it_passed(case: dict[str, Any]) -> None:
    begin, end = stretch_of(case)
    parts = list(parts_by_day(begin, end, ZoneInfo(case["zone"])))
    if "days" in case:
        assert {part.day.isoformat(): part.seconds for part in parts} == case["days"]
    assert sum(part.seconds for part in parts) == seconds_between(begin, end)


@ENTRIES
def test_time_is_counted_in_the_months_in_which_it_passed(case: dict[str, Any]) -> None:
    (begin, end), zone = stretch_of(case), ZoneInfo(case["zone"])
    months = {part.day.replace(day=1) for part in parts_by_day(begin, end, zone)}
    found = {f"{month:%Y-%m}": inside(month_of(month, zone), begin, end) for month in sorted(months)}
    assert found == case.get("months", found)
    assert sum(found.values()) == seconds_between(begin, end)


MOMENTS = st.integers(0, 4_102_000_000_000_000).map(lambda microseconds: EPOCH + timedelta(microseconds=microseconds))


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_a_stretch_counts_whole_minutes_and_is_less_than_one_off(begin: datetime, length: timedelta) -> None:
    seconds = seconds_between(begin, begin + length)
    assert seconds % 60 == 0
    assert abs(seconds - length.total_seconds()) < 60
    hands = [at.replace(second=0, microsecond=0) for at in (begin, begin + length)]
    assert seconds == (hands[1] - hands[0]).total_seconds()


@given(st.sampled_from(ZONES), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_parts_add_up_to_the_whole_in_any_zone(name: str, begin: datetime, length: timedelta) -> None:
    zone, end = ZoneInfo(name), begin + length
    parts = list(parts_by_day(begin, end, zone))
    assert (parts[0].begin, parts[-1].end) == (begin, end)
    assert all(one.end == other.begin for one, other in pairwise(parts))
    assert sum(part.seconds for part in parts) == seconds_between(begin, end)
    for part in parts:
        day = days_from(part.day, 1, zone)
        assert day.begin <= part.begin
        assert part.end <= day.end
    by_month: Counter[date] = Counter()
    for part in parts:
        by_month[part.day.replace(day=1)] += part.seconds
    assert by_month == {month: inside(month_of(month, zone), begin, end) for month in by_month}


@given(st.sampled_from(ZONES), st.dates(date(1970, 1, 2), date(2099, 12, 30)))
def test_a_day_begins_when_its_date_is_first_seen(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    begin = midnight(day, zone)
    assert local_day(begin, zone) >= day
    assert local_day(begin - timedelta(seconds=1), zone) < day


def test_moments_of_one_zone_are_compared_as_moments() -> None:
    """Python subtracts two moments of one ZoneInfo by the hands of the clock."""
    zone = ZoneInfo("Europe/Bucharest")
    begin, end = datetime(2026, 10, 25, 0, 0, tzinfo=zone), datetime(2026, 10, 26, 0, 0, tzinfo=zone)
    assert end - begin == timedelta(hours=24)
    assert seconds_between(begin, end) == 25 * 3600
    assert [part.seconds for part in parts_by_day(begin, end, zone)] == [25 * 3600]


# As PostgreSQL counts, out of what stands in the room


@pytest.fixture
async def worked(scene: Scene) -> Callable[..., AbstractAsyncContextManager[Transaction]]:
    """What Ana worked in the Website room, whatever stood there before, as it is at a moment."""

    @asynccontextmanager
    async def at(now: str, *stretches: tuple[str, str | None]) -> AsyncIterator[Transaction]:
        async with scene.database.transaction(now=datetime.fromisoformat(now)) as tx:
            room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))
            await tx.execute(delete(TimeEntry))
            for begin, end in stretches:
                tx.add(
                    TimeEntry(
                        id=tx.new_id(),
                        business_id=room.business_id,
                        room_id=room.id,
                        person_id=scene.agency.ana.id,
                        audience="all",
                        started_at=datetime.fromisoformat(begin),
                        stopped_at=datetime.fromisoformat(end) if end else None,
                    )
                )
            await tx.flush()
            yield tx

    return at


def reading_in(zone: str, person: Person) -> Actor:
    return replace(person.actor, time_zone=zone)


BUCHAREST = "Europe/Bucharest"
OVER_THE_LONG_DAY = ("2026-10-24T19:00:00Z", "2026-10-26T00:00:00Z")
OVER_THE_MONTH_S_END = ("2026-10-31T20:00:00Z", "2026-11-01T02:00:00Z")


@ENTRIES
async def test_the_database_counts_the_same(scene: Scene, worked: Any, case: dict[str, Any]) -> None:
    zone, now = ZoneInfo(case["zone"]), case.get("now", "2026-11-21T09:00:00Z")
    begin, end = stretch_of(case)
    async with worked(now, (case["started_at"], case["stopped_at"])) as tx:
        room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))
        assert await hours_in(tx, room, Span(begin, max(end, begin))) == seconds_between(begin, end)
        for part in parts_by_day(begin, end, zone):
            assert await hours_in(tx, room, days_from(part.day, 1, zone)) == part.seconds
        for month, seconds in case.get("months", {}).items():
            assert await hours_in(tx, room, month_of(date.fromisoformat(f"{month}-01"), zone)) == seconds


async def test_a_room_s_card_has_what_passed_in_this_month(scene: Scene, worked: Any) -> None:
    ana = reading_in(BUCHAREST, scene.agency.ana)
    for now, hours in (("2026-10-31T21:59:59Z", 2), ("2026-10-31T22:00:00Z", 4)):
        async with worked(now, OVER_THE_MONTH_S_END) as tx:
            found = await hours_by_room(tx, ana, [UUID(scene.room)], this_month_of(tx.now, ana))
        assert found == {UUID(scene.room): hours * 3600}, now


FOUR_DAYS = [(f"2026-11-{day}T08:00:00Z", f"2026-11-{day}T08:20:40Z") for day in (21, 22, 23, 24)]


async def test_a_day_reads_the_same_wherever_it_is_shown(scene: Scene, worked: Any) -> None:
    ana, admin = (reading_in(BUCHAREST, person) for person in (scene.agency.ana, scene.agency.admin))
    async with worked("2026-11-24T12:00:00Z", *FOUR_DAYS) as tx:
        room = await visible_room(tx, ana, UUID(scene.room))
        at_home = dict(await hours_by_day(tx, ana, 7, own=True))
        found = await entries(tx, room, tx.now - timedelta(days=62))
        in_the_room = Counter[date]()
        for entry in found:
            for part in parts_by_day(entry.started_at, entry.stopped_at or tx.now, ZoneInfo(BUCHAREST)):
                in_the_room[part.day] += part.seconds
        assert in_the_room == {day: seconds for day, seconds in at_home.items() if seconds}
        assert set(in_the_room.values()) == {20 * 60}
        for day, seconds in at_home.items():
            assert await hours_in(tx, room, days_from(day, 1, ZoneInfo(BUCHAREST))) == seconds
        (today,) = [each for each in await team_days(tx, admin) if each.person.id == scene.agency.ana.id]
        assert today.seconds == at_home[date(2026, 11, 24)]
        week, month = this_week_of(tx.now, ana), this_month_of(tx.now, ana)
        assert await hours_in(tx, room, week) == at_home[date(2026, 11, 23)] + at_home[date(2026, 11, 24)]
        assert await hours_by_room(tx, ana, [room.id], month) == {room.id: sum(at_home.values())}


async def test_days_of_25_hours_and_the_days_around_them(scene: Scene, worked: Any) -> None:
    ana = reading_in(BUCHAREST, scene.agency.ana)
    async with worked("2026-10-26T12:00:00Z", OVER_THE_LONG_DAY) as tx:
        days = await hours_by_day(tx, ana, 3, own=True)
        assert [(day.isoformat(), seconds // 3600) for day, seconds in days] == [
            ("2026-10-24", 2),
            ("2026-10-25", 25),
            ("2026-10-26", 2),
        ]
        week = this_week_of(tx.now - timedelta(days=1), ana)
        assert (week.end - week.begin).total_seconds() == (7 * 24 + 1) * 3600


async def test_what_runs_over_midnight_is_today_s_from_midnight_on(scene: Scene, worked: Any) -> None:
    admin = reading_in("Europe/Kyiv", scene.agency.admin)
    async with worked("2026-03-29T20:59:00Z", ("2026-03-28T20:00:00Z", None)) as tx:
        (day,) = [each for each in await team_days(tx, admin) if each.person.id == scene.agency.ana.id]
        assert day.seconds == 23 * 3600 - 60
        ((begin, end, running),) = day.stretches
        assert (begin, running) == (0.0, True)
        assert end == pytest.approx(1 - 60 / (23 * 3600))
        today = today_of(tx.now, admin)
        assert (today.end - today.begin) == timedelta(hours=23)


async def test_entries_are_read_by_what_they_reach_into(scene: Scene, worked: Any) -> None:
    async with worked("2026-11-02T12:00:00Z", OVER_THE_LONG_DAY, OVER_THE_MONTH_S_END) as tx:
        room = await visible_room(tx, scene.agency.ana.actor, UUID(scene.room))
        november = month_of(date(2026, 11, 1), ZoneInfo(BUCHAREST))
        (found,) = await entries(tx, room, november.begin, november.end)
        assert found.started_at == datetime.fromisoformat(OVER_THE_MONTH_S_END[0])
        assert len(await entries(tx, room, month_of(date(2026, 10, 1), ZoneInfo(BUCHAREST)).begin, november.begin)) == 2
        assert await entries(tx, room, datetime.fromisoformat(OVER_THE_MONTH_S_END[1])) == []
