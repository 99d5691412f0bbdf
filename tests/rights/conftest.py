"""The whole matrix, asked for once."""

import pytest

from hub.parts import ANSWERS
from hub.settings import Settings
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.rights.asked import Matrix, of_commands_about_people, of_commands_in_rooms, of_routes


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-rights", action="store_true", help="write tests/rights/matrix.txt anew")


@pytest.fixture(scope="module")
async def matrix(template: Template, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Every row, with everyone's answers."""
    matrix = Matrix()
    for ask in (of_routes, of_commands_in_rooms, of_commands_about_people):
        async with template.copy() as url:
            database = Database(url, within=EVERYWHERE, answers=ANSWERS)
            settings = Settings(
                database_url=url,
                redis_url=engines.redis_url,
                data_dir=tmp_path_factory.mktemp("rights"),
                port=0,
                limits=False,
                drain_seconds=0.1,
            )
            await ask(matrix, database, settings)
            await database.close()
    return matrix
