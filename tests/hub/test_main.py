"""The command line, as a user calls it: in a process of its own."""

import subprocess
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from commands.faults import faults_of
from hub.engines import NoHubThere
from hub.main import backed_up, cli, examined, person_reset
from hub.operations.backups import verify
from hub.operations.bootstrap import SeveralOfThatName, add_superadmin, add_to_business
from hub.settings import Settings
from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.installation.openings import OpenBusiness, open_business
from people.installation.settings import ChangeInstallation, change_installation
from people.parties import Party
from store.database import Database
from store.engines import EmbeddedEngines
from store.errors import Conflict, Refusal, ToolFailed
from tests.forks import carried_out
from tests.hubs import running_hub

PASSWORD = "ten letters or more"
ROOT = Actor(UUID(int=1), "superadmin", None, "Rada")


def hub(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return carried_out("hub.main", list(arguments), variables)


def person(*arguments: str, url: str) -> "subprocess.CompletedProcess[str]":
    return hub("person", "add", *arguments, HUB_DATABASE_URL=url)


def fields(**others: str) -> dict[str, str]:
    """What is said of a person on the command line."""
    return {"name": "Ioana", "email": "ioana@atrium.example", "password": PASSWORD} | others


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


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
    assert "already in use" in again.stderr
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


async def test_cc21_a_business_is_found_however_its_name_is_written(
    database: Database, database_url: str, admin: tuple[str, ...]
) -> None:
    assert "Opened the business Agency" in person(*admin, url=database_url).stderr
    oana = ("--email", "oana@atrium.example", "--business", "aGENCY")
    assert "Found the business Agency" in person(*admin, *oana, url=database_url).stderr
    for number, name in enumerate(("agency", " Agency  ", "Agéncy")):
        found = await add_to_business(database, name, fields(kind="admin", email=f"ana{number}@atrium.example"))
        assert (found.name, found.opened) == ("Agency", False)
    async with database.reading() as tx:
        assert (await tx.scalars(select(Business.name))).all() == ["Agency"]


async def test_a_business_that_could_be_several_is_named_by_its_id(database: Database) -> None:
    async with database.transaction() as tx:
        first, second = [
            await open_business(tx, ROOT, OpenBusiness(business_name=name)) for name in ("Agency", "AGENCY")
        ]
    with pytest.raises(SeveralOfThatName) as refused:
        await add_to_business(database, "agency", fields(kind="admin"))
    assert f"--business {first.id}  Agency" in str(refused.value)
    assert f"--business {second.id}  AGENCY" in str(refused.value)
    assert (await add_to_business(database, str(second.id), fields(kind="admin"))).name == "AGENCY"
    ana = fields(kind="admin", email="ana@atrium.example")
    assert (await add_to_business(database, "Agency", ana)).id == first.id


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("password", "short", "too short"),
        ("password", "password123", "easy to guess"),
        ("password", "ioana is my name", "the owner's name"),
        ("email", "ioana", "isn't an email address"),
        ("name", " ", "too short"),
    ],
)
async def test_the_command_line_refuses_what_the_page_refuses(
    database: Database, field: str, value: str, said: str
) -> None:
    with pytest.raises((Refusal, ValidationError)) as of_superadmin:
        await add_superadmin(database, **fields(**{field: value}))
    with pytest.raises((Refusal, ValidationError)) as of_admin:
        await add_to_business(database, "Agency", fields(kind="admin", **{field: value}))
    for refused in (of_superadmin.value, of_admin.value):
        told = (
            refused.fields[field]
            if isinstance(refused, Refusal)
            else faults_of(cast("ValidationError", refused))[field]
        )
        assert said in told
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(Party)) == 0


async def test_a_refusal_names_what_it_is_about(database: Database, database_url: str) -> None:
    good = ("--name", "Ioana", "--email", "ioana@atrium.example", "--password", PASSWORD)
    weak = person(*good, "--password", "password123", url=database_url)
    assert (weak.returncode, weak.stderr.partition(":")[0]) == (1, "password")
    assert "easy to guess" in weak.stderr
    await add_superadmin(database, **fields())
    assert "already in use" in person(*good, "--email", "IOANA@atrium.example", url=database_url).stderr


@pytest.mark.parametrize(
    "command",
    [
        ("doctor",),
        ("migrate",),
        ("backup", "{tmp}/atrium.tar"),
        ("person", "reset", "ana@atrium.example"),
        ("person", "add", "--name", "Ana", "--email", "ana@atrium.example", "--password", PASSWORD),
    ],
    ids=lambda command: "-".join(command[:2]),
)
def test_a_command_makes_no_hub_in_a_folder_that_was_mistyped(command: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "dta"
    refused = CliRunner().invoke(cli, [*(part.format(tmp=tmp_path) for part in command), "--data-dir", str(folder)])
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"There is no hub in {folder}")
    assert "--data-dir" in refused.stderr
    assert not list(tmp_path.iterdir())


async def test_a_look_or_a_backup_with_a_mistyped_folder_makes_nothing_beside_a_named_database(
    settings: Settings, tmp_path: Path
) -> None:
    for redis_url in (settings.redis_url, None):
        mistyped = settings.model_copy(update={"redis_url": redis_url, "cipher_key": None})
        findings = await examined(mistyped)
        assert any(f"There are no files in {settings.data_dir / 'blobs'}" in finding.what for finding in findings)
        with pytest.raises(NoHubThere, match=f"There is no hub in {settings.data_dir}: it has no files"):
            await backed_up(mistyped, tmp_path / "atrium.tar", force=False)
        assert names_in(tmp_path) == []


async def test_a_backup_replaces_a_file_only_when_it_is_said(settings: Settings, tmp_path: Path) -> None:
    (settings.data_dir / "blobs").mkdir(parents=True)
    archive = tmp_path / "atrium.tar"
    archive.write_text("what was there")
    variables = {"HUB_DATABASE_URL": str(settings.database_url), "HUB_DATA_DIR": str(settings.data_dir)}
    refused = hub("backup", str(archive), **variables)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert archive.read_text() == "what was there"
    await backed_up(settings, archive, force=True)
    assert verify(archive)["events"] == 0
    with pytest.raises(ToolFailed, match=f"{tmp_path}/none/atrium.tar can't be written"):
        await backed_up(settings, tmp_path / "none" / "atrium.tar", force=False)
    assert names_in(tmp_path) == ["atrium.tar", "data"]


async def test_a_reset_s_link_leads_to_where_people_reach_the_hub(settings: Settings, database: Database) -> None:
    await add_superadmin(database, **fields())
    settings.data_dir.mkdir()
    public = settings.model_copy(update={"public_url": "https://a.example"})

    async def site(of: Settings) -> str:
        return (await person_reset(of, "ioana@atrium.example"))[0]

    assert await site(settings) == ""
    told = hub(
        *("person", "reset", "ioana@atrium.example", "--data-dir", str(settings.data_dir)),
        HUB_DATABASE_URL=str(settings.database_url),
    ).stderr
    assert "HUB_PUBLIC_URL" in told
    assert told.splitlines()[-1].startswith("/reset/")
    async with running_hub(settings) as url:
        assert await site(settings) == url
        assert await site(public) == "https://a.example"
        async with database.transaction() as tx:
            await change_installation(tx, ROOT, ChangeInstallation(address="https://atrium.example"))
        assert await site(public) == "https://atrium.example"
    assert not (settings.data_dir / "hub.address").exists()


async def test_who_never_came_in_has_no_password_to_reset(settings: Settings, database: Database) -> None:
    await add_superadmin(database, **fields())
    async with database.transaction() as tx:
        await tx.execute(update(Account).values(password_hash=None))
    with pytest.raises(Conflict, match="Invite them again"):
        await person_reset(settings, "ioana@atrium.example")


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
