"""Small disks: a PostgreSQL whose disk can be filled, and emptied again.

python -m tests.faults.small_disks FOLDER quota

It is a process of its own that says its database's address, and then does what its input says: ``fill``, ``free``.
A full disk is a small file system in memory, which the process alone sees; where the kernel lets nobody have that, a
quota: no file may grow beyond a size.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from store.engines import EmbeddedEngines

DISK_BYTES = 160 << 20
QUOTA_BYTES = 17 << 20
"""More than a segment of PostgreSQL's log, whose writing may not fail."""
CHUNK = b"\0" * 65536

_OWN_DISK = 'mount -t tmpfs -o size="$1",mode=700 tmpfs "$2"'
_AS_NOBODY_SPECIAL = "exec unshare -U --map-user=1000 --map-group=1000"


def has_own_disks() -> bool:
    """Whether the kernel lets a process have a small file system for itself."""
    command = ["unshare", "-Urm", "sh", "-c", f"{_OWN_DISK} && {_AS_NOBODY_SPECIAL} true", "sh", "1000000", "/mnt"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@dataclass(frozen=True)
class SmallDisk:
    """PostgreSQL on a disk that can be filled."""

    database_url: str
    process: asyncio.subprocess.Process

    async def fill(self) -> None:
        await self._do("fill")

    async def free(self) -> None:
        await self._do("free")

    async def _do(self, what: str) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{what}\n".encode())
        assert await self.process.stdout.readline() == b"done\n"


@asynccontextmanager
async def small_disk(folder: Path, way: str) -> AsyncIterator[SmallDisk]:
    folder.mkdir()  # noqa: ASYNC240
    command = [sys.executable, "-m", "tests.faults.small_disks", str(folder), way]
    if way == "full disk":
        script = f'{_OWN_DISK} && shift 2 && {_AS_NOBODY_SPECIAL} "$@"'
        command = ["unshare", "-Urm", "sh", "-c", script, "sh", str(DISK_BYTES), str(folder), *command]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        assert process.stdout
        yield SmallDisk(json.loads(await process.stdout.readline())["url"], process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


# The process


def main(folder: Path, way: str) -> None:
    with EmbeddedEngines(folder / "engines", valkey=False, durable=False) as engines:
        say(json.dumps({"url": engines.database_url}))
        for line in sys.stdin:
            match way, line.strip():
                case "full disk", "fill":
                    fill(folder / "ballast")
                case "full disk", "free":
                    (folder / "ballast").unlink()
                case _, what:
                    limit(engines, str(QUOTA_BYTES) if what == "fill" else "unlimited")
            say("done")


def fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(CHUNK)


def limit(engines: EmbeddedEngines, size: str) -> None:
    assert engines.postgres.pid
    postmaster = psutil.Process(engines.postgres.pid)
    account = engines.postgres.runner  # only who they run as may
    for process in (postmaster, *postmaster.children(recursive=True)):
        command = ["prlimit", f"--pid={process.pid}", f"--fsize={size}:unlimited"]
        subprocess.run(command, check=False, user=account.uid, group=account.gid)


def say(what: str) -> None:
    os.write(_ANSWERS, f"{what}\n".encode())


if __name__ == "__main__":
    _ANSWERS = os.dup(1)
    os.dup2(2, 1)  # the engines' keeper says there when they die
    main(Path(sys.argv[1]), sys.argv[2])
