"""The tables that migrations make are the ones that the code expects."""

from sqlalchemy import text

from store.database import Database
from store.migrations import migrate, pending


async def test_a_migrated_database_has_nothing_pending(database_url: str) -> None:
    assert not await pending(database_url)


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    assert not await pending(database_url)


async def test_each_test_has_a_database_without_rows(database: Database) -> None:
    async with database.reading() as tx:
        assert await tx.scalar(text("select count(*) from businesses")) == 0
