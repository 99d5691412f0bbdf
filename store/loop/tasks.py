"""Tasks that go on beside others: how they wait, and how they are ended."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Any

AGAIN_SECONDS = 0.5


async def end(tasks: Collection["asyncio.Task[Any]"], *, again_seconds: float = AGAIN_SECONDS) -> None:
    """Cancel tasks, and return when all have ended.

    One cancellation may be lost: ``asyncio.wait_for`` of Python 3.11 drops one that comes in the moment in which what
    it waits for is there, and so does a library that uses it. So whoever goes on is cancelled again, each time after
    ``again_seconds``; whoever needs longer to take leave says so.
    """
    going_on = {task for task in tasks if not task.done()}
    while going_on:
        for task in going_on:
            task.cancel()
        _ended, going_on = await asyncio.wait(going_on, timeout=again_seconds)
    await asyncio.gather(*tasks, return_exceptions=True)


async def happens(event: asyncio.Event, seconds: float) -> bool:
    """Wait until an event is set, but no longer than ``seconds``; this is whether it is. Loses no cancellation."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
