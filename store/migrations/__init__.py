"""Migrations: how the tables become what the code expects. They only expand, so that two versions can run side by side.

One hub migrates at a time; the others wait for it (an advisory lock) and then find nothing to do.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.migrations.roles import CREATE_ROLE, GRANTS

_LOCK = 0x61747269756D  # "atrium"


async def migrate(url: str) -> None:
    """Bring a database to the newest form."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"select pg_advisory_lock({_LOCK})"))
            try:
                await connection.run_sync(_upgrade)
                await connection.commit()
            finally:
                await connection.rollback()
                await connection.execute(text(f"select pg_advisory_unlock({_LOCK})"))
    finally:
        await engine.dispose()


async def pending(url: str) -> bool:
    """Whether a database lacks a migration."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_behind)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.exec_driver_sql(CREATE_ROLE)
    connection.exec_driver_sql(GRANTS)


def _behind(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() != newest


def configuration() -> Config:
    """This is Alembic's configuration; there is no file of it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
