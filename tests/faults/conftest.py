"""Engines to break."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.engines import EmbeddedEngines
from store.migrations import migrate
from tests.folders import copy_folder, quick_folder


@pytest.fixture(scope="session")
async def migrated() -> AsyncIterator[Path]:
    """The folder of engines that have stopped, with all tables and no rows."""
    with quick_folder() as folder:
        async with EmbeddedEngines(folder, durable=False) as engines:
            await migrate(engines.database_url)
        yield folder


@pytest.fixture
async def own_engines(migrated: Path) -> AsyncIterator[EmbeddedEngines]:
    """Running engines of this test's own with all tables and no rows, to break."""
    with quick_folder() as folder:
        copy_folder(migrated, folder)
        async with EmbeddedEngines(folder, durable=False) as engines:
            yield engines
