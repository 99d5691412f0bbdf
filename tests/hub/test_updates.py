"""Updates: what is pending is run after a backup, once, and journaled; a hub starts without what can wait."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from commands.runner import Commands
from hub.app import create_app
from hub.engines import prepare
from hub.operations import backups
from hub.operations.updates import Updates, migrate_apart
from hub.settings import Settings
from hub.sockets.packets import pack
from people.actors import Actor
from people.installation.updates import RunUpdate, UpdateRuns, run_update, updates
from people.persons.superadmins import add_superadmin
from store import migrations
from store.database import Database
from store.engines import EngineFailed
from store.errors import Forbidden, ToolFailed
from store.files.blobs import Blobs
from store.migrations import migrate
from store.streams import StoredEvent
from tests.patience import PATIENT_SECONDS

STEP = '''"""Something more is there."""

from alembic import op

revision = "9999"
down_revision = "{head}"
needed = {needed}


def upgrade() -> None:
    op.execute("create table something_more (id integer)")
'''
ROOT = Actor(UUID(int=5), "superadmin", None, "Rada")


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Awaitable[None]]:
    """A later version's migration lies on the disk, as it does when one was installed under a running hub."""

    async def laid(needed: bool) -> None:
        heads = ScriptDirectory.from_config(migrations.configuration()).get_heads()
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "9999_more.py").write_text(STEP.format(head=heads[0], needed=needed))
        monkeypatch.setattr(migrations, "FOLDERS", [*migrations.FOLDERS, tmp_path / "later"])

    return laid


async def migrate_here(settings: Settings) -> None:
    assert settings.database_url
    await migrate(settings.database_url)


async def run(database: Database) -> UUID:
    async with database.transaction() as tx:
        return (await run_update(tx, ROOT, RunUpdate())).id


async def ended(database: Database) -> Any:
    for _turn in range(600):
        async with database.reading() as tx:
            (last, *_others) = await updates(tx, ROOT)
        if last.ended_at is not None:
            return last
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {last.state}")


@pytest.fixture
async def at_work(database: Database, settings: Settings, tmp_path: Path) -> AsyncIterator[Updates]:
    """A node that takes runs."""
    node = Updates(database, Blobs.at(tmp_path / "blobs"), settings, migrate_here)

    def told(events: list[StoredEvent]) -> None:
        for event in events:
            node.heard(pack(event))

    database.told.append(told)
    yield node
    await node.stop()


async def test_cc18_what_is_pending_is_run_after_a_backup(
    database: Database, at_work: Updates, later: Callable[[bool], Awaitable[None]]
) -> None:
    await later(True)
    assert [each.revision for each in (await at_work.standing()).pending] == ["9999"]
    await run(database)
    last = await ended(database)
    assert (last.state, last.to_revision, last.asked_by_name) == ("done", "9999", "Rada"), last.said
    manifest = backups.verify(Path(last.backup))
    assert manifest["revision"] == last.from_revision, "the backup is of before"
    assert (await at_work.standing()).pending == []


async def test_cc18_only_one_runs_at_a_time(database: Database) -> None:
    await run(database)
    with pytest.raises(UpdateRuns):
        await run(database)
    async with database.transaction() as tx:
        await tx.execute(text("update updates set beat_at = beat_at - interval '2 minutes'"))
    await run(database)  # the first died with its hub
    async with database.reading() as tx:
        assert [each.state for each in await updates(tx, ROOT)] == ["waiting", "failed"]


async def test_cc18_only_a_superadmin_runs_it(database: Database) -> None:
    admin = Actor(UUID(int=6), "admin", UUID(int=7), "Ana")
    with pytest.raises(Forbidden):
        await Commands(database, [run_update]).run(admin, RunUpdate.wire_name, {})


async def test_a_failed_run_says_why_and_leaves_its_backup(
    database: Database, at_work: Updates, later: Callable[[bool], Awaitable[None]], tmp_path: Path
) -> None:
    await later(True)
    step = tmp_path / "later" / "9999_more.py"
    step.write_text(step.read_text().replace("create table", "creates table"))
    await run(database)
    last = await ended(database)
    assert last.state == "failed"
    assert "creates" in last.said
    assert backups.verify(Path(last.backup))
    assert [each.revision for each in (await at_work.standing()).pending] == ["9999"]


async def test_the_program_of_its_own_finds_nothing_to_do(settings: Settings) -> None:
    await migrate_apart(settings)
    with pytest.raises(ToolFailed):
        await migrate_apart(settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"}))


async def test_migrations_end_with_whoever_waits_for_them(settings: Settings) -> None:
    migrating = asyncio.create_task(migrate_apart(settings))
    async with asyncio.timeout(PATIENT_SECONDS):
        while not (programs := _migrating()):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.01)
    migrating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await migrating
    assert not [program for program in programs if program.is_running()]


def _migrating() -> list[psutil.Process]:
    """The programs that migrate and are past their first steps."""
    programs = [program for program in psutil.Process().children() if "migrate" in program.cmdline()]
    return [program for program in programs if program.cpu_times().user > 0.1]


async def test_a_hub_that_does_not_migrate_starts_without_what_can_wait(
    database_url: str, later: Callable[[bool], Awaitable[None]]
) -> None:
    await later(False)
    await prepare(database_url, migrating=False)


async def test_a_hub_that_does_not_migrate_does_not_start_without_what_it_needs(
    database_url: str, later: Callable[[bool], Awaitable[None]]
) -> None:
    await later(True)
    with pytest.raises(EngineFailed, match="9999"):
        await prepare(database_url, migrating=False)


async def test_a_run_goes_through_a_whole_hub(database: Database, settings: Settings) -> None:
    """With nothing pending too: then it is a backup."""
    hub = create_app(settings)
    async with database.transaction() as tx:
        root = await add_superadmin(tx, "Rada", "rada@atrium.example", "grey heron over water")
    async with hub.running():
        await hub.commands.run(Actor(root, "superadmin", None, "Rada"), "update.run", {})
        assert (await ended(database)).state == "done"
