"""Running hubs on a house that was built once: one for a module's tests, and one for a test that breaks things."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from commands.runner import Commands
from hub.parts import ANSWERS, VERBS
from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.hubs import running_hub
from tests.names import NOBODY
from tests.web.houses import House, build, moved

Built = tuple[Template, House]


@pytest.fixture(scope="session")
async def built_once(template: Template) -> AsyncIterator[Built]:
    async with template.copy() as url:
        database = Database(url, within=EVERYWHERE, answers=ANSWERS)
        house = await build(database)
        await database.close()
        yield Template(url), house


@pytest.fixture(scope="module")
async def house(
    built_once: Built, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    """People, rooms and a running hub, which the tests of a module share."""
    folder = tmp_path_factory.mktemp("house")
    settings = Settings(redis_url=engines.redis_url, data_dir=folder, port=0, name_servers=NOBODY)
    async with standing(built_once, settings) as house:
        yield house


@pytest.fixture
async def own_house(built_once: Built, settings: Settings) -> AsyncIterator[House]:
    """The same, for one test alone."""
    async with standing(built_once, settings) as house:
        yield house


@asynccontextmanager
async def standing(built: Built, settings: Settings) -> AsyncIterator[House]:
    stage, house = built
    async with stage.copy() as url:
        # Many sign in from the tests' one address.
        limited = {"database_url": url, "limit_sign_ins_per_address": 1000, "drain_seconds": 1}
        async with running_hub(settings.model_copy(update=limited)) as address:
            database = Database(url, within=EVERYWHERE, answers=ANSWERS)
            found = moved(house, database, address)
            found.scene = replace(found.scene, agency=replace(found.scene.agency, commands=Commands(database, VERBS)))
            yield found
            await database.close()
