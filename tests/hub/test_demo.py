"""The demo: believable, made once, and made of real logs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hub import demo
from hub.contract.classes import THINGS
from hub.demo.timesheets import EARLIER_TODAY
from hub.demo.workdays import HISTORY, ZONE, Workdays, orthodox_easter
from hub.parts import ANSWERS
from people.actors import Actor
from people.signing.sessions import open_session
from people.signing.sign_in import sign_in
from rooms.access import visible_room
from rooms.rooms import rooms
from rooms.snapshots import snapshot_of
from rooms.time.entries import RECENT
from rooms.time.timers import running_timers
from store.database import Database
from store.engines import EmbeddedEngines
from store.errors import NotFound
from store.files.blobs import Blobs
from store.log import heads_of
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.fold import fold
from tests.hubs import HubProcess
from tests.reads import read_log
from tests.sentences import unsaid

PEOPLE = {
    "root@atrium.example": "superadmin",
    "admin@atrium.example": "admin",
    "ana@atrium.example": "staff",
    "mihai@atrium.example": "staff",
    "client@atrium.example": "client",
    "admin@other.example": "admin",
    "staff@other.example": "staff",
    "client@other.example": "client",
}


@dataclass
class Made:
    """A demo, with what its killed first making left behind."""

    database: Database
    blobs: Blobs
    left_by_killed: int


@pytest.fixture(scope="module")
async def made(
    template: Template, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Made]:
    """A demo whose first making was killed half-way, and which was then made anew."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    async with template.copy() as url:
        database, blobs = Database(url, within=EVERYWHERE, answers=ANSWERS), Blobs.at(folder / "blobs")
        await kill_half_way(database, url, engines.redis_url, folder)
        left = await number(database, "select count(*) from parties")
        await demo.fill(database, blobs)
        yield Made(database, blobs, left)
        await database.close()


async def kill_half_way(database: Database, url: str, redis_url: str, folder: Path) -> None:
    hub = HubProcess(folder, "demo", HUB_DATABASE_URL=url, HUB_REDIS_URL=redis_url)
    hub.start()
    try:
        async with asyncio.timeout(300):
            while await number(database, "select pg_relation_size('entries')") < 100_000:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        hub.kill()


async def number(database: Database, query: str) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(text(query)))


async def actor(made: Made, email: str) -> Actor:
    async with made.database.transaction() as tx:
        id = await tx.scalar(text(f"select id from parties where email = '{email}'"))
        return (await open_session(tx, id, address="127.0.0.1", agent="test"))[0]


async def test_a_making_that_was_killed_leaves_nothing_behind(made: Made) -> None:
    assert made.left_by_killed == 0
    assert await number(made.database, "select count(*) from entries") > 0


async def test_a_second_making_changes_nothing(made: Made) -> None:
    events = await number(made.database, "select count(*) from events")
    await demo.fill(made.database, made.blobs)
    assert await number(made.database, "select count(*) from events") == events


async def test_a_demo_whose_people_have_other_emails_is_not_made_again(made: Made) -> None:
    async with made.database.transaction() as tx:
        await tx.execute(text("update parties set email = 'rodica@atrium.example' where email = 'root@atrium.example'"))
    try:
        await demo.fill(made.database, made.blobs)
    finally:
        async with made.database.transaction() as tx:
            await tx.execute(
                text("update parties set email = 'root@atrium.example' where email = 'rodica@atrium.example'")
            )
    assert await number(made.database, "select count(*) from businesses") == 2


async def test_there_is_as_much_as_an_agency_does_in_three_months(made: Made) -> None:
    counted = {
        table: await number(made.database, f"select count(*) from {table}")
        for table in ("rooms", "tasks", "entries", "messages", "files")
    }
    assert counted["rooms"] == 14
    assert counted["tasks"] > 100
    assert 1_800 <= counted["entries"] <= 2_400
    assert counted["messages"] > 350
    assert counted["files"] >= 15


@pytest.mark.parametrize(("email", "kind"), PEOPLE.items())
async def test_the_people_of_the_demo_can_sign_in(made: Made, email: str, kind: str) -> None:
    someone, _token = await sign_in(made.database, email, "atrium-demo", address="127.0.0.1", agent="test", limits=None)
    assert someone.kind == kind


async def test_three_people_work_right_now(made: Made) -> None:
    async with made.database.reading() as tx:
        timers = await running_timers(tx, await actor(made, "admin@atrium.example"))
    assert [(timer.person_name, timer.room_title, timer.task_title) for timer in timers] == [
        ("Dan Marin", "Shop redesign", "Checkout"),
        ("Mihai Ionescu", "Website", "Order form"),
        ("Ana Popescu", "Website", "Homepage copy"),
    ]


async def test_nobody_works_twice_at_once_or_in_the_future(made: Made) -> None:
    assert not await number(
        made.database,
        """
        select count(*) from entries a join entries b on a.person_id = b.person_id and a.id < b.id
        where tstzrange(a.started_at, a.stopped_at) && tstzrange(b.started_at, b.stopped_at)
        """,
    )
    assert not await number(made.database, "select count(*) from events where recorded_at > now()")


async def test_work_stops_in_the_evening_and_at_weekends(made: Made) -> None:
    async with made.database.reading() as tx:
        rows = (await tx.execute(text("select started_at, stopped_at from entries where stopped_at is not null"))).all()
    today = datetime.now(ZONE).date()
    past = [(a.astimezone(ZONE), b.astimezone(ZONE)) for a, b in rows if a.astimezone(ZONE).date() < today]
    usual = [a for a, b in past if a.weekday() < 5 and a.hour >= 8 and (b.hour, b.minute) <= (18, 0)]
    # What was done "earlier today" may lie before midnight.
    assert len(past) - len(usual) <= len(EARLIER_TODAY)


async def test_every_log_is_without_holes_and_in_the_order_of_time(made: Made) -> None:
    async with made.database.reading() as tx:
        logs = await tx.execute(
            text(
                """
                select logs.stream, logs.head, count(*) as events, min("offset") as first, max("offset") as last
                from logs join events using (stream) group by logs.stream, logs.head
                """
            )
        )
        broken = [row.stream for row in logs if (row.first, row.last, row.events) != (1, row.head, row.head)]
        backwards = await tx.scalar(
            text(
                """
                select count(*) from (
                    select recorded_at < lag(recorded_at) over (partition by stream order by "offset") as back
                    from events
                ) as steps where back
                """
            )
        )
    assert broken == []
    assert backwards == 0


@pytest.mark.parametrize("email", ["admin@atrium.example", "ana@atrium.example", "client@atrium.example"])
async def test_each_room_s_log_folds_to_its_snapshot(made: Made, email: str) -> None:
    asker = await actor(made, email)
    async with made.database.reading() as tx:
        seen = [*await rooms(tx, asker, limit=200), *await rooms(tx, asker, archived=True, limit=200)]
        assert seen
        for form in seen:
            room = await visible_room(tx, asker, form.id)
            fresh = await snapshot_of(tx, asker, room)
            told = [
                event.wire()
                for at in await heads_of(tx, [room.stream.name, room.process_stream.name])
                for event in await read_log(tx, at.stream, 0, limit=at.offset, audiences=room.audiences)
            ]
            told_state = as_a_snapshot_shows(fold({}, told, THINGS), tx.now, messages=len(fresh["messages"]))
            for key in ("room", "process", "persons", "members", "messages", "tasks", "entries", "files"):
                assert by_id(told_state.get(key, [])) == by_id(fresh[key]), f"{form.title}: {key}"


def as_a_snapshot_shows(state: dict[str, Any], now: datetime, *, messages: int) -> dict[str, Any]:
    """A folded room with no more than a snapshot has: so many of its latest messages and its recent entries."""
    since = now - RECENT
    latest = sorted(state.get("messages", []), key=lambda message: (message["posted_at"], message["id"]))
    recent = [
        entry
        for entry in state.get("entries", [])
        if entry["stopped_at"] is None or datetime.fromisoformat(entry["stopped_at"]) > since
    ]
    return state | {"messages": latest[-messages:], "entries": recent}


def by_id(value: Any) -> Any:
    return sorted(value, key=lambda form: form["id"]) if isinstance(value, list) else value


async def test_the_client_gets_nothing_that_is_for_the_team(made: Made) -> None:
    elena = await actor(made, "client@atrium.example")
    async with made.database.reading() as tx:
        for form in await rooms(tx, elena):
            snapshot = await snapshot_of(tx, elena, await visible_room(tx, elena, form.id))
            told = {thing["audience"] for name in ("messages", "tasks", "entries", "files") for thing in snapshot[name]}
            assert told <= {"all", "money"}


async def test_the_other_business_sees_nothing_of_the_first(made: Made) -> None:
    olivia, adriana = await actor(made, "admin@other.example"), await actor(made, "admin@atrium.example")
    async with made.database.reading() as tx:
        own = {room.title for room in await rooms(tx, olivia)}
        assert own == {"Annual report", "Intranet"}
        website = await one_room(made, adriana, "Website")
        with pytest.raises(NotFound):
            await visible_room(tx, olivia, website)


async def one_room(made: Made, asker: Actor, title: str) -> UUID:
    async with made.database.reading() as tx:
        return next(room.id for room in await rooms(tx, asker, limit=200) if room.title == title)


async def test_all_that_happened_can_be_said(made: Made) -> None:
    assert not await unsaid(made.database)


async def test_files_hold_what_their_rows_say(made: Made) -> None:
    async with made.database.reading() as tx:
        files = (await tx.execute(text("select business_id, digest, size, name, media_type from files"))).all()
    for file in files:
        content = b"".join([chunk async for chunk in await made.blobs.get(file.business_id, file.digest)])
        assert len(content) == file.size, file.name
    types = {file.name.rpartition(".")[2]: file.media_type for file in files}
    assert types["png"] == "image/png"
    assert types["pdf"] == "application/pdf"
    assert types["txt"].startswith("text/plain")


@pytest.mark.parametrize(
    "moment",
    ["2026-11-21T02:00", "2026-11-23T08:30", "2026-12-01T12:00", "2027-01-04T17:00", "2027-05-03T23:59"],
)
def test_days_around_any_moment_are_working_days(moment: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    days = Workdays(now)
    past = [days.date(number) for number in range(-HISTORY, 0)]
    assert past == sorted(set(past))
    assert past[-1] < days.date(0) < days.date(1)
    assert all(day.weekday() < 5 for day in past)
    holidays = {orthodox_easter(year) + timedelta(days=1) for year in (2026, 2027)}
    assert not holidays & set(past)
