"""What work costs, in processor time of the thread that does it: a machine that is busy with something else changes
nothing. It is the least of several turns: what costs too much does so again, what else the thread did (the collector's
rounds) doesn't.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

TURNS = 3


def cost(work: Callable[[], object], *, enough: float = 0) -> float:
    """This is what work costs, in seconds; a turn of no more than ``enough`` is the last."""
    taken: list[float] = []
    for _turn in _turns(taken, enough):
        work()
    return min(taken)


async def cost_awaited(work: Callable[[], Awaitable[object]], *, enough: float = 0) -> float:
    """This is what awaiting work costs the loop's thread, in seconds."""
    taken: list[float] = []
    for _turn in _turns(taken, enough):
        await work()
    return min(taken)


def _turns(taken: list[float], enough: float) -> Iterator[int]:
    for turn in range(TURNS):
        begun = time.thread_time()
        yield turn
        taken.append(time.thread_time() - begun)
        if taken[-1] <= enough:
            return


def must_cost_at_most(times: float, ordinary: Callable[[], object], work: Callable[[], object], name: str = "") -> None:
    """Fail when work costs more than so many times the ordinary."""
    Ordinary(ordinary).must_bear(times, work, name)


class Ordinary:
    """Ordinary work, beside which much other work is judged: measured once, and anew before anything is found to cost
    too much, since the machine may have been another then."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._usual: float | None = None

    def must_bear(self, times: float, work: Callable[[], object], name: str = "") -> None:
        """Fail when other work costs more than so many times this."""
        if self._usual is None:
            self._usual = cost(self._work)
        taken = cost(work, enough=times * self._usual)
        if taken > times * self._usual:
            self._usual = cost(self._work)
        assert taken <= times * self._usual, f"{name}: {taken / self._usual:.0f} times"


@dataclass
class Held:
    """The longest that the loop was held, in processor time of its thread; and by what."""

    seconds: float = 0.0
    by: str = ""


@contextmanager
def longest_hold() -> Iterator[Held]:
    """This is the longest that anything held asyncio's own loop while the block ran."""
    held, run = Held(), asyncio.Handle._run

    def measured(handle: asyncio.Handle) -> None:
        begun = time.thread_time()
        run(handle)
        if (taken := time.thread_time() - begun) > held.seconds:
            held.seconds, held.by = taken, repr(handle)

    with patch.object(asyncio.Handle, "_run", measured):
        yield held
