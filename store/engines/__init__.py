"""PostgreSQL and Valkey of our own, as child processes: what the hub runs on when no other is named.

They live exactly as long as the hub. Stopped with it, they are shut down in order; when the hub is killed, the
kernel tells them (see `launch`), and the next hub on the same data waits until the last of them is gone.
"""

import asyncio
import os
from errno import ENOTDIR
from pathlib import Path
from types import TracebackType
from typing import Self

from store.engines.locks import LOCK, DataFolderInUse, FolderLock
from store.engines.postgres import Postgres, running_url
from store.engines.servers import EngineFailed, EngineServer
from store.engines.users import Runner
from store.engines.valkey import Valkey
from store.files.folders import make_private

__all__ = ["DataFolderInUse", "EmbeddedEngines", "EngineFailed", "has_database", "is_used", "running_database_url"]


class EmbeddedEngines:
    """PostgreSQL and Valkey with their data in one folder, which one process at a time may use.

    A context manager, plain or async: entering starts both, or the one that is wanted, and each is started again
    on its own port when it dies. With `durable=False` PostgreSQL doesn't wait for the disk, which only tests can
    bear.

    Raises:
        DataFolderInUse: another process has engines on this folder.
        EngineFailed: an engine doesn't start; the message has the end of its log.
    """

    def __init__(self, data_dir: Path, *, postgres: bool = True, valkey: bool = True, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self._lock = FolderLock(self.data_dir)
        runner = Runner.for_folder(self.data_dir)
        self.postgres = Postgres(self.data_dir, runner, durable=durable)
        self.valkey = Valkey(self.data_dir, runner)
        self._wanted: list[EngineServer] = [self.postgres] * postgres + [self.valkey] * valkey

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    def start(self) -> None:
        try:
            make_private(self.data_dir)
            self._lock.take()
        except OSError as error:
            raise EngineFailed(f"The data folder {self.data_dir} can't be used: {error.strerror}") from error
        try:
            for engine in self._wanted:
                engine.start()
            for engine in self._wanted:
                engine.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        for engine in self._wanted:
            engine.stop()
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)


def running_database_url(data_dir: Path) -> str | None:
    """This is the database of the hub that runs on a data folder, for whoever may read its password."""
    return running_url(data_dir.absolute())


def has_database(data_dir: Path) -> bool:
    """Whether a data folder holds a database.

    Raises:
        EngineFailed: that can't be looked at.
    """
    try:
        if data_dir.exists() and not data_dir.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
        return (data_dir / "postgres" / "PG_VERSION").exists()
    except OSError as error:
        raise EngineFailed(f"The data folder {data_dir} can't be used: {error.strerror}") from error


def is_used(data_dir: Path) -> bool:
    """Whether a hub ever had engines in a data folder."""
    return (data_dir / LOCK).exists()
