"""Engines to break."""

from collections.abc import AsyncIterator

import pytest

from store.engines import EmbeddedEngines
from store.migrations import migrate
from tests.folders import quick_folder


@pytest.fixture
async def own_engines() -> AsyncIterator[EmbeddedEngines]:
    """Running engines of this test's own with all tables and no rows, to break."""
    with quick_folder() as folder:
        async with EmbeddedEngines(folder, durable=False) as engines:
            await migrate(engines.database_url)
            yield engines
