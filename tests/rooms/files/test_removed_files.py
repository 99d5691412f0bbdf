"""Files that are removed are gone, and their bytes with the last of those who have them."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from commands.runner import Commands
from hub.parts import VERBS
from rooms.files.files import RemoveFile, remove_file
from store.database import Database
from store.errors import Forbidden, NotFound
from store.files.blobs import BlobMissing, Blobs
from store.files.garbage import BlobIsGone, delete_discarded, discard, hold
from tests.databases import TABLES
from tests.rooms.files.drops import chunks, do, drop, files_of, row_of, sweep_later, told_rightly
from tests.rooms.offices import Office


async def test_a_removed_files_name_is_nowhere(office: Office) -> None:
    secret = "Rechizitoriu secret.txt"
    file = await drop(office, office.ana, name=secret)
    commands = Commands(office.database, VERBS)
    await commands.run(office.ana.actor, "file.change", {"file_id": str(file.id), "audience": "team"}, "a key")
    await commands.run(office.ana.actor, "file.change", {"file_id": str(file.id), "audience": "all"}, "a key more")

    async with told_rightly(office):
        await do(office, remove_file, office.ana, RemoveFile(file_id=file.id))

    await delete_discarded(office.database, office.blobs)
    assert await tables_with(office.database, secret) == []
    assert await files_of(office, office.ana) == {}
    await sweep_later(office)
    assert office.kept() == []


async def tables_with(database: Database, words: str) -> list[str]:
    """The tables in which the words still stand, in any column."""
    found = []
    async with database.reading() as tx:
        tables = await tx.scalars(TABLES)
        for table in list(tables):
            query = text(f"select count(*) from {table} t where t::text like :words").bindparams(words=f"%{words}%")
            if await tx.scalar(query):
                found.append(table)
    return found


async def test_a_file_is_removed_by_its_author_or_an_admin(office: Office) -> None:
    file, other = await drop(office, office.client), await drop(office, office.ana)

    with pytest.raises(Forbidden):
        await do(office, remove_file, office.mihai, RemoveFile(file_id=file.id))
    with pytest.raises(Forbidden):
        await do(office, remove_file, office.client, RemoveFile(file_id=other.id))
    await do(office, remove_file, office.client, RemoveFile(file_id=file.id))
    await do(office, remove_file, office.admin, RemoveFile(file_id=other.id))
    with pytest.raises(NotFound):
        await do(office, remove_file, office.admin, RemoveFile(file_id=other.id))


async def test_bytes_stay_while_another_file_has_them(office: Office) -> None:
    first, second = await drop(office, office.ana), await drop(office, office.mihai)
    digest = (await row_of(office, first.id)).digest
    assert (await row_of(office, second.id)).digest == digest

    await do(office, remove_file, office.ana, RemoveFile(file_id=first.id))
    await delete_discarded(office.database, office.blobs)
    assert await office.blobs.exists(office.business_id, digest)

    await do(office, remove_file, office.mihai, RemoveFile(file_id=second.id))
    await delete_discarded(office.database, office.blobs)
    assert not await office.blobs.exists(office.business_id, digest)


async def test_bytes_deleted_just_before_they_are_needed_are_put_again(office: Office) -> None:
    puts = 0

    class Racing(Blobs):
        async def put(self, business_id: UUID, content: Any) -> Any:
            nonlocal puts
            puts += 1
            blob = await super().put(business_id, content)
            if puts == 1:
                await self.delete(business_id, blob.digest)
            return blob

    file = await drop(replace(office, blobs=Racing(office.blobs._store)), office.ana)

    assert puts == 2
    assert await office.blobs.exists(office.business_id, (await row_of(office, file.id)).digest)


async def test_held_bytes_are_not_deleted(office: Office) -> None:
    blob = await office.blobs.put(office.business_id, chunks(b"held"))
    async with office.database.transaction() as tx:
        await discard(tx, office.business_id, [blob.digest])
    async with office.database.transaction() as tx:
        await hold(tx, office.blobs, office.business_id, [blob.digest])
        deleting = asyncio.ensure_future(delete_discarded(office.database, office.blobs))
        await until_someone_waits(office.database)
        assert await office.blobs.exists(office.business_id, blob.digest)
    await deleting

    async with office.database.transaction() as tx:
        with pytest.raises(BlobIsGone):
            await hold(tx, office.blobs, office.business_id, [blob.digest])
    with pytest.raises(BlobMissing):
        await office.blobs.get(office.business_id, blob.digest)


async def until_someone_waits(database: Database) -> None:
    while True:
        async with database.reading() as tx:
            if await tx.scalar(text("select count(*) from pg_locks where not granted and locktype = 'advisory'")):
                return
