"""The pulse of the event loop: how late it comes to what is due, and the time in which it could have heard an answer.

While something holds the loop, nothing is heard, and what was said meanwhile waits to be read. So whoever waits for
somebody else counts ``Pulse.heard_seconds``, which all but stand still then, or uses ``heard_within``: a busy machine
isn't mistaken for a partner that is silent.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

BEAT_SECONDS = 0.1
COUNTED_SECONDS = 0.25
"""No longer does one beat count, however long after the last it comes."""
LAST_LOOK_SECONDS = 0.05

Hear = Callable[[float], None]
Act = Callable[[], object]


class Pulse:
    """The pulse of one loop, from when it is first asked for."""

    def __init__(self) -> None:
        self.listeners: list[Hear] = []
        """Called at every beat with how late it came, in seconds."""
        self._heard_seconds = 0.0
        self._beaten_at = asyncio.get_running_loop().time()
        self._await_beat()

    @property
    def heard_seconds(self) -> float:
        """So long could this loop hear, of all the time that there was: a clock to wait for others by."""
        return self._heard_seconds + min(self._since_beat(), COUNTED_SECONDS)

    def call_later(self, seconds: float, act: Act) -> "Timer":
        """Do something when so much time was heard, and what came in it has been read."""
        return Timer(self, seconds, act)

    def _since_beat(self) -> float:
        return asyncio.get_running_loop().time() - self._beaten_at

    def _await_beat(self) -> None:
        asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        passed = self._since_beat()
        self._heard_seconds += min(passed, COUNTED_SECONDS)
        self._beaten_at += passed
        for hear in self.listeners:
            hear(max(0.0, passed - BEAT_SECONDS))
        self._await_beat()


class Timer:
    """Something that is done later, unless it is cancelled before."""

    __slots__ = ("_act", "_due", "_handle", "_pulse")

    def __init__(self, pulse: Pulse, seconds: float, act: Act) -> None:
        self._pulse, self._act = pulse, act
        self._due = pulse.heard_seconds + seconds
        self._await(seconds)

    def cancel(self) -> None:
        self._handle.cancel()

    def _await(self, seconds: float) -> None:
        self._handle = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        left = self._due - self._pulse.heard_seconds
        if left > 0:
            self._await(left)
        else:
            self._handle = asyncio.get_running_loop().call_later(LAST_LOOK_SECONDS, self._act)


_pulses: WeakKeyDictionary[asyncio.AbstractEventLoop, Pulse] = WeakKeyDictionary()


def pulse() -> Pulse:
    """This is the running loop's pulse."""
    loop = asyncio.get_running_loop()
    if (found := _pulses.get(loop)) is None:
        found = _pulses[loop] = Pulse()
    return found


@asynccontextmanager
async def heard_within(seconds: float) -> AsyncIterator[None]:
    """As ``asyncio.timeout``, of time in which this loop could hear.

    Raises:
        TimeoutError: that time is over.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        timer = pulse().call_later(seconds, lambda: limit.reschedule(loop.time()))
        try:
            yield
        finally:
            timer.cancel()
