"""How late the loop is, and waiting for others by the time in which it could hear them."""

import asyncio
import time

import pytest

from store.loop.pulse import BEAT_SECONDS, COUNTED_SECONDS, LAST_LOOK_SECONDS, heard_within, pulse

HELD_SECONDS = 1.5


def hold() -> None:
    time.sleep(HELD_SECONDS)


async def test_it_says_how_late_the_loop_came() -> None:
    late: list[float] = []
    held = asyncio.get_running_loop().create_future()

    def hear(lateness_seconds: float) -> None:
        late.append(lateness_seconds)
        if lateness_seconds > HELD_SECONDS - BEAT_SECONDS and not held.done():
            held.set_result(None)

    pulse().listeners.append(hear)
    try:
        hold()
        await held
    finally:
        pulse().listeners.remove(hear)
    assert max(late) >= HELD_SECONDS - BEAT_SECONDS


async def test_the_time_in_which_it_was_held_isn_t_counted() -> None:
    before = pulse().heard_seconds
    began = time.monotonic()
    hold()
    await asyncio.sleep(BEAT_SECONDS)
    assert time.monotonic() - began >= HELD_SECONDS
    assert pulse().heard_seconds - before <= HELD_SECONDS - 0.5


async def test_what_came_while_it_was_held_is_in_time() -> None:
    async with asyncio.timeout(60):
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            async with heard_within(COUNTED_SECONDS / 2):
                writer.write(b"?\n")
                await writer.drain()
                hold()
                assert await reader.readline() == b"!\n"
        finally:
            writer.close()
            server.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"!\n")
    writer.close()


async def test_what_doesn_t_come_is_waited_for_no_longer() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        async with heard_within(0.3):
            await asyncio.Event().wait()
    assert time.monotonic() - began >= 0.3


async def test_a_timer_that_is_cancelled_does_nothing() -> None:
    done: list[str] = []
    early = pulse().call_later(0.01, lambda: done.append("cancelled"))
    late = asyncio.Event()
    pulse().call_later(0.02 + LAST_LOOK_SECONDS, late.set)
    early.cancel()
    await late.wait()
    assert done == []
