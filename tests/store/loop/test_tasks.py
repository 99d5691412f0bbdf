"""Tasks end when they are told to, even when what they await loses a cancellation."""

import asyncio
from contextlib import suppress

from store.loop.tasks import end, happens
from tests.patience import PATIENT_SECONDS


async def test_who_loses_a_cancellation_is_cancelled_again() -> None:
    event = asyncio.Event()

    async def deaf_once() -> None:
        with suppress(asyncio.CancelledError):
            await event.wait()
        await event.wait()

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    await asyncio.wait_for(end([task], again_seconds=0.01), PATIENT_SECONDS)
    assert task.cancelled()


async def test_who_takes_leave_is_let_finish() -> None:
    said = []

    async def polite() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            said.append("goodbye")

    task = asyncio.create_task(polite())
    await asyncio.sleep(0)
    await end([task], again_seconds=5)
    assert said == ["goodbye"]


async def test_a_failed_task_has_ended() -> None:
    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await end([task])
    assert task.done()


async def test_a_cancellation_in_the_moment_of_the_event_is_not_lost() -> None:
    event = asyncio.Event()

    async def wait_always() -> None:
        while True:
            await happens(event, 60)
            event.clear()

    task = asyncio.create_task(wait_always())
    await asyncio.sleep(0)
    event.set()
    await asyncio.sleep(0)  # the waiter has been told, and hasn't run yet
    task.cancel()
    await asyncio.wait([task], timeout=PATIENT_SECONDS)
    assert task.cancelled()


async def test_what_happens_is_said() -> None:
    event = asyncio.Event()
    assert not await happens(event, 0.01)
    event.set()
    assert await happens(event, 0)
