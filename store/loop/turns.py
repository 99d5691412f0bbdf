"""Turns: of each, some pieces of work at a time, so that whoever asks for much waits for themselves."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from store.errors import TooMany, _


class TooMuchWaits(TooMany):
    message = _("You have too many requests running. Please wait a moment.")


class Turns:
    """Who is at work, by what tells them apart: a person, an address. Nobody's work, of None, isn't held up.

    Of each ``at_once`` pieces are worked on, and ``most_waiting`` are taken altogether.
    """

    def __init__(self, at_once: int = 1, most_waiting: int = 100) -> None:
        self.at_once = at_once
        self.most_waiting = most_waiting
        self._turns: WeakValueDictionary[Hashable, _Turn] = WeakValueDictionary()

    def __contains__(self, of: Hashable) -> bool:
        return of in self._turns

    @asynccontextmanager
    async def turn(self, of: Hashable) -> AsyncIterator[None]:
        """Wait until there is room for this one's work.

        Raises:
            TooMuchWaits: so much is taken already.
        """
        if of is None:
            yield
            return
        own = self._turns.get(of)
        if own is None:
            own = self._turns[of] = _Turn(self.at_once)
        if own.taken >= self.most_waiting:
            raise TooMuchWaits()
        own.taken += 1
        try:
            async with own.room:
                yield
        finally:
            own.taken -= 1


class _Turn:
    def __init__(self, at_once: int) -> None:
        self.room = asyncio.Semaphore(at_once)
        self.taken = 0
