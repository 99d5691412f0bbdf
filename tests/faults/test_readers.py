"""Readers who take nothing, or a kilobyte a second: cut off, back, and nobody else's trouble."""

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from store.engines import EmbeddedEngines
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.machines import database_at, hubs_on
from tests.faults.pipes import pipe_to
from tests.faults.slow import slow_readers
from tests.hub.agencies import Agency, open_agency
from tests.hub.clients import Client, in_room
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS

BYTES_EACH = 5_000_000
TIMES_SLOWER = 1.2
ROUNDS = 5
ROUND_SECONDS = 8.0
SIGNALS_PER_SECOND = 400
LISTENERS = 5
PACES = [0, 1000] * 5

logger = logging.getLogger(__name__)


@pytest.mark.parametrize("bytes_per_second", [0, 1000])
async def test_a_slow_reader_is_cut_off_and_resumes(
    own_engines: EmbeddedEngines, tmp_path: Path, bytes_per_second: int
) -> None:
    (hub,) = hubs_on(own_engines, tmp_path, 1)
    async with (
        hub,
        database_at(own_engines.database_url) as database,
        pipe_to("127.0.0.1", hub.port) as pipe,
    ):
        agency = await open_agency(database)
        async with (
            Follower([hub.url], agency.ana, agency.room_id) as ana,
            Follower([pipe.url], agency.client, agency.room_id) as clara,
        ):
            pipe.narrow(bytes_per_second)
            async with asyncio.timeout(PATIENT_SECONDS):
                while "socket_too_slow" not in hub.log.read_text():
                    await ana.post(f"{len(ana.asked)} {'x' * 15_000}")
            pipe.narrow(None)
            await ana.post("the last")
            await check(database, agency.room_id, [], [ana, clara])
            assert clara.entered > 1
            assert not ana.away_seconds


@pytest.mark.faults_long
async def test_slow_readers_cost_others_nothing_and_the_hub_little(
    own_engines: EmbeddedEngines, tmp_path: Path
) -> None:
    (hub,) = hubs_on(own_engines, tmp_path, 1, HUB_LIMITS="off")
    async with hub, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        async with listening(hub, agency) as delays, in_room(hub.url, agency.ana, agency.room_id) as ana:
            at = (await ana.enter(agency.room_id))["at"]
            place = {"room_id": agency.room_id, "epoch": at["epoch"], "after": at["offset"]}
            alone, beside, largest, cut_off = list[float](), list[float](), [0, 0], set[str]()
            await signal(hub, ana, agency, delays)  # the first time is for warming up
            for _round in range(ROUNDS):
                p99, size = await signal(hub, ana, agency, delays)
                alone.append(p99)
                largest[0] = max(largest[0], size)
                async with slow_readers(hub.url, agency.client.token, place, PACES) as readers:
                    p99, size = await signal(hub, ana, agency, delays)
                beside.append(p99)
                largest[1] = max(largest[1], size)
                cut_off |= set(readers.cut_off)
            times, each = statistics.median(beside) / statistics.median(alone), (largest[1] - largest[0]) / len(PACES)
            logger.info("others' p99 %.2f times as long; %d bytes for each slow reader", times, each)
            logger.info("p99 alone: %s; beside: %s", alone, beside)
            assert cut_off == {"0", "1000"}
            assert times <= TIMES_SLOWER
            assert each <= BYTES_EACH


@asynccontextmanager
async def listening(hub: HubProcess, agency: Agency) -> AsyncIterator[list[float]]:
    """Some who have the room open; how long each signal took to each of them."""
    delays: list[float] = []

    def note(told: dict[str, Any]) -> None:
        delays.append(time.monotonic() - told["data"]["at"])

    async with AsyncExitStack() as stack:
        for _nr in range(LISTENERS):
            client: Client = await stack.enter_async_context(in_room(hub.url, agency.mihai, agency.room_id))
            client._io.on("signal.sent", note)
        yield delays


async def signal(hub: HubProcess, ana: Client, agency: Agency, delays: list[float]) -> tuple[float, int]:
    """Signal at a pace for a while; this is the 99th percentile of delays, and the hub's largest size meanwhile."""
    assert hub.process
    process = psutil.Process(hub.process.pid)
    delays.clear()
    began, count, size = time.monotonic(), 0, 0
    while (now := time.monotonic()) < began + ROUND_SECONDS:
        data = {"at": now, "padding": "x" * 900}
        await ana.emit("signal.send", {"room_id": agency.room_id, "kind": "measure", "data": data})
        count += 1
        if not count % 50:
            size = max(size, process.memory_info().rss)
        await asyncio.sleep(max(0, began + count / SIGNALS_PER_SECOND - time.monotonic()))
    async with asyncio.timeout(PATIENT_SECONDS):
        while len(delays) < count * LISTENERS:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return statistics.quantiles(delays, n=100)[98], size
