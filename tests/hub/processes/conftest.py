"""The process of an agency's rooms, and a node that hears nothing of others."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.settings import Settings
from store.database import Database
from tests.hub.agencies import Agency
from tests.hub.nodes import Node, running_node
from tests.reads import read_log


@pytest.fixture
async def process(agency: Agency, database: Database) -> dict[str, Any]:
    """The process of the agency's rooms, which nobody has changed yet."""
    async with database.reading() as tx:
        opened = (await read_log(tx, f"room:{agency.room_id}", 0, 1))[0]
    found: dict[str, Any] = opened.body["process"]
    return found


@pytest.fixture
async def deaf_node(settings: Settings) -> AsyncIterator[Node]:
    """A node whose Redis isn't there."""
    async with running_node(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})) as node:
        yield node
