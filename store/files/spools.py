"""Spools: what arrives slowly and is needed whole is kept in a file without a name, not in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self, TypeVar

from store.errors import DiskFull

T = TypeVar("T")

HELD_BYTES = 64 * 1024
"""So much is in memory; what is more goes into the file, which is gone when the process is."""
STRIDE_BYTES = 1024 * 1024


class Spool:
    """Bytes that have arrived. Methods raise ``DiskFull`` when they can't be kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.size = 0
        self._folder = folder
        self._held = bytearray()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    async def add(self, content: bytes) -> None:
        self._held += content
        self.size += len(content)
        if len(self._held) >= HELD_BYTES:
            await _on_disk(self._put_away)

    async def whole(self) -> bytes:
        """This is all of it at once."""
        return b"".join([part async for part in self.parts()])

    async def parts(self) -> AsyncIterator[bytes]:
        """This is all of it, a stride at a time."""
        for start in range(0, self.size - len(self._held), STRIDE_BYTES):
            yield await _on_disk(lambda start=start: self._read(start))  # type: ignore[misc]
        if self._held:
            yield bytes(self._held)

    async def clear(self) -> None:
        """Begin anew."""
        self.size, self._held = 0, bytearray()
        if self._file is not None:
            await _on_disk(self._empty)

    def _put_away(self) -> None:
        if self._file is None:
            self._file = TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - ends with the spool
        while self._held:
            del self._held[: self._file.write(self._held)]
        self._held = bytearray()  # which gives its memory back

    def _read(self, start: int) -> bytes:
        assert self._file
        self._file.seek(start)
        return self._file.read(STRIDE_BYTES)

    def _empty(self) -> None:
        assert self._file
        self._file.seek(0)
        self._file.truncate()


async def _on_disk(act: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(act)
    except OSError as error:
        raise DiskFull() from error
