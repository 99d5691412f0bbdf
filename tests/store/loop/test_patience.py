"""Waiting for PostgreSQL: one that is lost, one that is slow, ourselves who are held, and a line that is long."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest
from sqlalchemy import text

from store.database import Database
from store.engines import EmbeddedEngines
from store.errors import Overloaded, Unavailable
from store.loop import patience
from store.loop.patience import WaitingLine
from store.scopes import EVERYWHERE
from tests.databases import owner_of
from tests.folders import quick_folder
from tests.patience import promised

HELD_SECONDS = 6.0
Ask = Callable[..., Awaitable[int]]

REFUSED_SECONDS = patience.DOUBT_SECONDS + patience.ANSWER_SECONDS


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes half a minute otherwise takes a second."""
    monkeypatch.setattr(patience, "DOUBT_SECONDS", 0.2)


@pytest.fixture(scope="module")
def own_engines() -> Iterator[EmbeddedEngines]:
    """A PostgreSQL of these tests' own, to hold up."""
    with quick_folder() as folder, EmbeddedEngines(folder, valkey=False, durable=False) as engines:
        yield engines


@pytest.fixture
async def own(own_engines: EmbeddedEngines) -> AsyncIterator[Database]:
    database = Database(own_engines.database_url, within=EVERYWHERE)
    yield database
    await database.close()


@contextmanager
def silent(engines: EmbeddedEngines) -> Iterator[None]:
    """Meanwhile PostgreSQL takes connections and says nothing."""
    postmaster = psutil.Process(engines.postgres.pid)
    stopped = [*postmaster.children(recursive=True), postmaster]
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in stopped:
            process.resume()


def hold() -> None:
    time.sleep(HELD_SECONDS)


async def asked(database: Database, seconds: float = 0) -> int:
    async with database.reading() as tx:
        answer: int = await tx.scalar(text(f"select 1 from pg_sleep({seconds})"))
        return answer


async def asked_at_once(database: Database, seconds: float = 0) -> int:
    rows = await database.driver.rows(f"select 1 from pg_sleep({seconds})")
    return len(rows)


async def refuses(database: Database) -> bool:
    try:
        await asked(database)
    except Unavailable:
        return True
    return False


ASKS = [asked, asked_at_once]
ASLEEP = "select from pg_stat_activity where query like '%pg_sleep(3600)%' and pid <> pg_backend_pid()"


@pytest.mark.parametrize("ask", ASKS)
async def test_a_loop_that_was_held_takes_nobody_for_lost(own: Database, ask: Ask) -> None:
    await ask(own)
    waiting = asyncio.gather(*(ask(own, 0.1) for _number in range(20)))
    await asyncio.sleep(0.01)  # all are under way
    hold()
    assert await waiting == [1] * 20


@pytest.mark.parametrize("ask", ASKS)
async def test_a_postgres_that_is_slow_is_waited_for(own: Database, ask: Ask) -> None:
    assert await ask(own, REFUSED_SECONDS + 1) == 1


async def test_a_postgres_that_stands_still_for_a_while_is_waited_for(
    own_engines: EmbeddedEngines, own: Database
) -> None:
    await asked(own)
    with silent(own_engines):
        waiting = asyncio.gather(*(ask(own) for ask in ASKS for _number in range(20)))
        await asyncio.sleep(3)
    assert await waiting == [1] * 40


@pytest.mark.parametrize("ask", ASKS)
async def test_a_postgres_that_stays_silent_is_lost_and_found_again(
    own_engines: EmbeddedEngines, own: Database, ask: Ask
) -> None:
    await ask(own)
    with silent(own_engines):
        began = time.monotonic()
        said = await asyncio.gather(*(ask(own) for _number in range(40)), return_exceptions=True)
        took = time.monotonic() - began
    assert {type(refusal) for refusal in said} == {Unavailable}
    assert took >= REFUSED_SECONDS
    assert await ask(own) == 1
    assert took < promised(REFUSED_SECONDS + 1)


async def test_a_postgres_that_dies_amid_a_wait_is_lost_at_once(own_engines: EmbeddedEngines, own: Database) -> None:
    await asked(own)
    waiting = asyncio.ensure_future(asked(own, 3600))
    async with owner_of(own_engines.database_url) as connection:
        while not await connection.fetch(ASLEEP):  # noqa: ASYNC110 - it is PostgreSQL that changes
            await asyncio.sleep(0.01)
    pid = own_engines.postgres.pid
    assert pid
    os.kill(pid, signal.SIGQUIT)
    with pytest.raises(Unavailable) as refused:
        await waiting
    assert refused.type is Unavailable
    while await refuses(own):  # noqa: ASYNC110 - its keeper starts it again
        await asyncio.sleep(0.05)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("ask", ASKS)
async def test_who_waits_for_ever_is_told_that_the_server_is_busy(
    own: Database, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience.Patience.wait, "__defaults__", (0.5,))
    monkeypatch.setattr("store.database.AT_MOST_SECONDS", 0.5)
    with pytest.raises(Overloaded):
        await ask(own, 3600)
    assert await ask(own) == 1


@pytest.mark.usefixtures("hurried")
async def test_a_long_transaction_may_go_on_while_postgres_answers(own: Database) -> None:
    async with own.transaction(at_most_seconds=None) as tx:
        assert await tx.scalar(text("select 1 from pg_sleep(1.5)")) == 1


class TestPlaces:
    """Who waits in line, and when coming later is better."""

    async def test_the_first_come_are_the_first_served(self) -> None:
        places, served = WaitingLine(2), list[int]()

        async def come(number: int) -> None:
            async with places:
                served.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(come(number) for number in range(20)))
        assert served == list(range(20))

    async def test_a_single_slow_moment_refuses_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(patience, "LONG_SECONDS", 0.2)
        places = WaitingLine(1)
        async with places:
            waiting = [asyncio.ensure_future(self.hold(places, 0)) for _number in range(50)]
            await asyncio.sleep(0.5)
            waiting += [asyncio.ensure_future(self.hold(places, 0)) for _number in range(50)]
        await asyncio.gather(*waiting)

    async def test_a_line_that_stays_long_takes_nobody_more_until_it_is_shorter(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "LONG_SECONDS", 0.2)
        monkeypatch.setattr(patience, "STAYS_LONG_SECONDS", 0.3)
        places, refused = WaitingLine(1), asyncio.Event()

        async def come() -> None:
            try:
                await self.hold(places, 0.02)
            except Overloaded:
                refused.set()

        coming = [asyncio.ensure_future(come()) for _number in range(100)]
        while not refused.is_set():
            coming.append(asyncio.ensure_future(come()))
            await asyncio.sleep(0.02)
        await asyncio.gather(*coming)
        refused.clear()
        await come()
        assert not refused.is_set()

    @staticmethod
    async def hold(places: WaitingLine, seconds: float) -> None:
        async with places:
            await asyncio.sleep(seconds)
