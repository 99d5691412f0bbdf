"""Housekeeping: what is past its time is forgotten, every few minutes, by whichever node comes first."""

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy import func, select

from people import sessions
from rooms import uploads
from store import keys
from store.blobs import Blobs
from store.database import Database
from store.errors import Refusal

EVERY_SECONDS = 600
_LOCK = 0x6B656570  # "keep"

log = structlog.stdlib.get_logger()


class Housekeeping:
    """Forgets old idempotency keys, tries to sign in, unfinished uploads."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._always())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _always(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.tidy()
            except Refusal as refusal:
                log.warning("housekeeping_put_off", reason=refusal.code)
            except Exception:
                log.exception("housekeeping_failed")

    async def tidy(self) -> None:
        """Forget what is past its time, unless another node is at it."""
        async with self._database.transaction() as tx:
            if not await tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
                return
            await keys.forget_old(tx)
            await sessions.forget_old(tx)
            await uploads.forget_expired(tx, self._blobs)
        await self._blobs.forget_abandoned()
