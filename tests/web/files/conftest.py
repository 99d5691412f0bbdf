"""A desk at a hub that all these tests share, and for each test a room of its own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from store.engines import EmbeddedEngines
from tests.databases import Template
from tests.hub.agencies import Agency
from tests.web.tus import Desk, Tus, open_desk


@pytest.fixture(scope="package")
async def open_desk_once(
    template: Template, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    async with open_desk(template, engines, tmp_path_factory.mktemp("data")) as desk:
        yield desk


@pytest.fixture
async def desk(open_desk_once: Desk) -> Desk:
    """A hub, and a room of this test's own."""
    return await open_desk_once.with_a_room()


@pytest.fixture
def agency(desk: Desk) -> Agency:
    return desk.agency


@pytest.fixture
def client(desk: Desk) -> httpx.AsyncClient:
    return desk.client


@pytest.fixture
def ana(desk: Desk) -> Tus:
    return desk.uploads_of(desk.agency.ana)
