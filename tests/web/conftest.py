"""Running hubs on a house that was built once: one for a module's tests, and one for a test that breaks things."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hub.parts import ANSWERS
from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.hubs import running_hub
from tests.names import NOBODY
from tests.stages import Stage, Stages
from tests.web.houses import House, build

Built = Stage[House]


@pytest.fixture(scope="session")
async def built_once(stages: Stages) -> Built:
    return await stages.of(build)


@pytest.fixture(scope="module")
async def house(
    built_once: Built, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """People, rooms and a running hub, which the tests of a module share."""
    async with shared(built_once, engines, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
async def own_house(built_once: Built, settings: Settings) -> AsyncIterator[House]:
    """The same, for one test alone."""
    async with standing(built_once, settings) as house:
        yield house


@asynccontextmanager
async def shared(built: Built, engines: EmbeddedEngines, folder: Path) -> AsyncIterator[House]:
    """This is a house that stands for longer than a test."""
    settings = Settings(redis_url=engines.redis_url, data_dir=folder, port=0, name_servers=NOBODY)
    async with standing(built, settings) as house:
        yield house


@asynccontextmanager
async def standing(built: Built, settings: Settings) -> AsyncIterator[House]:
    async with built.template.copy() as url:
        # Many sign in from the tests' one address.
        limited = {"database_url": url, "limit_sign_ins_per_address": 1000, "drain_seconds": 1}
        async with running_hub(settings.model_copy(update=limited)) as address:
            database = Database(url, within=EVERYWHERE, answers=ANSWERS)
            yield replace(built.on(database), url=address)
            await database.close()
