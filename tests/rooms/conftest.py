"""A scene for each test: set once, then copied with its whole database."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from commands.runner import Commands
from hub.parts import ANSWERS, VERBS
from store.database import Database
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.rooms.scenes import Scene, set_scene


@pytest.fixture(scope="session")
async def set_once(template: Template) -> AsyncIterator[tuple[Template, Scene]]:
    async with template.copy() as url:
        database = Database(url, within=EVERYWHERE, answers=ANSWERS)
        scene = await set_scene(database)
        await database.close()
        yield Template(url), scene


@pytest.fixture
async def scene(set_once: tuple[Template, Scene]) -> AsyncIterator[Scene]:
    """A room with one of everything in it."""
    stage, scene = set_once
    async with stage.copy() as url:
        database = Database(url, within=EVERYWHERE, answers=ANSWERS)
        agency = replace(scene.agency, commands=Commands(database, VERBS))
        yield replace(scene, database=database, agency=agency)
        await database.close()
