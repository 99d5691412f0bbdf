"""Folders in memory: a test's database is hundreds of small files, which a disk takes long to make and to forget."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
NEEDED_BYTES = 4 << 30
PREFIX = "atrium-tests-"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """This is a folder that is gone at the end: in memory on a machine that has enough of it, else on disk."""
    place = MEMORY if _is_roomy() else None
    if place:
        _sweep(place)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder into one that is there, owners and all: PostgreSQL's is another account's where root tests."""
    copy = shutil.which("cp")
    assert copy
    subprocess.run([copy, "-a", f"{source}/.", str(target)], check=True)


def _is_roomy() -> bool:
    return (
        os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
        and psutil.virtual_memory().available > NEEDED_BYTES
    )


def _sweep(place: Path) -> None:
    """Remove what runs that were killed have left."""
    for left in place.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
