"""What every test may ask for: real engines, a clean database, a running hub."""

import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis.asyncio as redis
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from hub.operations.garbage_collector import settle_collector
from hub.parts import ANSWERS
from hub.settings import Settings
from people.signing.passwords import passwords
from store.database import Database
from store.engines import EmbeddedEngines
from store.migrations import migrate
from store.sandboxes import sandboxes
from store.scopes import EVERYWHERE
from store.secrets import ciphers
from tests.databases import Owner, Template
from tests.folders import quick_folder
from tests.forks import end_forks
from tests.keys import CIPHER_KEY
from tests.logs import keep_plain
from tests.names import NOBODY
from tests.stages import Stages

for name in [name for name in os.environ if name.startswith(("HUB_", "PG"))]:
    del os.environ[name]  # what the machine's owner has set is no test's business
# Else each process, the hubs that tests start among them, would compile all modules anew: three seconds of work.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

ciphers.use(CIPHER_KEY.encode())
# As in the product a hash takes a quarter of a second: tests/people/signing/test_passwords.py looks at that one.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
if find_spec("sniffio") is None:
    # httpx asks for it several times a request: where it is known that it isn't there, no folder is searched for it.
    sys.modules["sniffio"] = None  # type: ignore[assignment]
keep_plain()
hypothesis_settings.register_profile("any machine", deadline=None)  # how long an example takes, the machine says
hypothesis_settings.load_profile("any machine")

STARTED = time.monotonic()


def pytest_collection_finish() -> None:
    """As in the hub: walking what is there for good, again and again, took a tenth of the time."""
    settle_collector()


LONGEST = ("tests/system/test_pages.py", "tests/rights", "tests/system", "tests/faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: else one process has it left when the others are done."""
    items.sort(key=lambda item: next((nr for nr, place in enumerate(LONGEST) if item.nodeid.startswith(place)), 9))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A failure in one of several processes is told when it happens: a run that is cut off has named it."""
    if report.failed and hasattr(report, "node"):
        after = f"{time.monotonic() - STARTED:.0f} s"
        sys.stderr.write(f"\n{report.nodeid} failed at {report.when} after {after}\n{report.longreprtext}\n")
        sys.stderr.flush()


@pytest.fixture(scope="session", autouse=True)
async def sandboxes_end() -> AsyncIterator[None]:
    """What worked in sandboxes ends with the tests."""
    yield
    await sandboxes.close()


@pytest.fixture(scope="session", autouse=True)
def forks_end() -> Iterator[None]:
    """And from what hubs' processes were forked."""
    yield
    end_forks()


@pytest.fixture(scope="session")
def engines() -> Iterator[EmbeddedEngines]:
    """PostgreSQL and Valkey, one pair for each test process."""
    with quick_folder() as folder, EmbeddedEngines(folder, durable=False) as engines:
        yield engines


@pytest.fixture(scope="session")
async def template(engines: EmbeddedEngines) -> AsyncIterator[Template]:
    """A database with all tables and no rows, of which each test gets a copy."""
    await migrate(engines.database_url)
    place, _, name = engines.database_url.rpartition("/")
    owner = Owner(place)
    yield Template(owner, name)
    await owner.close()


@pytest.fixture(scope="session")
def stages(template: Template) -> Stages:
    """The scenes that tests ask for."""
    return Stages(template)


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, stages: Stages) -> AsyncIterator[str]:
    """The address of a database with all tables, and no rows but those of the scene that the test asks for."""
    template = await stages.template_for(request.node)
    async with template.copy() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables, and no rows but those of the scene that the test asks for."""
    database = Database(database_url, within=EVERYWHERE, answers=ANSWERS)
    yield database
    await database.close()


@pytest.fixture
async def redis_url(engines: EmbeddedEngines) -> str:
    """The address of an empty bus."""
    async with redis.Redis.from_url(engines.redis_url) as client:
        await client.flushall()
    return engines.redis_url


@pytest.fixture
def settings(database_url: str, redis_url: str, tmp_path: Path) -> Settings:
    """Settings of a hub on a clean database, on a port that is found when it starts."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        data_dir=tmp_path / "data",
        cipher_key=SecretStr(CIPHER_KEY),
        port=0,
        worker=False,
        drain_seconds=1,
        name_servers=NOBODY,
    )


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[str]:
    """The address of a running hub."""
    from tests.hubs import running_hub  # noqa: PLC0415 - loads the application

    async with running_hub(settings) as url:
        yield url
