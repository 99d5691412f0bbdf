"""Patience with PostgreSQL: whoever waits for it finds out whether it is lost, or slow as all on a busy machine is.

How long something takes doesn't say which. So whoever has waited for ``DOUBT_SECONDS`` asks PostgreSQL whether it is
there, on a connection kept for that. While it answers, the wait goes on, up to a bound. When it says nothing in
``ANSWER_SECONDS``, of which none count in which we ourselves were held up (see ``store.loop.pulse``), it is lost.

Waiting for a free connection is no sign of loss but of load: one waits in line. Only when that is worse than being
refused, since the line stays long, are newcomers refused.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import asyncpg

from store.errors import Overloaded, Unavailable
from store.loop.pulse import heard_within, pulse

DOUBT_SECONDS = 2.0
ANSWER_SECONDS = 2.5
AT_MOST_SECONDS = 30.0
LONG_SECONDS = 8.0
"""Who waits longer in line would rather be told to come again."""
STAYS_LONG_SECONDS = 5.0
AVERAGED = 20

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What says that the database is away, coming up, going down, or silent."""

LACKING = asyncpg.InsufficientResourcesError
"""What says that the database is there, and has no connection or memory left."""

Connect = Callable[[], Awaitable[Any]]


class Patience:
    """With one PostgreSQL: its waits share the connection on which they ask whether it is there."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: Any = None
        self._asking: asyncio.Task[bool] | None = None

    def wait(self, at_most_seconds: float | None = AT_MOST_SECONDS) -> "Wait":
        """This is a wait, to be entered: ``async with patience.wait() as wait``. None: while PostgreSQL answers.

        Raises:
            Unavailable: PostgreSQL is lost.
            Overloaded: it took longer than at most.
        """
        return Wait(self, at_most_seconds)

    async def answers(self) -> bool:
        """Whether PostgreSQL says anything. Those who ask at once share the answer."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> bool:
        connection, self._connection = self._connection, None
        try:
            async with heard_within(ANSWER_SECONDS):
                if connection is None or connection.is_closed():
                    connection = await self._connect()
                await connection.execute("select 1")
        except BaseException as error:
            if connection is not None:
                connection.terminate()
            if isinstance(error, LOST):
                return False
            if isinstance(error, asyncpg.PostgresError):  # it has no connection left for us, but it is there
                return True
            raise
        self._connection = connection
        return True

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        if self._connection is not None:
            with suppress(*LOST):
                await self._connection.close(timeout=ANSWER_SECONDS)


class Wait:
    """One wait for PostgreSQL. Whoever holds it may say on which connection, so that a silent one is let go at once."""

    def __init__(self, patience: Patience, at_most_seconds: float | None) -> None:
        self.connection: Any = None
        self._patience = patience
        self._at_most_seconds = at_most_seconds
        self._doubting: asyncio.Task[None] | None = None
        self._given_up = Unavailable

    async def __aenter__(self) -> Self:
        self._limit = asyncio.timeout(None)
        await self._limit.__aenter__()
        self._timer = asyncio.get_running_loop().call_later(DOUBT_SECONDS, self._doubt)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._doubting is not None:
            self._doubting.cancel()
        try:
            await self._limit.__aexit__(kind, error, trace)
        except TimeoutError as over:
            raise self._given_up() from over

    def _doubt(self) -> None:
        self._doubting = asyncio.create_task(self._wait_while_it_answers())

    async def _wait_while_it_answers(self) -> None:
        beating = pulse()
        begun = beating.heard_seconds - DOUBT_SECONDS
        while await self._patience.answers():
            if self._at_most_seconds is not None and beating.heard_seconds - begun >= self._at_most_seconds:
                self._given_up = Overloaded
                break
            await asyncio.sleep(DOUBT_SECONDS)
        else:
            if self.connection is not None:
                self.connection.terminate()  # else taking leave of it in order would wait for its answer, too
        self._limit.reschedule(asyncio.get_running_loop().time())


class WaitingLine:
    """So many at a time; the others wait in line, the first first.

    Raises:
        Overloaded: whoever got a place of late had waited for long, and whoever comes now would, too.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self._waiting = 0
        self._long_since: float | None = None
        """Since when everyone who got a place had waited for long: a single slow moment is soon over."""
        self._given_at = 0.0
        self._pause_seconds = 0.0
        """Between one place and the next that those in line get, on average of late."""

    async def __aenter__(self) -> None:
        if not self._free.locked():
            self._long_since = None
            await self._free.acquire()
            return
        if self._would_wait_long():
            raise Overloaded()
        began = pulse().heard_seconds
        if not self._waiting:
            self._given_at = began
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        self._note(began)

    async def __aexit__(self, *_: object) -> None:
        self._free.release()

    def _note(self, began: float) -> None:
        now = pulse().heard_seconds
        self._pause_seconds += (now - self._given_at - self._pause_seconds) / AVERAGED
        self._given_at = now
        if now - began < LONG_SECONDS:
            self._long_since = None
        elif self._long_since is None:
            self._long_since = now

    def _would_wait_long(self) -> bool:
        return (
            self._long_since is not None
            and pulse().heard_seconds - self._long_since > STAYS_LONG_SECONDS
            and self._waiting * self._pause_seconds > LONG_SECONDS
        )
