"""Engines to break."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.engines import EmbeddedEngines
from store.migrations import migrate


@pytest.fixture
async def own_engines(tmp_path: Path) -> AsyncIterator[EmbeddedEngines]:
    """Running engines of this test's own with all tables and no rows, to break."""
    async with EmbeddedEngines(tmp_path / "engines", durable=False) as engines:
        await migrate(engines.database_url)
        yield engines
