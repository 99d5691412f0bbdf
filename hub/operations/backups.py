"""Backups: the database and the files as of one moment, in one archive that proves itself.

    database.dump                    what pg_dump made of one snapshot
    blobs/<business id>/<digest>     every blob that a file or a logo of that snapshot needs
    cipher.key                       what the database's secrets were encrypted with, if the data folder keeps it
    manifest.json                    what is in it, with digests; the last thing written

While a backup runs nothing is deleted from the blob store, and nothing else waits. A restore begins a new epoch in
every log: clients that saw a later state notice, and read everything afresh instead of trusting their memory.
"""

import asyncio
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from hub.operations.release import on_disk
from store.addresses.database_addresses import Address, Unreachable, connected
from store.engines.programs import run, run_on
from store.errors import Conflict, Invalid, ToolFailed, _
from store.files.blobs import Blobs
from store.files.garbage import DELETING
from store.migrations.roles import CREATE_ROLE, GRANTS

FORMAT = 1
KEY = "cipher.key"
CHUNK_BYTES = 1024 * 1024


class NotEmpty(Conflict):
    code = "not_empty"
    message = _("There is already data here. To replace it with the backup, use --replace.")


class Exists(Conflict):
    code = "exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Name another file, or say --force to replace it.")


class Damaged(Invalid):
    code = "damaged"
    message = _("The archive is damaged or wasn't made by Atrium: %(what)s.")


async def back_up(
    database_url: str, blobs: Blobs, path: Path, cipher_key: bytes | None = None, *, force: bool = False
) -> dict[str, Any]:
    """Write a backup, readable by its owner alone; the file appears when it is whole. This is its manifest.

    Raises:
        Exists: there is a file of that name, and it isn't to be replaced.
        ToolFailed: PostgreSQL can't be dumped, or the file can't be written.
    """
    half = path.with_name(f".{path.name}.{uuid4().hex[:8]}.half")
    connection, address = await _one_of(Address.parse(database_url))
    try:
        await asyncio.to_thread(_must_be_free, path, force=force)
        await connection.execute(f"select pg_advisory_lock({DELETING})")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            half.touch(mode=0o600)
            with tempfile.TemporaryDirectory(dir=path.parent) as folder, tarfile.open(half, "w") as archive:
                if cipher_key is not None:
                    _add(archive, KEY, cipher_key)
                manifest = await _write(connection, address, blobs, archive, Path(folder))
        await asyncio.to_thread(_settle, half, path, force=force)
    except (ConnectionError, TimeoutError) as error:
        raise Unreachable(address, error) from error
    except OSError as error:
        raise ToolFailed(f"{path} can't be written: {error.strerror or error}") from error
    finally:
        half.unlink(missing_ok=True)
        await connection.close()
    return manifest


async def _one_of(address: Address) -> tuple["asyncpg.Connection[Any]", Address]:
    """A connection, and the address of the one host that it leads to: a snapshot is known on no other."""
    for only in address.each():
        try:
            return await connected(only), only
        except Unreachable as error:
            last = error
    raise last


async def _write(
    connection: "asyncpg.Connection[Any]", address: Address, blobs: Blobs, archive: tarfile.TarFile, folder: Path
) -> dict[str, Any]:
    dump = folder / "database.dump"
    snapshot = await connection.fetchval("select pg_export_snapshot()")
    await run_on(address, "pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}")
    await asyncio.to_thread(archive.add, dump, "database.dump")
    held = await _needed(connection)
    for business_id, digest in held:
        await _add_blob(blobs, archive, business_id, digest, folder)
    manifest = {
        "format": FORMAT,
        "atrium": on_disk(),
        "made_at": datetime.now(UTC).isoformat(),
        "revision": await connection.fetchval("select version_num from alembic_version"),
        "database": await asyncio.to_thread(_digest_of, dump),
        "blobs": [f"{business_id}/{digest}" for business_id, digest in held],
        "events": await connection.fetchval("select count(*) from events"),
    }
    _add(archive, "manifest.json", json.dumps(manifest, indent=2).encode())
    return manifest


async def _needed(connection: "asyncpg.Connection[Any]") -> list[tuple[UUID, str]]:
    """These are the blobs that files need, and logos, where the database has any: a backup comes before an update."""
    needed = {
        (row["business_id"], row["digest"])
        for row in await connection.fetch(
            "select business_id, unnest(array[digest, preview_digest]) as digest from files"
        )
    }
    if await connection.fetchval(
        "select exists (select from pg_attribute where attrelid = 'businesses'::regclass and attname = 'logo')"
    ):
        needed |= {(row["id"], row["logo"]) for row in await connection.fetch("select id, logo from businesses")}
    return sorted((business_id, digest) for business_id, digest in needed if digest)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def kept_key(path: Path) -> bytes | None:
    """This is the cipher's key that a backup holds, if it holds one."""
    with tarfile.open(path) as archive:
        return next(
            (member.read() for entry in archive if entry.name == KEY and (member := archive.extractfile(entry))), None
        )


async def _add_blob(blobs: Blobs, archive: tarfile.TarFile, business_id: UUID, digest: str, folder: Path) -> None:
    copy, counted = folder / "blob", hashlib.sha256()
    with copy.open("wb") as file:
        async for chunk in await blobs.get(business_id, digest):
            counted.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    if counted.hexdigest() != digest:
        raise Damaged(what=f"blob {digest}")
    await asyncio.to_thread(archive.add, copy, f"blobs/{business_id}/{digest}")


async def restore(database_url: str, blobs: Blobs, path: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put a backup in place of what is there, whole or not at all; this is its manifest.

    Raises:
        Damaged: the archive isn't whole; nothing was touched.
        NotEmpty: there is data already, and it isn't to be replaced.
        ToolFailed: PostgreSQL refuses the dump; the old data stands.
    """
    manifest = await asyncio.to_thread(verify, path)
    connection, address = await _one_of(Address.parse(database_url))
    try:
        if not replace and await _has_data(connection):
            raise NotEmpty()
    finally:
        await connection.close()
    with tempfile.TemporaryDirectory(dir=path.parent) as folder, tarfile.open(path) as archive:
        for name in manifest["blobs"]:
            business_id, _slash, digest = name.partition("/")
            member = archive.extractfile(f"blobs/{name}")
            assert member is not None
            blob = await blobs.put(UUID(business_id), _chunks(member))
            if blob.digest != digest:
                raise Damaged(what=f"blob {digest}")
        dump = archive.extractfile("database.dump")
        assert dump is not None
        with (Path(folder) / "database.dump").open("wb") as copy:
            await asyncio.to_thread(shutil.copyfileobj, dump, copy)
        statements = Path(folder) / "restore.sql"
        await run("pg_restore", "--no-owner", "--no-privileges", f"--file={statements}", f"{folder}/database.dump")
        await run_on(
            address,
            "psql",
            *("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            "--command=set client_min_messages = warning; drop schema public cascade; create schema public",
            f"--file={statements}",
            f"--command={_AFTERWARDS}",
            # Rights aren't in the archive: the role may be another server's.
            f"--command={CREATE_ROLE}",
            f"--command={GRANTS}",
        )
    return manifest


# Logs begin anew, since what was told after the backup is gone; unfinished uploads have lost their pieces.
_AFTERWARDS = """
update public.logs set epoch = substr(md5(gen_random_uuid()::text), 1, 12);
delete from public.uploads
"""


async def _has_data(connection: "asyncpg.Connection[Any]") -> bool:
    if await connection.fetchval("select to_regclass('public.parties')") is None:
        return False
    return bool(await connection.fetchval("select exists (select from parties)"))


def verify(path: Path) -> dict[str, Any]:
    """This is a backup's manifest, once everything it names is there and is what it says.

    Raises:
        Damaged: something isn't.
    """
    try:
        with tarfile.open(path) as archive:
            digests = {entry.name: _digest_in(archive, entry) for entry in archive if entry.name != "manifest.json"}
            listed = archive.extractfile("manifest.json")
            manifest: dict[str, Any] = json.loads(listed.read()) if listed else {}
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise Damaged(what=str(error)) from error
    if manifest.get("format") != FORMAT:
        raise Damaged(what="manifest.json")
    if digests.get("database.dump") != manifest["database"]:
        raise Damaged(what="database.dump")
    for name in manifest["blobs"]:
        if digests.get(f"blobs/{name}") != name.rpartition("/")[2]:
            raise Damaged(what=f"blobs/{name}")
    return manifest


def _digest_in(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    counted, member = hashlib.sha256(), archive.extractfile(entry)
    while member and (chunk := member.read(CHUNK_BYTES)):
        counted.update(chunk)
    return counted.hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _chunks(member: Any) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(member.read, CHUNK_BYTES):
        yield chunk


def _settle(half: Path, path: Path, *, force: bool) -> None:
    with half.open("rb") as file:
        os.fsync(file.fileno())
    if force:
        half.replace(path)
        return
    try:
        path.hardlink_to(half)  # fails where another was quicker
    except FileExistsError as error:
        raise Exists(path) from error
    except OSError:  # such as a stick's file system, which knows no links
        _must_be_free(path, force=force)
        half.replace(path)


def _must_be_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise Exists(path)
