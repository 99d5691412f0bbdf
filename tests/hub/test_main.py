"""The command line, as a user calls it: in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from people.businesses import Business
from people.parties import Party
from store.database import Database
from store.engines import EmbeddedEngines

PASSWORD = "ten letters or more"


def hub(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hub.main", *arguments], capture_output=True, text=True, env=variables, check=False
    )


def person(*arguments: str, url: str) -> "subprocess.CompletedProcess[str]":
    return hub("person", "add", *arguments, HUB_DATABASE_URL=url)


@pytest.fixture
def admin() -> tuple[str, ...]:
    return (
        *("--name", "Ioana", "--email", "ioana@atrium.example", "--password", PASSWORD),
        *("--kind", "admin", "--business", "Agency"),
    )


async def test_the_first_admin_of_a_business_opens_it(
    database: Database, database_url: str, admin: tuple[str, ...]
) -> None:
    assert person(*admin, url=database_url).returncode == 0
    async with database.reading() as tx:
        assert await tx.scalar(select(Business.name)) == "Agency"
        assert await tx.scalar(select(Party.kind)) == "admin"


async def test_an_email_is_added_once(database: Database, database_url: str, admin: tuple[str, ...]) -> None:
    assert person(*admin, url=database_url).returncode == 0
    again = person(*admin, url=database_url)
    assert again.returncode == 1
    assert "belongs to someone" in again.stderr
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(Party)) == 1


def test_a_short_password_is_refused(database_url: str, admin: tuple[str, ...]) -> None:
    refused = person(*admin, "--password", "short", url=database_url)
    assert refused.returncode == 1
    assert "password" in refused.stderr


def test_an_admin_needs_a_business(database_url: str) -> None:
    refused = person(
        "--name",
        "Ioana",
        "--email",
        "ioana@atrium.example",
        "--password",
        PASSWORD,
        "--kind",
        "admin",
        url=database_url,
    )
    assert refused.returncode == 1
    assert "--business" in refused.stderr


def test_people_are_added_beside_a_running_hub(tmp_path: Path) -> None:
    with EmbeddedEngines(tmp_path / "data", durable=False):
        added = hub(
            *("person", "add", "--name", "Root", "--email", "root@atrium.example", "--password", PASSWORD),
            *("--data-dir", str(tmp_path / "data")),
        )
    assert added.returncode == 0, added.stderr


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    refused = hub("migrate", "--data-dir", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"The data folder {tmp_path / 'data'} can't be used")


def test_a_database_that_is_away_is_named_without_its_password() -> None:
    refused = hub("migrate", HUB_DATABASE_URL="postgresql://ana:secret@127.0.0.1:1/atrium")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database postgresql://ana:***@127.0.0.1:1/atrium can't be used")
