"""Blobs: the bytes of files, each business's own, named by their SHA-256 digest; and the pieces of unfinished uploads.

    <business id>/<digest>           a blob: whole from the moment it is there, and never changed
    uploads/<upload id>/<name>       a piece: what has arrived of an upload
    arriving/<id>                    a blob whose digest isn't known yet

They lie in a local folder, or at any address that ``obstore`` knows (``s3://bucket/prefix`` with the usual ``AWS_*``
variables). Nothing here is ever held whole in memory.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from store.errors import Unavailable, _
from store.files.folders import make_private

if TYPE_CHECKING:
    from obstore.store import ObjectStore

STRIDE_BYTES = 1024 * 1024
"""How much is read at a time."""

PIECE_BYTES = 4 * 1024 * 1024
"""The most that one piece of an upload holds."""

ABANDONED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Blob:
    """What names a blob within its business, and how long it is."""

    digest: str
    size: int


class BlobMissing(LookupError):
    """There is no such blob or piece."""


class BlobsUnavailable(Unavailable):
    message = _("The file storage can't be reached. Nothing was changed. Please try again.")


class Blobs:
    """A store of blobs.

    What ``put`` and ``put_piece`` have returned from is on disk, and survives the process and the machine.
    Every method raises ``BlobsUnavailable`` when the store can't be reached.
    """

    def __init__(self, store: "ObjectStore", spools: Path | None = None) -> None:
        self.spools = spools
        """The folder for what is on its way here; None is the machine's own for such files."""
        self._store = store
        self._folder = store.prefix if isinstance(store, LocalStore) else None

    @classmethod
    def at(cls, place: str | Path, spools: Path | None = None) -> "Blobs":
        """This is the store at a folder, or at an address such as ``s3://bucket/prefix``."""
        if isinstance(place, str) and "://" in place:
            if spools is not None:
                make_private(spools)
            return cls(from_url(place), spools)
        folder = Path(place).absolute()
        make_private(folder)
        return cls(LocalStore(folder), folder)

    async def put(self, business_id: UUID, content: AsyncIterable[bytes]) -> Blob:
        """Keep what the stream brings. It appears whole under its digest, or, if the stream breaks, not at all.

        Putting the same bytes again is harmless and gives the same blob.
        """
        counted = _Counted(content)
        arriving = f"arriving/{uuid4()}"
        with _reached():
            await obstore.put_async(self._store, arriving, counted, max_concurrency=2)
            blob = Blob(counted.digest, counted.size)
            await self._settle(arriving)
            await obstore.rename_async(self._store, arriving, _path(business_id, blob.digest))
            await self._settle(_path(business_id, blob.digest))
        return blob

    async def get(
        self, business_id: UUID, digest: str, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """This is a stream of a blob's bytes from ``start`` up to ``stop`` (exclusive), or to its end.

        The blob is looked up before this returns, so a stream that was given begins.

        Raises:
            BlobMissing: there is none such.
        """
        return await self._read(_path(business_id, digest), start, stop)

    async def exists(self, business_id: UUID, digest: str) -> bool:
        with _reached():
            try:
                await obstore.head_async(self._store, _path(business_id, digest))
            except FileNotFoundError:
                return False
        return True

    async def delete(self, business_id: UUID, digest: str) -> None:
        """Delete a blob. One that isn't there is deleted already; streams of it that were begun go on."""
        await self._delete([_path(business_id, digest)])

    async def put_piece(self, upload_id: UUID, name: str, content: bytes) -> None:
        """Keep a piece of an upload, whole or not at all, in place of any of the same name."""
        path = f"uploads/{upload_id}/{name}"
        with _reached():
            await obstore.put_async(self._store, path, content, use_multipart=False)
            await self._settle(path)

    async def pieces(self, upload_id: UUID, names: Iterable[str]) -> AsyncIterator[bytes]:
        """This is a stream of the bytes of the named pieces, one piece after the other.

        Raises:
            BlobMissing: one of them isn't there; when the stream comes to it.
        """
        for name in names:
            async for chunk in await self._read(f"uploads/{upload_id}/{name}"):
                yield chunk

    async def delete_piece(self, upload_id: UUID, name: str) -> None:
        """Delete a piece of an upload. One that isn't there is deleted already."""
        await self._delete([f"uploads/{upload_id}/{name}"])

    async def delete_pieces(self, upload_id: UUID) -> None:
        """Delete all pieces of an upload, those that nothing names any more too."""
        with _reached():
            async for listed in obstore.list(self._store, f"uploads/{upload_id}", chunk_size=500):
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, [found["path"] for found in listed])
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder / "uploads" / str(upload_id), ignore_errors=True)

    async def forget_abandoned(self, now: datetime | None = None) -> None:
        """Delete what a killed process left half-written, once it is older than two days."""
        before = (now or datetime.now(UTC)) - ABANDONED
        with _reached():
            async for listed in obstore.list(self._store, "arriving", chunk_size=500):
                await self._delete([found["path"] for found in listed if found["last_modified"] < before])
        if self._folder is not None:
            await asyncio.to_thread(_unlink_staged, self._folder, before.timestamp())

    async def _read(self, path: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        with _reached():
            try:
                if start or stop is not None:
                    size = (await obstore.head_async(self._store, path))["size"]
                    stop = size if stop is None else min(stop, size)
                    if start >= stop:
                        return _stream(None)
                    found = await obstore.get_async(self._store, path, options={"range": (start, stop)})
                else:
                    found = await obstore.get_async(self._store, path)
            except FileNotFoundError as error:
                raise BlobMissing(path) from error
        return _stream(found)

    async def _delete(self, paths: list[str]) -> None:
        with _reached():
            for path in paths:
                try:
                    await obstore.delete_async(self._store, path)
                except FileNotFoundError:
                    continue

    async def _settle(self, path: str) -> None:
        # An S3 store answers when the bytes are safe; a folder needs to be told.
        if self._folder is not None:
            await asyncio.to_thread(_sync, self._folder / path)


class _Counted:
    """A stream that counts and digests what passes through."""

    def __init__(self, content: AsyncIterable[bytes]) -> None:
        self._content = content
        self._sha256 = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._content:
            await asyncio.to_thread(self._sha256.update, chunk)
            self.size += len(chunk)
            yield chunk


def _path(business_id: UUID, digest: str) -> str:
    return f"{business_id}/{digest}"


async def _stream(found: "obstore.GetResult | None") -> AsyncIterator[bytes]:
    if found is None:
        return
    with _reached():
        async for chunk in found.stream(min_chunk_size=STRIDE_BYTES):
            yield chunk


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise BlobsUnavailable() from error


def _sync(path: Path) -> None:
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unlink_staged(folder: Path, before: float) -> None:
    # obstore writes ``name#1`` and renames it; its lists don't show such files.
    for place in ("arriving", "uploads"):
        for staged in (folder / place).glob("**/*#*"):
            if staged.stat().st_mtime < before:
                staged.unlink(missing_ok=True)
