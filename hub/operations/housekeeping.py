"""Housekeeping: what is past its time is forgotten, every few minutes, by whichever node comes first.

The bytes of a removed file go at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy import func, select

from people import journal, rate_limits
from people.installation import deletions, impersonations, registrations
from people.mail import letters, links
from people.persons import resets
from people.signing import known_devices, pending_steps, proof_of_work, providers, throttling
from people.signing.domains import domain_records
from rooms.access import Room
from rooms.files import garbage, uploads
from rooms.rendering import draw_undrawn
from rooms.tasks.tasks import Task
from staff.leave import recounts
from store import keys, migrations
from store.database import Database
from store.errors import Refusal
from store.files.blobs import Blobs
from store.loop.tasks import end, happens
from store.scopes import EVERYWHERE
from store.streams import StoredEvent

EVERY_SECONDS = 600
_LOCK = 0x6B656570  # "keep"

log = structlog.stdlib.get_logger()


class Housekeeping:
    """Forgets old idempotency keys, tries to sign in, lines of the journal, registrations that nobody confirmed,
    unfinished uploads; ends acting that ran out; has domains' proofs looked at again; derives the texts that another
    version wrote. Once, since the law's holidays may have become others with this version, it counts leave anew."""

    def __init__(self, database: Database, blobs: Blobs, *, journal_kept: timedelta = timedelta(days=400)) -> None:
        self._database = database
        self._blobs = blobs
        self._journal_kept = journal_kept
        self._task: asyncio.Task[None] | None = None
        self._removed = asyncio.Event()
        self._leave_counted = False

    def start(self) -> None:
        self._database.told.append(self._notice)
        self._task = asyncio.create_task(self._always())

    async def stop(self) -> None:
        if self._task is not None:
            await end([self._task])

    def _notice(self, events: list[StoredEvent]) -> None:
        if any(event.name in ("file.removed", "admin.deleted") for event in events):
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
        await deletions.end_businesses(self._database)
        await self._delete_discarded()

    async def tidy(self) -> None:
        """Forget what is past its time, unless another node is at it."""
        async with self._database.transaction(EVERYWHERE) as tx:
            if not await tx.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
                return
            await keys.forget_old(tx)
            await throttling.forget_old(tx)
            await rate_limits.forget_old(tx)
            await pending_steps.forget_old(tx)
            await proof_of_work.forget_old(tx)
            await known_devices.forget_old(tx)
            await letters.forget_old(tx)
            await links.forget_old(tx)
            await resets.forget_old(tx)
            await registrations.forget_old(tx)
            await impersonations.end_overdue(tx)
            await providers.claim_unclaimed(tx)
            await domain_records.look_again(tx)
        await self._forget_expired_uploads()
        await self._forget_old_lines()
        if not self._leave_counted:
            await recounts.count_all_again(self._database)
            self._leave_counted = True
        await self._clear()
        await self._blobs.forget_abandoned()
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Derive what a version before, which may go on writing beside this one, did not."""
        await migrations.fill(self._database.url)
        await draw_undrawn(self._database, Room, Task)

    async def _forget_expired_uploads(self) -> None:
        """All of them: what they were announced with is room for others."""
        forgotten = uploads.FORGOTTEN_AT_ONCE
        while forgotten == uploads.FORGOTTEN_AT_ONCE:
            forgotten = await uploads.forget_expired(self._database, self._blobs)

    async def _forget_old_lines(self) -> None:
        forgotten = journal.FORGOTTEN_AT_ONCE
        while forgotten == journal.FORGOTTEN_AT_ONCE:
            async with self._database.transaction(EVERYWHERE) as tx:
                forgotten = await journal.forget_old(tx, self._journal_kept)

    async def _delete_discarded(self) -> None:
        while await garbage.delete_discarded(self._database, self._blobs):
            pass
