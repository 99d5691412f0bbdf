"""Turns: whoever asks for much waits for themselves."""

import asyncio

import pytest

from store.loop.turns import TooMuchWaits, Turns


async def test_of_each_so_many_go_on_at_a_time() -> None:
    turns, going_on, most = Turns(at_once=2), dict[str, int](), dict[str, int]()
    go_on = asyncio.Event()

    async def work(of: str) -> None:
        async with turns.turn(of):
            going_on[of] = going_on.get(of, 0) + 1
            most[of] = max(most.get(of, 0), going_on[of])
            await go_on.wait()
            going_on[of] -= 1

    working = [asyncio.create_task(work(of)) for of in ("ana",) * 9 + ("mihai",)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert going_on == {"ana": 2, "mihai": 1}
    go_on.set()
    await asyncio.gather(*working)
    assert most == {"ana": 2, "mihai": 1}
    assert "ana" not in turns


async def test_too_much_is_refused_and_what_failed_makes_room() -> None:
    turns = Turns(at_once=1, most_waiting=2)
    go_on = asyncio.Event()

    async def work() -> None:
        async with turns.turn("ana"):
            await go_on.wait()
            raise ValueError

    working = [asyncio.create_task(work()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooMuchWaits):
        async with turns.turn("ana"):
            raise AssertionError("there was room")
    async with turns.turn("mihai"), turns.turn(None), turns.turn(None):
        go_on.set()
    assert [type(outcome) for outcome in await asyncio.gather(*working, return_exceptions=True)] == [ValueError] * 2
    async with turns.turn("ana"):
        pass


async def test_who_no_longer_waits_leaves_their_place() -> None:
    turns = Turns(at_once=1)
    async with turns.turn("ana"):
        waiting = asyncio.create_task(turns.turn("ana").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with turns.turn("ana"):
        pass
