"""A browser, and people's windows on a running hub."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from store.database import Database
from tests.hub.agencies import Agency, open_agency
from tests.system.browsers import PATIENCE_MILLISECONDS, Windows, running_browser
from tests.web.houses import House, build, moved
from web.assets import manifest

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert manifest(), "The front end isn't built: make setup"
    async with running_browser() as browser:
        yield browser


@pytest.fixture
async def agency(database: Database) -> Agency:
    return await open_agency(database)


@pytest.fixture
async def house(database: Database, hub: str) -> House:
    """Rooms with one of everything in them, people with passwords, and who runs it all."""
    return moved(await build(database), database, hub)


@pytest.fixture
async def windows(browser: Browser, hub: str) -> AsyncIterator[Windows]:
    windows = Windows(browser, hub)
    yield windows
    await windows.close()
    assert not windows.faults
