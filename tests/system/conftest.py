"""A browser, and people's windows on a running hub."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, expect

from tests.hub.agencies import open_agency
from tests.stages import staged
from tests.system.browsers import PATIENCE_MILLISECONDS, Windows, running_browser
from tests.web.houses import House, build
from web.assets import manifest

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert manifest(), "The front end isn't built: make setup"
    async with running_browser() as browser:
        yield browser


agency = staged(open_agency)


built = staged(build)


@pytest.fixture
def house(built: House, hub: str) -> House:
    """Rooms with one of everything in them, people with passwords, and who runs it all."""
    return replace(built, url=hub)


@pytest.fixture
async def windows(browser: Browser, hub: str) -> AsyncIterator[Windows]:
    windows = Windows(browser, hub)
    yield windows
    await windows.close()
    assert not windows.faults
