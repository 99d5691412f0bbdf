"""A node and an agency, for tests of the live side."""

from collections.abc import AsyncIterator

import pytest

from hub.settings import Settings
from tests.hub.agencies import Agency, open_agency
from tests.hub.nodes import Node, running_node
from tests.stages import staged

agency = staged(open_agency)
"""Its commands are the node's where there is one, else those of a process that no node hears."""


@pytest.fixture
async def node(settings: Settings, agency: Agency) -> AsyncIterator[Node]:
    async with running_node(settings) as node:
        agency.commands = node.commands
        yield node


@pytest.fixture
async def other_node(settings: Settings, node: Node) -> AsyncIterator[Node]:
    """Another node on the same database and Redis."""
    async with running_node(settings) as other:
        yield other
