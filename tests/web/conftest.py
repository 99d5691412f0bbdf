"""Running hubs on a house that was built once: for a module, for a folder, and for a test that breaks things."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Literal

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


def house_for(scope: Literal["module", "package"]) -> Any:
    """Make a fixture of people, rooms and a running hub, which the tests of a module or of a folder share."""

    async def house(
        built_once: Built, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
    ) -> AsyncIterator[House]:
        folder = tmp_path_factory.mktemp("house")
        settings = Settings(redis_url=engines.redis_url, data_dir=folder, port=0, name_servers=NOBODY)
        async with standing(built_once, settings) as house:
            yield house

    return pytest.fixture(house, scope=scope)


house = house_for("module")


@pytest.fixture
async def own_house(built_once: Built, settings: Settings) -> AsyncIterator[House]:
    """The same, for one test alone."""
    async with standing(built_once, settings) as house:
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
