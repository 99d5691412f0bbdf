"""Updates: the pending migrations are run from a page, after a backup that was looked through; journaled step by step.

How migrations can be pending while a hub runs: a new version was installed on the disk under the running one, or the
hub was started with HUB_MIGRATE=off. Migrations only expand, so the running version goes on with the new tables. They
are run by a program of their own, so that what runs is what lies on the disk.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import structlog

from hub.operations import backups
from hub.operations.release import on_disk
from hub.settings import Settings
from hub.sockets.packets import PackedEvent
from people.installation.events import UpdateChanged
from people.installation.updates import begin_update, note_progress
from store.database import Database
from store.errors import Refusal, ToolFailed
from store.files.blobs import Blobs
from store.files.folders import make_private
from store.loop.tasks import end
from store.migrations import Migration, migrations
from store.scopes import EVERYWHERE

RUNNING = on_disk()
BEAT_SECONDS = 15.0
NOTE_SECONDS = 5.0
"""So long an update that is stopped may take to note it."""
BACKUPS_KEPT = 5
SAID_LENGTH = 2000

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the tables stand to the version: what runs, what lies on the disk, and all migrations."""

    running: str
    installed: str
    migrations: list[Migration]

    @property
    def pending(self) -> list[Migration]:
        return [migration for migration in self.migrations if not migration.applied]


async def migrate_apart(settings: Settings) -> None:
    """Run the migrations that lie on the disk, by a program of their own.

    Raises:
        ToolFailed: it ended with an error; the message is the end of what it said.
    """
    assert settings.database_url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.main", "migrate", "--data-dir", str(settings.data_dir)),
        env=os.environ | {"HUB_DATABASE_URL": settings.database_url},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _out, said = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ToolFailed(said.decode(errors="replace").strip()[-SAID_LENGTH:])


class Updates:
    """This node's part in updates: it takes a run that waits, unless another node was first."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        settings: Settings,
        migrate: Callable[[Settings], Awaitable[None]] = migrate_apart,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._settings = settings
        self._migrate = migrate
        self._tasks: set[asyncio.Task[None]] = set()

    async def standing(self) -> Standing:
        """How the tables stand to the version."""
        return Standing(RUNNING, on_disk(), await migrations(self._database.url))

    def heard(self, event: PackedEvent) -> None:
        if event.name == UpdateChanged.wire_name and event.payload["update"]["state"] == "waiting":
            task = asyncio.create_task(self._take(UUID(event.payload["update"]["id"])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        await end(list(self._tasks), again_seconds=NOTE_SECONDS)

    async def _take(self, id: UUID) -> None:
        async with self._database.transaction(EVERYWHERE) as tx:
            if not await begin_update(tx, id):
                return
        logger.info("update_begins", update_id=str(id))
        try:
            async with self._beating(id):
                await self._run(id)
            await self._note(id, state="done")
            logger.info("update_done", update_id=str(id))
        except asyncio.CancelledError:
            await self._note(id, state="failed", said="The hub stopped meanwhile.")
            raise
        except Exception as error:
            logger.exception("update_failed", update_id=str(id))
            await self._note(id, state="failed", said=str(error)[:SAID_LENGTH])

    async def _run(self, id: UUID) -> None:
        before = await self.standing()
        applied = [migration.revision for migration in before.migrations if migration.applied]
        archive = self._archive(applied[-1] if applied else "empty")
        await self._note(id, from_revision=applied[-1] if applied else "", backup=str(archive))
        await backups.back_up(self._database.url, self._blobs, archive)
        await self._note(id, state="verifying")
        await asyncio.to_thread(backups.verify, archive)
        await self._note(id, state="migrating")
        await self._migrate(self._settings)
        after = await self.standing()
        if after.pending:
            raise ToolFailed(f"Still pending: {', '.join(migration.revision for migration in after.pending)}")
        await self._note(id, to_revision=after.migrations[-1].revision)

    def _archive(self, revision: str) -> Path:
        folder = self._settings.data_dir / "backups"
        make_private(folder)
        kept = sorted(folder.glob("before-update-*.atrium"), key=lambda path: path.stat().st_mtime)
        for old in kept[: -(BACKUPS_KEPT - 1)]:
            old.unlink(missing_ok=True)
        return folder.absolute() / f"before-update-{datetime.now(UTC):%Y%m%d-%H%M%S}-at-{revision}.atrium"

    async def _note(self, id: UUID, **facts: str) -> None:
        async with self._database.transaction(EVERYWHERE) as tx:
            await note_progress(tx, id, **facts)

    @asynccontextmanager
    async def _beating(self, id: UUID) -> AsyncIterator[None]:
        """While the block runs it is seen that it does."""
        beating = asyncio.create_task(self._beat(id))
        try:
            yield
        finally:
            await end([beating])

    async def _beat(self, id: UUID) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(Refusal):
                await self._note(id)
