"""The machine: processes held to cores, and what they take, from the kernel."""

import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = set(CORES[:1])
LOAD_CORES = set(CORES[1:2] or CORES)


def describe() -> dict[str, str]:
    """This is the machine, as figures need it beside them."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    return {
        "processor": f"{len(CORES)} × {processor}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path], *, cores: set[int], log: Path, variables: Mapping[str, str] | None = None
) -> Iterator[psutil.Process]:
    """A process on these cores; it is told to end when the block does."""
    with log.open("ab") as out:
        process = psutil.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=out,
            env=os.environ | (variables or {}),
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_listening(process: psutil.Process, port: int, log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    raise SystemExit(f"{log.stem} doesn't serve:\n{log.read_text()[-2000:]}")


def family(*pids: int) -> list[int]:
    """These are processes and their children."""
    found = list(pids)
    for pid in pids:
        found += [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return found


def hold(pids: Iterable[int], cores: set[int]) -> None:
    """Hold processes and all that they start to some cores."""
    for pid in pids:
        with suppress(FileNotFoundError):  # ended meanwhile, as an engine's process does when nobody is connected
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(int(thread.name), cores)


def cpu_seconds(pids: Iterable[int]) -> float:
    """This is the time that processes have run, to the nanosecond."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def compiled(source: Path, folder: Path, *libraries: str) -> Path | None:
    """This is a C program, or None where there is no compiler (or no zlib to build with)."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    program = folder / source.stem
    command = [compiler, "-O2", "-o", str(program), str(source), *libraries]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return program if done.returncode == 0 else None
