"""Redis dies or falls silent: whatever it does, what was acknowledged is told in time and in order."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest

from hub.settings import Settings
from store.engines import EmbeddedEngines
from tests.faults.followers import Follower, Renamer
from tests.faults.histories import check
from tests.faults.loads import Load, posting
from tests.faults.machines import database_at, hubs_on
from tests.faults.pipes import pipe_to
from tests.hub.agencies import Agency, open_agency
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, running_node
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS, browser_at, promised
from tests.stages import staged

WITHIN_SECONDS = promised(2.0)
MESSAGES = 200
PER_SECOND = 50

logger = logging.getLogger(__name__)


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[EmbeddedEngines]:
    """A Valkey of this test's own, to break."""
    async with EmbeddedEngines(tmp_path / "valkey", postgres=False) as engines:
        yield engines


agency = staged(open_agency)


@pytest.fixture
async def nodes(settings: Settings, valkey: EmbeddedEngines) -> AsyncIterator[tuple[Node, Node]]:
    broken = settings.model_copy(update={"redis_url": valkey.redis_url})
    async with running_node(broken) as one, running_node(broken) as other:
        yield one, other


def kill(valkey: EmbeddedEngines) -> None:
    """It is started again by its keeper, and knows nobody."""
    assert valkey.valkey.pid
    os.kill(valkey.valkey.pid, signal.SIGKILL)


def freeze(valkey: EmbeddedEngines) -> None:
    """It keeps every connection, and answers nothing until the test is over."""
    assert valkey.valkey.pid
    pid = valkey.valkey.pid
    os.kill(pid, signal.SIGSTOP)
    asyncio.get_running_loop().call_later(3, os.kill, pid, signal.SIGCONT)


@pytest.mark.parametrize("fault", [kill, freeze])
async def test_what_is_told_amid_a_fault_comes_in_time_in_order_and_whole(
    nodes: tuple[Node, Node],
    agency: Agency,
    valkey: EmbeddedEngines,
    fault: Callable[[EmbeddedEngines], None],
) -> None:
    near, far = nodes
    posted_at: dict[str, float] = {}
    heard_at: dict[str, float] = {}
    async with (
        in_room(far.url, agency.client, agency.room_id) as clara,
        in_room(near.url, agency.mihai, agency.room_id) as mihai,
    ):
        clara._io.on("message.posted", lambda event: note(clara, event))

        def note(client: Client, event: dict[str, dict[str, str]]) -> None:
            heard_at[event["message"]["body"]] = time.monotonic()
            client._hear("message.posted", event)

        async def post(text: str) -> None:
            await near.commands.run(agency.ana.actor, "message.post", {"room_id": agency.room_id, "body": text})
            posted_at[text] = time.monotonic()

        posts = []
        for nr in range(MESSAGES):
            if nr in {MESSAGES // 4, MESSAGES // 2}:
                fault(valkey)
            posts.append(asyncio.create_task(post(str(nr))))
            await asyncio.sleep(1 / PER_SECOND)
        await asyncio.gather(*posts)
        await clara.hears_all("message.posted", MESSAGES)
        await mihai.hears_all("message.posted", MESSAGES)
        assert clara.bodies() == mihai.bodies()
        assert clara.offsets() == list(range(clara.offsets()[0], clara.offsets()[0] + MESSAGES))
        assert max(heard_at[text] - posted_at[text] for text in posted_at) < WITHIN_SECONDS


async def test_a_frozen_redis_keeps_nobody_out_for_long(
    nodes: tuple[Node, Node], agency: Agency, valkey: EmbeddedEngines
) -> None:
    near, _far = nodes
    freeze(valkey)
    async with connected(near.url, agency.client) as clara, asyncio.timeout(promised(8)):
        await clara.enter(agency.room_id)
        answer = await clara.send("message.post", {"room_id": agency.room_id, "body": "x", "audience": "all"})
        assert answer["ok"]
        await clara.hears("message.posted", WITHIN_SECONDS)


async def test_after_a_fault_hints_come_again(
    nodes: tuple[Node, Node], agency: Agency, valkey: EmbeddedEngines
) -> None:
    near, far = nodes
    async with in_room(far.url, agency.client, agency.room_id) as clara:
        kill(valkey)
        async with asyncio.timeout(PATIENT_SECONDS):
            while any(node.bus.up for node in nodes):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            while not all(node.bus.up for node in nodes):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        far.gateway.relay._sweep = asyncio.sleep  # type: ignore[method-assign,assignment]  # hints alone remain
        await near.commands.run(agency.ana.actor, "message.post", {"room_id": agency.room_id, "body": "hinted"})
        await clara.hears("message.posted")


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        pytest.param("paused", 5, id="paused for 5 s"),
        pytest.param("gone", None, id="gone for the rest"),
        pytest.param("paused", 30, id="paused for 30 s", marks=pytest.mark.faults_long),
        pytest.param("gone", 10, id="gone for 10 s", marks=pytest.mark.faults_long),
    ],
)
async def test_two_hubs_go_on_without_redis(
    own_engines: EmbeddedEngines, tmp_path: Path, fault: str, seconds: float | None
) -> None:
    near, far = hubs_on(own_engines, tmp_path, 2)
    async with near, far, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        async with (
            Follower([near.url, far.url], agency.ana, room) as ana,
            Follower([far.url, near.url], agency.mihai, room) as mihai,
            Follower([far.url, near.url], agency.client, room) as clara,
            Follower([near.url, far.url], agency.admin, room) as irina,
        ):
            async with posting(ana, mihai, Renamer(irina), pause_seconds=0.05) as load:
                await load.more(20)
                async with lacking(own_engines, fault, seconds):
                    await load.more(40)
                await load.more(40)
            await check(database, room, [], [ana, mihai, clara, irina])
            for follower in (ana, mihai, clara, irina):
                delays = [follower.heard_at[body] - at for body, at in load.acknowledged_at.items()]
                assert max(delays) < WITHIN_SECONDS


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        ("blocked", "at the other"),
        ("closed", "at the one cut off"),
        pytest.param("closed", "at both", marks=pytest.mark.faults_long),
    ],
)
async def test_one_of_two_hubs_is_cut_off_from_redis(
    own_engines: EmbeddedEngines, tmp_path: Path, fault: Literal["blocked", "closed"], where: str
) -> None:
    """The other goes on with it, and believes that both do."""
    redis = urlsplit(own_engines.redis_url)
    async with pipe_to("127.0.0.1", redis.port or 0) as pipe, database_at(own_engines.database_url) as database:
        piped = own_engines.redis_url.replace(f":{redis.port}", f":{pipe.port}")
        (whole,) = hubs_on(own_engines, tmp_path, 1)
        cut = HubProcess(tmp_path / "data", HUB_DATABASE_URL=own_engines.database_url, HUB_REDIS_URL=piped)
        agency = await open_agency(database)
        room = agency.room_id
        async with (
            whole,
            cut,
            Follower([whole.url], agency.ana, room) as ana,
            Follower([cut.url], agency.mihai, room) as mihai,
            Follower([cut.url], agency.client, room) as clara,
        ):
            posters = {"at the other": [ana], "at the one cut off": [mihai], "at both": [ana, mihai]}[where]
            async with posting(*posters, pause_seconds=0.05) as load:
                await load.more(20)
                assert await hears_redis(cut)
                pipe.turn(fault)
                await until_deaf(cut, load)
                await load.more(60)
                pipe.turn("open")
                await load.more(60)
            await check(database, room, [], [ana, mihai, clara])
            for follower in (ana, mihai, clara):
                assert not follower.away_seconds
                delays = [follower.heard_at[body] - at for body, at in load.acknowledged_at.items()]
                logger.info("%s, written %s: at most %.2f s", fault, where, max(delays))
                assert max(delays) < WITHIN_SECONDS


async def hears_redis(hub: HubProcess) -> bool:
    async with browser_at(hub.url) as client:
        return "atrium_redis_up 1.0" in (await client.get("/metrics")).text


async def until_deaf(hub: HubProcess, load: Load) -> None:
    async with asyncio.timeout(PATIENT_SECONDS):
        while await hears_redis(hub):
            await load.more(5)


@asynccontextmanager
async def lacking(engines: EmbeddedEngines, fault: str, seconds: float | None) -> AsyncIterator[None]:
    """Meanwhile, and for so many seconds at least, Valkey is paused or gone. With none it stays so."""
    assert engines.valkey.pid
    pid, began = engines.valkey.pid, time.monotonic()
    if fault == "paused":
        os.kill(pid, signal.SIGSTOP)
    else:
        await asyncio.to_thread(engines.valkey.stop)
    yield
    if seconds is None:
        return
    await asyncio.sleep(began + seconds - time.monotonic())
    if fault == "paused":
        os.kill(pid, signal.SIGCONT)
    else:
        engines.valkey.start()
        await asyncio.to_thread(engines.valkey.wait_until_ready)
