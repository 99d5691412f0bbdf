"""Locks on the data folder, held by the kernel, so that no crash leaves one behind."""

import fcntl
import os
import time
from pathlib import Path

LOCK = "hub.lock"


class DataFolderInUse(Exception):
    """Another hub uses the data folder."""

    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(
            f"The data folder {folder} is in use by another hub (process {pid or 'unknown'}). "
            "Stop that one first, or give this one a folder of its own with --data-dir."
        )


class FolderLock:
    """Says that this process, and no other, uses a data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._fd: int | None = None

    def take(self) -> None:
        fd = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(fd, 20).decode().strip()
            os.close(fd)
            raise DataFolderInUse(self.folder, holder) from None
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def take_lineage_lock(path: Path, timeout_seconds: float = 30) -> int:
    """This is a descriptor to hand to a child: its lock is free again when the child and all that it forked are gone.

    Unlike a process id in a file it can't be mistaken for a stranger's, and it covers grandchildren.

    Raises:
        TimeoutError: processes of an earlier run hold it still.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(fd)
                raise TimeoutError(f"Processes of an earlier run still use {path.parent}") from None
            time.sleep(0.01)
        else:
            return fd
