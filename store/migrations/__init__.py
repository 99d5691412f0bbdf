"""Migrations: how the tables become what the code expects. They only expand, so that two versions can run side by side.

One hub migrates at a time; the others wait for it (an advisory lock) and then find nothing to do. What already runs
goes on meanwhile: a migration waits for a table no longer than commands can wait behind it, and tries again later. A
hub of an older version starts on the tables of a newer one.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.addresses.database_addresses import Address
from store.migrations.backfills import fill_folded
from store.migrations.roles import CREATE_ROLE, GRANTS

LOCK_SECONDS = 1.5
PAUSE_SECONDS = 3.0
_LOCK = 0x61747269756D  # "atrium"
_LOCK_NOT_AVAILABLE = "55P03"
FOLDERS = [Path(__file__).parent / "versions"]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Migration:
    """A step of the tables' form, whether a database has taken it, and whether this version can't serve without it.

    A migration's file may say ``needed = False``: of an index, or of what a later version reads.
    """

    revision: str
    says: str
    applied: bool
    needed: bool


async def migrate(url: str) -> None:
    """Bring a database to the newest form that this version knows; one that is newer stays."""
    async with _connection(url) as connection:
        await connection.execute(text(f"select pg_advisory_lock({_LOCK})"))
        await connection.commit()
        try:
            while not await _upgraded(connection):  # noqa: ASYNC110 - others let go of it
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await connection.rollback()
            await connection.execute(text(f"select pg_advisory_unlock({_LOCK})"))


async def fill(url: str) -> None:
    """Fold what a version before wrote: until the migration, and beside this version since."""
    async with _connection(url) as connection:
        await fill_folded(connection)


async def pending(url: str) -> bool:
    """Whether a database lacks a migration."""
    async with _connection(url) as connection:
        return await connection.run_sync(_behind)


async def migrations(url: str) -> list[Migration]:
    """These are all migrations that lie on this disk, the first first."""
    async with _connection(url) as connection:
        return await connection.run_sync(_listed)


async def newer(url: str) -> bool:
    """Whether a database was migrated by a newer version than this."""
    async with _connection(url) as connection:
        return await connection.run_sync(_ahead)


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine("postgresql+asyncpg://", connect_args=Address.parse(url).for_asyncpg)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def _listed(connection: Connection) -> list[Migration]:
    steps = list(ScriptDirectory.from_config(configuration()).walk_revisions())[::-1]
    revisions = [step.revision for step in steps]
    current = MigrationContext.configure(connection).get_current_revision()
    # A revision that no file here has is a later version's, which has taken all of these.
    reached = -1 if current is None else revisions.index(current) if current in revisions else len(steps)
    return [
        Migration(step.revision, step.doc, index <= reached, getattr(step.module, "needed", True))
        for index, step in enumerate(steps)
    ]


async def _upgraded(connection: AsyncConnection) -> bool:
    """Migrate. False when a table is in use for too long: nothing is changed then."""
    await connection.execute(text(f"set local lock_timeout = '{LOCK_SECONDS}s'"))
    try:
        if await connection.run_sync(_ahead):
            logger.warning("tables_are_newer")
        else:
            await connection.run_sync(_upgrade)
        await connection.commit()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        await connection.rollback()
        logger.warning("migration_waits", error=str(error.orig))
        return False
    return True


def _upgrade(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.exec_driver_sql(CREATE_ROLE)
    connection.exec_driver_sql(GRANTS)


def _behind(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    return _revision(connection) != newest and not _ahead(connection)


def _ahead(connection: Connection) -> bool:
    revision = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    return revision is not None and revision not in known


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def configuration() -> Config:
    """This is Alembic's configuration; there is no file of it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, FOLDERS)))
    return config
