"""What is acknowledged survives any kill, once; what isn't happened once or not at all."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from store.engines import EmbeddedEngines, running_database_url
from tests.faults.callers import Caller, bodies
from tests.faults.histories import check
from tests.faults.machines import agency_at, database_at, hubs_on
from tests.folders import copy_folder, quick_folder
from tests.hub.clients import Client
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS, promised


@pytest.fixture
def engines(migrated: Path) -> Iterator[EmbeddedEngines]:
    """Engines of this test's own, to break."""
    with quick_folder() as folder:
        copy_folder(migrated, folder)
        yield EmbeddedEngines(folder, durable=False)


async def test_a_hub_killed_among_commands_does_each_once(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub:
        url = running_database_url(tmp_path / "data")
        assert url
        assert hub.process
        family = psutil.Process(hub.process.pid).children(recursive=True)
        async with agency_at(url) as agency, Caller([hub.url], agency.ana, agency.room_id) as caller:
            texts = [str(number) for number in range(300)]

            async def post_some(share: list[str]) -> None:
                for text in share:
                    await caller.post(text)

            posting = asyncio.gather(*(post_some(texts[start::5]) for start in range(5)))
            await caller.until(lambda: len(caller.acknowledged) >= 100)
            hub.kill()
            hub.start()
            await posting
            await hub.wait_until_ready()

            assert caller.retried
            assert sorted(caller.acknowledged) == sorted(texts)
            url = running_database_url(tmp_path / "data")  # on another port now
            assert url
            async with database_at(url) as database:
                await check(database, agency.room_id, [caller])
            assert not psutil.wait_procs(family, timeout=PATIENT_SECONDS)[1]


async def test_valkey_killed_twice_delays_no_delivery_beyond_two_seconds(
    tmp_path: Path, engines: EmbeddedEngines
) -> None:
    async with engines:
        near, far = hubs_on(engines, tmp_path, 2)
        async with (
            near,
            far,
            agency_at(engines.database_url) as agency,
            Caller([near.url], agency.ana, agency.room_id) as caller,
        ):
            listener = Client(token=agency.client.token)
            await listener.connect(far.url)
            await listener.enter(caller.room_id)
            acknowledged_at: dict[str, float] = {}
            heard_at: dict[str, float] = {}

            async def note_hearing() -> None:
                def news() -> bool:
                    for body in listener.bodies()[len(heard_at) :]:
                        heard_at[body] = time.monotonic()
                    return len(heard_at) == 300

                await listener.until(news)

            async def post(text: str) -> None:
                await caller.post(text)
                acknowledged_at[text] = time.monotonic()

            hearing = asyncio.create_task(note_hearing())
            posts = []
            for number in range(300):
                if number in {100, 200}:
                    assert engines.valkey.pid
                    os.kill(engines.valkey.pid, signal.SIGKILL)
                posts.append(asyncio.create_task(post(str(number))))
                await asyncio.sleep(0.02)
            await asyncio.gather(*posts)
            await hearing

            assert sorted(listener.bodies()) == sorted(acknowledged_at)
            assert listener.offsets() == sorted(listener.offsets())
            assert listener.bodies() == bodies(await caller.log())
            assert max(heard_at[text] - acknowledged_at[text] for text in heard_at) < promised(2)
            await listener.disconnect()


async def test_without_postgres_nothing_is_acknowledged_until_it_is_back(
    tmp_path: Path, engines: EmbeddedEngines
) -> None:
    async with engines:
        (hub,) = hubs_on(engines, tmp_path, 1)
        async with (
            hub,
            agency_at(engines.database_url) as agency,
            Caller([hub.url], agency.ana, agency.room_id) as caller,
        ):
            await caller.post("before")

            await asyncio.to_thread(engines.postgres.stop)
            started_at = time.monotonic()
            status = await caller.try_once("message.post", room_id=caller.room_id, body="during")
            assert status == 503
            assert time.monotonic() - started_at < promised(5)

            engines.postgres.start()
            await asyncio.to_thread(engines.postgres.wait_until_ready)
            started_at = time.monotonic()
            await caller.post("after")
            assert time.monotonic() - started_at < promised(10)
            assert bodies(await caller.log()) == ["before", "after"]


async def test_a_postgres_that_answers_nothing_is_refused_for_in_time(tmp_path: Path, engines: EmbeddedEngines) -> None:
    async with engines:
        (hub,) = hubs_on(engines, tmp_path, 1)
        async with (
            hub,
            agency_at(engines.database_url) as agency,
            Caller([hub.url], agency.ana, agency.room_id) as caller,
        ):
            await caller.post("before")
            postmaster = psutil.Process(engines.postgres.pid)
            frozen = [*postmaster.children(recursive=True), postmaster]
            for process in frozen:
                process.suspend()
            try:
                started_at = time.monotonic()
                status = await caller.try_once("message.post", room_id=caller.room_id, body="during")
                assert status == 503
                assert time.monotonic() - started_at < promised(5.5)
            finally:
                for process in frozen:
                    process.resume()

            started_at = time.monotonic()
            await caller.post("after")
            assert time.monotonic() - started_at < promised(10)
            assert "after" in bodies(await caller.log())


async def test_a_client_of_a_killed_hub_finds_the_other_with_nothing_missed(
    tmp_path: Path, engines: EmbeddedEngines
) -> None:
    async with engines:
        doomed, other = hubs_on(engines, tmp_path, 2)
        async with (
            doomed,
            other,
            agency_at(engines.database_url) as agency,
            Caller([other.url], agency.ana, agency.room_id) as caller,
        ):
            listener = Client(token=agency.client.token)
            await listener.connect(doomed.url)
            at = (await listener.enter(caller.room_id))["at"]
            await caller.post("heard from the first")
            heard = await listener.hears("message.posted")

            doomed.kill()
            await listener.until(lambda: not listener.connected)
            await caller.post("told while nobody listened")
            moved = Client(token=agency.client.token)
            await moved.connect(other.url)
            missed = await moved.enter(caller.room_id, epoch=at["epoch"], after=heard["at"]["offset"])

            assert bodies(missed["events"]) == ["told while nobody listened"]
            await listener.disconnect()
            await moved.disconnect()


async def test_a_hub_told_to_stop_finishes_what_it_has_begun(tmp_path: Path, engines: EmbeddedEngines) -> None:
    async with engines:
        leaving, other = hubs_on(engines, tmp_path, 2)
        async with (
            leaving,
            other,
            agency_at(engines.database_url) as agency,
            Caller([leaving.url, other.url], agency.ana, agency.room_id) as caller,
        ):
            texts = [str(number) for number in range(100)]
            posting = asyncio.gather(*(caller.post(text) for text in texts))
            await caller.until(lambda: len(caller.acknowledged) >= 20)

            assert await asyncio.to_thread(leaving.stop) == 0
            await posting

            assert sorted(caller.acknowledged) == sorted(texts)
            async with database_at(engines.database_url) as database:
                await check(database, agency.room_id, [caller])
