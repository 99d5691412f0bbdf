"""Housekeeping: what is past its time is forgotten, every few minutes, by whichever node comes first.

The bytes of a removed file go at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from itertools import chain

import structlog
from sqlalchemy import func, select

from hub.parts import PARTS
from rooms.rendered_texts import draw_undrawn
from store import keys, migrations
from store.database import Database
from store.errors import Refusal
from store.files import garbage
from store.files.blobs import Blobs
from store.loop.tasks import end, happens
from store.scopes import EVERYWHERE
from store.streams import StoredEvent
from store.upkeep import Chore, Household

EVERY_SECONDS = 600
UPKEEP = [part.upkeep for part in PARTS]
CLEARED_AFTER = {name for upkeep in UPKEEP for name in upkeep.after}
DESCRIBED = [table for upkeep in UPKEEP for table in upkeep.described]
_LOCK = 0x6B656570  # "keep"

log = structlog.stdlib.get_logger()


class Housekeeping:
    """Has done what each part says in its upkeep: forgets what is past its time, clears what was removed, and derives
    what another version wrote."""

    def __init__(self, database: Database, blobs: Blobs, *, journal_kept: timedelta = timedelta(days=400)) -> None:
        self._database = database
        self._blobs = blobs
        self._house = Household(database, blobs, journal_kept)
        self._task: asyncio.Task[None] | None = None
        self._removed = asyncio.Event()
        self._done_once = False

    def start(self) -> None:
        self._database.told.append(self._notice)
        self._task = asyncio.create_task(self._always())

    async def stop(self) -> None:
        if self._task is not None:
            await end([self._task])

    def _notice(self, events: list[StoredEvent]) -> None:
        if any(event.name in CLEARED_AFTER for event in events):
            self._removed.set()

    async def _always(self) -> None:
        tidied_at = time.monotonic()
        await self._attempt(self._catch_up)
        while True:
            await happens(self._removed, max(0, tidied_at + EVERY_SECONDS - time.monotonic()))
            if self._removed.is_set():
                self._removed.clear()
                await self._attempt(self._clear)
            else:
                tidied_at = time.monotonic()
                await self._attempt(self.tidy)

    async def _attempt(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Refusal as refusal:
            log.warning("housekeeping_put_off", reason=refusal.code)
        except Exception:
            log.exception("housekeeping_failed")

    async def _clear(self) -> None:
        await self._do(upkeep.clears for upkeep in UPKEEP)
        await garbage.delete_all_discarded(self._database, self._blobs)

    async def tidy(self) -> None:
        """Forget what is past its time, unless another node is at it."""
        async with self._database.transaction(EVERYWHERE) as tx:
            if not await tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
                return
            await keys.forget_old(tx)
            for upkeep in UPKEEP:
                for forget in upkeep.forgets:
                    await forget(tx)
        await self._do(upkeep.chores for upkeep in UPKEEP)
        if not self._done_once:
            await self._do(upkeep.once for upkeep in UPKEEP)
            self._done_once = True
        await self._clear()
        await self._blobs.forget_abandoned()
        await self._catch_up()

    async def _do(self, chores: Iterable[tuple[Chore, ...]]) -> None:
        for chore in chain.from_iterable(chores):
            await chore(self._house)

    async def _catch_up(self) -> None:
        """Derive what a version before, which may go on writing beside this one, did not."""
        await migrations.fill(self._database.url)
        await draw_undrawn(self._database, *DESCRIBED)
