"""The watch over the event loop says how late it was, and what held it."""

import asyncio
import time

import structlog

from hub.operations.watch import Watch
from hub.settings import Settings
from store.loop.pulse import BEAT_SECONDS, pulse
from tests.hubs import running_hub
from tests.patience import browser_at

HELD_SECONDS = 0.6


def hold() -> None:
    time.sleep(HELD_SECONDS)


async def test_what_held_the_loop_is_in_the_log() -> None:
    watch = Watch()
    watch.start()
    watch._written_at = 0
    try:
        with structlog.testing.capture_logs() as lines:
            hold()
            await beaten()
    finally:
        watch.stop()
    (line,) = [line for line in lines if line["event"] == "loop_held"]
    assert line["seconds"] >= HELD_SECONDS - BEAT_SECONDS
    assert line["cpu_seconds"] < HELD_SECONDS  # it slept
    assert line["running"][-1].startswith("tests.hub.test_watch.hold:")


async def test_how_late_it_was_is_measured(settings: Settings) -> None:
    async with running_hub(settings) as url, browser_at(url) as client:
        await beaten()
        figures = (await client.get("/metrics")).text
    assert "atrium_loop_lateness_seconds_bucket" in figures


async def beaten() -> None:
    """Wait for the pulse's next beat."""
    beat = asyncio.Event()

    def hear(_lateness_seconds: float) -> None:
        beat.set()

    pulse().listeners.append(hear)
    await beat.wait()
    pulse().listeners.remove(hear)
