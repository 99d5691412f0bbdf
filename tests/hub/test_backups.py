"""A backup holds the database and the files together, proves itself, and comes back as a new epoch."""

import asyncio
import tarfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import text

from hub.app import WrongKey, create_app
from hub.operations.backups import Damaged, Exists, NotEmpty, _settle, back_up, kept_key, restore, verify
from hub.parts import ANSWERS
from hub.settings import Settings
from people.logos import keep_logo
from rooms.access import visible_room
from rooms.files.contents import keep
from rooms.files.files import AddFile, add_file
from rooms.snapshots import snapshot_of
from store.database import Database
from store.engines import programs
from store.errors import ToolFailed
from store.files.blobs import Blobs
from store.files.garbage import delete_discarded
from store.log import head
from store.scopes import EVERYWHERE
from store.secrets import ciphers
from tests.databases import Template
from tests.hub.agencies import Agency, open_agency
from tests.keys import CIPHER_KEY
from tests.stages import staged

BYTES = b"three tiers, cream" * 1000


agency = staged(open_agency)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.at(tmp_path / "blobs")


@pytest.fixture
async def empty(template: Template, tmp_path: Path) -> AsyncIterator[tuple[Database, Blobs]]:
    """Another place, with nothing in it."""
    async with template.copy() as url:
        database = Database(url, within=EVERYWHERE, answers=ANSWERS)
        yield database, Blobs.at(tmp_path / "elsewhere")
        await database.close()


async def add(database: Database, blobs: Blobs, agency: Agency, content: bytes = BYTES) -> str:
    async def stream() -> AsyncIterator[bytes]:
        yield content

    business_id = agency.ana.actor.business_id
    assert business_id
    kept = await keep(blobs, business_id, "cake.txt", stream())
    async with database.transaction() as tx:
        command = AddFile.model_validate({"room_id": agency.room_id, "name": "cake.txt"})
        await add_file(tx, agency.ana.actor, command, kept, tx.new_id())
    return kept.digest


async def state(database: Database, agency: Agency) -> tuple[dict[str, Any], str]:
    async with database.reading() as tx:
        room = await visible_room(tx, agency.admin.actor, UUID(agency.room_id))
        at = await head(tx, room.stream.name)
        return await snapshot_of(tx, agency.admin.actor, room), at.epoch


async def test_what_was_backed_up_comes_back_in_a_new_epoch(
    database: Database, blobs: Blobs, agency: Agency, empty: tuple[Database, Blobs], tmp_path: Path
) -> None:
    await agency.post(agency.ana, "Before")
    digest = await add(database, blobs, agency)
    before, epoch = await state(database, agency)
    path = tmp_path / "atrium.tar"
    manifest = await back_up(database.url, blobs, path)
    assert verify(path) == manifest
    await agency.post(agency.ana, "After")

    other, other_blobs = empty
    await restore(other.url, other_blobs, path)

    after, new_epoch = await state(other, agency)
    assert after == before
    assert new_epoch != epoch
    business_id = agency.ana.actor.business_id
    assert business_id
    assert b"".join([chunk async for chunk in await other_blobs.get(business_id, digest)]) == BYTES


async def test_data_is_replaced_only_when_it_is_said(
    database: Database, blobs: Blobs, agency: Agency, tmp_path: Path
) -> None:
    path = tmp_path / "atrium.tar"
    before, _ = await state(database, agency)
    await back_up(database.url, blobs, path)
    await agency.post(agency.ana, "After")
    with pytest.raises(NotEmpty):
        await restore(database.url, blobs, path)
    assert (await state(database, agency))[0] != before
    await restore(database.url, blobs, path, replace=True)
    await database.engine.dispose()
    assert (await state(database, agency))[0] == before


async def test_a_backup_amid_posting_is_of_one_moment(
    database: Database, blobs: Blobs, agency: Agency, empty: tuple[Database, Blobs], tmp_path: Path
) -> None:
    posting = asyncio.create_task(_post_on(agency))
    try:
        path = tmp_path / "atrium.tar"
        await back_up(database.url, blobs, path)
    finally:
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
    other, other_blobs = empty
    await restore(other.url, other_blobs, path)
    async with other.reading() as tx:
        logs = await tx.execute(
            text(
                "select l.head, count(e.*) as held, max(e.offset) as last"
                " from logs l join events e using (stream) group by l.stream, l.head"
            )
        )
        for log in logs:
            assert log.head == log.held == log.last


async def _post_on(agency: Agency) -> None:
    for nr in range(500):
        await agency.post(agency.ana, f"{nr}")


async def test_nothing_is_deleted_from_under_a_backup(database: Database, blobs: Blobs, agency: Agency) -> None:
    digest = await add(database, blobs, agency)
    business_id = agency.ana.actor.business_id
    assert business_id
    snapshot = (await state(database, agency))[0]
    await agency.run(agency.ana, "file.remove", file_id=snapshot["files"][0]["id"])
    async with database.engine.connect() as backup:
        await backup.execute(text("select pg_advisory_lock(x'626c6f62'::int)"))
        await delete_discarded(database, blobs)
        assert await blobs.exists(business_id, digest)
        await backup.execute(text("select pg_advisory_unlock(x'626c6f62'::int)"))
    await delete_discarded(database, blobs)
    assert not await blobs.exists(business_id, digest)


@pytest.mark.parametrize("member", ["database.dump", "manifest.json", "blob"])
async def test_a_damaged_archive_touches_nothing(
    database: Database, blobs: Blobs, agency: Agency, tmp_path: Path, member: str
) -> None:
    digest = await add(database, blobs, agency)
    path = tmp_path / "atrium.tar"
    await back_up(database.url, blobs, path)
    with tarfile.open(path) as archive:
        name = next(
            entry.name for entry in archive if member in entry.name and (member != "blob" or digest in entry.name)
        )
        offset = archive.getmember(name).offset_data
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"spoiled")
    before = (await state(database, agency))[0]
    with pytest.raises(Damaged):
        await restore(database.url, blobs, path, replace=True)
    assert (await state(database, agency))[0] == before


async def test_what_is_no_archive_is_refused(database: Database, blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "atrium.tar"
    path.write_bytes(b"not an archive")
    with pytest.raises(Damaged):
        await restore(database.url, blobs, path)


async def test_a_backup_that_fails_leaves_no_file(
    blobs: Blobs, database: Database, agency: Agency, tmp_path: Path
) -> None:
    await add(database, blobs, agency)
    async with database.transaction() as tx:
        await tx.execute(text("update files set digest = repeat('0', 64)"))
    path = tmp_path / "atrium.tar"
    with pytest.raises((ToolFailed, LookupError)):
        await back_up(database.url, blobs, path)
    assert tars_in(tmp_path) == []


def test_of_two_that_write_one_backup_the_second_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, half = tmp_path / "atrium.tar", tmp_path / ".half"
    path.write_bytes(b"the quicker one")
    half.write_bytes(b"the slower one")
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # as it looked a moment before
    with pytest.raises(Exists):
        _settle(half, path, force=False)
    assert path.read_bytes() == b"the quicker one"
    _settle(half, path, force=True)
    assert path.read_bytes() == b"the slower one"


def test_a_backup_settles_where_files_have_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path, half = tmp_path / "atrium.tar", tmp_path / ".half"
    half.write_bytes(b"whole")
    _settle(half, path, force=False)
    assert path.read_bytes() == b"whole"
    assert not half.exists()
    half.write_bytes(b"another")
    with pytest.raises(Exists):
        _settle(half, path, force=False)


async def test_a_program_that_is_missing_is_named_and_not_the_file(
    blobs: Blobs, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "installed_programs", lambda: tmp_path / "nowhere")
    with pytest.raises(ToolFailed, match=r"^pg_dump can't be started: No such file"):
        await back_up(database.url, blobs, tmp_path / "atrium.tar")
    assert tars_in(tmp_path) == []


async def test_a_file_that_can_t_be_written_is_named(blobs: Blobs, database: Database, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"nowhere/atrium\.tar can't be written: No such file"):
        await back_up(database.url, blobs, tmp_path / "nowhere" / "atrium.tar")


def tars_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if "tar" in path.name]


async def test_a_backup_holds_the_data_folders_key(database: Database, blobs: Blobs, tmp_path: Path) -> None:
    await back_up(database.url, blobs, tmp_path / "whole.tar", b"a key")
    assert kept_key(tmp_path / "whole.tar") == b"a key"
    assert (tmp_path / "whole.tar").stat().st_mode & 0o777 == 0o600
    await back_up(database.url, blobs, tmp_path / "without.tar")
    assert kept_key(tmp_path / "without.tar") is None


async def test_a_hub_with_another_key_does_not_start(settings: Settings) -> None:
    async with create_app(settings).running():
        pass
    other = create_app(settings.model_copy(update={"cipher_key": SecretStr("another")}))
    with pytest.raises(WrongKey, match="HUB_CIPHER_KEY"):
        async with other.running():
            pass
    ciphers.use(CIPHER_KEY.encode())


async def test_a_logo_comes_back_too(
    database: Database, blobs: Blobs, agency: Agency, empty: tuple[Database, Blobs], tmp_path: Path
) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(picture, "PNG")
    logo = (await keep_logo(database, blobs, agency.admin.actor, picture.getvalue())).logo
    archive = tmp_path / "backup.tar"
    await back_up(database.url, blobs, archive)
    assert logo
    with tarfile.open(archive) as packed:
        assert any(logo in name for name in packed.getnames())
    other, its_blobs = empty
    await restore(other.url, its_blobs, archive)
    business_id = agency.admin.actor.business_id
    assert business_id
    assert await its_blobs.exists(business_id, logo)
