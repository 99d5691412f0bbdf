"""Senders: who sends an upload's bytes to this node now. Of each upload it is one, and of each person some at a time.

A line that was lost may look for minutes like one that waits. So whoever sends an upload anew takes over: the one
before ends, and what it hadn't kept yet comes again from the newer one, which begins at the same place.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from store.errors import Conflict, TooMany, _

AT_ONCE = 8
"""So many files may be coming from one person at a time; a browser sends four."""
PUT_AT_ONCE = 8
"""So many pieces of all people are in memory at a time, on their way to the store."""
AGAIN_SECONDS = 5


class TooManySenders(TooMany):
    code = "too_many_senders"
    message = _("You're sending as many files as allowed at once. This one continues as the others finish.")


class UploadTakenOver(Conflict):
    code = "taken_over"
    message = _("This upload continues over a newer connection.")


class UploadSender:
    """One body on its way."""

    def __init__(self, person_id: UUID) -> None:
        self.person_id = person_id
        self.ended = asyncio.Event()
        self._is_over = False
        self._reading: asyncio.Timeout | None = None

    async def sent(self, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """This is what comes, as it comes.

        Raises:
            TakenOver: somebody sends it anew.
        """
        chunks = aiter(content)
        while True:
            try:
                chunk = await self._next(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise UploadTakenOver() from None
            yield chunk

    async def _next(self, chunks: AsyncIterator[bytes]) -> bytes:
        if self._is_over:
            raise UploadTakenOver()
        try:
            async with asyncio.timeout(None) as self._reading:
                return await anext(chunks)
        finally:
            self._reading = None

    def end(self) -> None:
        """Have it end as soon as it waits for more."""
        if self._reading is not None and not self._is_over:
            self._reading.reschedule(asyncio.get_running_loop().time())
        self._is_over = True


class Senders:
    """The senders of a node."""

    def __init__(self, at_once: int | None = AT_ONCE) -> None:
        self._at_once = at_once
        self._now: dict[UUID, UploadSender] = {}
        self.putting = asyncio.Semaphore(PUT_AT_ONCE)

    @asynccontextmanager
    async def sender(self, person_id: UUID, upload_id: UUID) -> AsyncIterator[UploadSender]:
        """Be an upload's sender, once the one before has ended.

        Raises:
            TooManySenders: its person sends as much already.
        """
        former = self._now.get(upload_id)
        if former is None:
            self._must_be_few(person_id)
        sender = self._now[upload_id] = UploadSender(person_id)
        try:
            if former is not None:
                former.end()
                await former.ended.wait()
            yield sender
        finally:
            sender.ended.set()
            if self._now[upload_id] is sender:
                del self._now[upload_id]

    def _must_be_few(self, person_id: UUID) -> None:
        theirs = sum(sender.person_id == person_id for sender in self._now.values())
        if self._at_once is not None and theirs >= self._at_once:
            raise TooManySenders(retry_after_seconds=AGAIN_SECONDS)
