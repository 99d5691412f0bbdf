"""A browser, and people's windows on a running hub."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from store.database import Database
from tests.hub.agencies import Agency, open_agency
from tests.system.browsers import PATIENCE_MILLISECONDS, Windows, running_browser

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


@pytest.fixture
async def agency(database: Database) -> Agency:
    return await open_agency(database)


@pytest.fixture
async def windows(browser: Browser, hub: str) -> AsyncIterator[Windows]:
    windows = Windows(browser, hub)
    yield windows
    await windows.close()
    assert not windows.faults
