"""Sandboxes: work that costs too much ends alone, and nobody else notices."""

import asyncio
import os
import pickle
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import psutil
import pytest

from store.loop.turns import TooMuchWaits
from store.sandboxes.sandboxes import Lane, SandboxFailed, TooCostly, TookTooLong, plain
from tests.patience import PATIENT_SECONDS

EXPONENTIAL = "(a+)+$", "a" * 40 + "b"


@pytest.fixture
async def lane() -> AsyncIterator[Lane]:
    lane = Lane("test", cpu_seconds=0.3, memory_bytes=400 << 20, processes=2, idle_seconds=None, most_waiting=3)
    yield lane
    await lane.close()


async def test_work_is_done_elsewhere(lane: Lane) -> None:
    assert await lane.run(os.getpid) != os.getpid()
    assert await lane.run(sorted, ["b", "a"]) == ["a", "b"]


async def test_what_takes_too_long_ends_whatever_code_runs(lane: Lane) -> None:
    with pytest.raises(TookTooLong):
        await lane.run(re.match, *EXPONENTIAL)
    assert await lane.run(len, "abc") == 3


async def test_waiting_is_no_work(lane: Lane) -> None:
    """The deadline counts processor time: on a busy machine work is slow, and done."""
    await lane.run(time.sleep, 0.6)


async def test_what_takes_too_much_memory_ends(lane: Lane) -> None:
    with pytest.raises(TooCostly):
        await lane.run(bytearray, 10**9)
    assert await lane.run(len, "abc") == 3


async def test_an_error_is_told(lane: Lane) -> None:
    with pytest.raises(SandboxFailed, match="invalid literal"):
        await lane.run(int, "x")


async def test_a_process_that_something_else_ended_is_a_failure(lane: Lane) -> None:
    with pytest.raises(SandboxFailed, match="ended with 3"):
        await lane.run(os._exit, 3)
    with pytest.raises(SandboxFailed, match=f"ended with {-signal.SIGKILL}"):
        await lane.run(signal.raise_signal, signal.SIGKILL)
    with pytest.raises(TooCostly):
        await lane.run(os.abort)
    assert await lane.run(len, "abc") == 3


async def test_a_sandbox_that_can_t_begin_is_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    lane = Lane("broken", cpu_seconds=1, memory_bytes=400 << 20, loads=("there.is_none",))
    with pytest.raises(SandboxFailed, match="ended with 1"):
        await lane.run(len, "abc")
    assert "No module named 'there'" in capfd.readouterr().err


async def test_a_sandbox_knows_nothing_of_the_hub(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://secret")
    known = await lane.run(os.listdir, "/proc/self/fd")
    assert len(known) <= 5  # its input, its output and errors, and what looks
    assert await lane.run(os.getenv, "HUB_DATABASE_URL") is None


async def test_one_turn_waits_for_itself_alone(lane: Lane) -> None:
    """Whoever sends much costly work has one piece of it worked on; the other process is for the others."""
    costly = [asyncio.create_task(lane.run(re.match, *EXPONENTIAL, turn="mallory")) for _ in range(3)]
    await asyncio.sleep(0)
    for _ in range(5):
        assert await lane.run(len, "abc", turn="ana") == 3
    assert not costly[-1].done()
    with pytest.raises(TooMuchWaits):
        await lane.run(len, "abc", turn="mallory")
    ended = await asyncio.gather(*costly, return_exceptions=True)
    assert [type(each) for each in ended] == [TookTooLong] * 3


async def test_whoever_gives_up_frees_the_place(lane: Lane) -> None:
    given_up = [asyncio.create_task(lane.run(time.sleep, 600)) for _ in range(2)]
    async with asyncio.timeout(PATIENT_SECONDS):
        while len(children()) < 2:  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.01)
    for each in given_up:
        each.cancel()
    await asyncio.wait(given_up)
    assert await lane.run(len, "abc") == 3


async def test_an_idle_sandbox_ends_and_gives_its_memory_back() -> None:
    lane = Lane("brief", cpu_seconds=1, memory_bytes=400 << 20, idle_seconds=0.05)
    process = psutil.Process(await lane.run(os.getpid))
    await asyncio.to_thread(psutil.wait_procs, [process], 60)
    assert not process.is_running()
    assert await lane.run(os.getpid) != process.pid
    await lane.close()


def test_what_comes_back_is_data_alone() -> None:
    assert plain(pickle.dumps((1, "a", b"b", [None, {"c": 1.5}]))) == (1, "a", b"b", [None, {"c": 1.5}])
    with pytest.raises(pickle.UnpicklingError):
        plain(pickle.dumps(os.getcwd))


def children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "store.sandboxes.sandboxed" in child.cmdline():
                found.append(child)
    return found
