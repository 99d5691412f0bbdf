"""Scenes that are set once: each test gets a copy, with the whole database in which it stands.

agency = staged(open_agency)
"""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest

from hub.parts import ANSWERS
from store.database import Database
from store.scopes import EVERYWHERE
from tests.databases import Template

T = TypeVar("T")
SetScene = Callable[[Database], Awaitable[T]]
_SETS = "sets"


@dataclass(frozen=True)
class Stage(Generic[T]):
    """A scene, and the database in which it stands."""

    template: Template
    scene: T
    _database: Database

    def on(self, database: Database) -> T:
        """This is the scene on a copy of its database, which takes its clock too."""
        database.clock = self._database.clock
        return deepcopy(self.scene, {id(self._database): database})


class Stages:
    """All stages of a test process, each set when a test first asks for it."""

    def __init__(self, empty: Template) -> None:
        self._empty = empty
        self._stages: dict[Any, Stage[Any]] = {}

    async def of(self, set_scene: SetScene[T]) -> Stage[T]:
        if set_scene not in self._stages:
            template = await self._empty.kept_copy()
            database = Database(template.url, within=EVERYWHERE, answers=ANSWERS)
            try:
                scene = await set_scene(database)
            finally:
                await database.close()
            self._stages[set_scene] = Stage(template, scene, database)
        return self._stages[set_scene]

    async def template_for(self, test: pytest.Item) -> Template:
        """This is what a test's database is a copy of: of the scene that it asks for, or one without rows."""
        asked = _scenes_of(test)
        assert len(asked) < 2, f"{test.nodeid} asks for several scenes: {asked}"
        return (await self.of(asked[0])).template if asked else self._empty


def staged(set_scene: SetScene[T]) -> Any:
    """Make a fixture of what sets a scene on a test's database."""

    async def scene(stages: Stages, database: Database) -> T:
        return (await stages.of(set_scene)).on(database)

    setattr(scene, _SETS, set_scene)
    return pytest.fixture(scene)


def _scenes_of(test: Any) -> list[SetScene[Any]]:
    """The fixtures of a test, of each name the nearest, as far as they set scenes."""
    nearest = [found[-1].func for found in test._fixtureinfo.name2fixturedefs.values()]
    return [getattr(function, _SETS) for function in nearest if hasattr(function, _SETS)]
