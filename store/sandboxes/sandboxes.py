"""Sandboxes: where work is done whose cost the sender of its content decides.

    TEXTS = Lane("texts", cpu_seconds=1, memory_bytes=512 << 20)
    html = await TEXTS.run(draw, text, turn=actor.id)     # ``draw``: a function of a module, plain data in and out

The event loop belongs to everyone, so it does nothing that one person can make long: drawing Markdown, looking at what
a file is, decoding pictures, judging passwords. A lane does such work in processes of its own, with a limit of memory
and a deadline in *processor time*: a busy machine makes work slow, never wrong. What passes a limit ends its process
and raises ``TooCostly``; nobody else notices. Each ``turn`` (a person, an address) has one piece of work in a lane at a
time, so that who sends much waits for themselves.
"""

import asyncio
import io
import os
import pickle
import signal
import sys
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from prometheus_client import Counter

from store.loop.turns import Turns
from store.sandboxes.sandboxed import COSTLY, DONE, FAILED, LENGTH_BYTES, frame

NICE = 5
"""The loop goes first."""
ENDED = Counter("atrium_sandbox_ended", "Sandboxes that work has ended by passing a limit.", ["lane"])

LATE = b"l"
BY_LIMITS = {-signal.SIGPROF: LATE, -signal.SIGSEGV: COSTLY, -signal.SIGABRT: COSTLY}
"""What ends a process that passes a limit: its deadline; and memory, where a library's own code gets none."""

R = TypeVar("R")


class TooCostly(Exception):
    """The work passed its lane's limit of time or memory."""


class TookTooLong(TooCostly):
    """The work passed its deadline in processor time."""


class SandboxFailed(Exception):
    """The work raised an error, or its process ended by something else than its lane's limits: a fault of ours."""


class Plain(pickle.Unpickler):
    """Reads plain data alone: texts, bytes, numbers, lists, tuples, dictionaries."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        raise pickle.UnpicklingError(f"{module_name}.{global_name} isn't plain data")


def plain(content: bytes) -> Any:
    """This is what a sandbox gave back, as long as it is plain data.

    Raises:
        UnpicklingError: it names a class or a function, which reading it would call.
    """
    return Plain(io.BytesIO(content)).load()


class Lane:
    """A kind of work: how many of it are done at once, and what one piece may take.

    Of one turn at most ``most_waiting`` pieces wait. ``idle_seconds`` after its last piece a process ends, and with it
    goes its memory; None keeps it.
    """

    def __init__(
        self,
        name: str,
        *,
        cpu_seconds: float,
        memory_bytes: int,
        processes: int = 1,
        idle_seconds: float | None = 30,
        most_waiting: int = 20,
        loads: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.cpu_seconds = cpu_seconds
        self.idle_seconds = idle_seconds
        self.most_waiting = most_waiting
        self._processes = processes
        self._command = (str(NICE), str(memory_bytes), *loads)
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, _Pool] = WeakKeyDictionary()
        _lanes.add(self)

    async def run(self, work: Callable[..., R], *arguments: Any, turn: Hashable = None) -> R:
        """This is what ``work`` gives.

        Raises:
            TooCostly: it took more processor time (``TookTooLong``) or memory than the lane has for it.
            SandboxFailed: it raised an error, or its process couldn't begin, or was ended from outside.
            TooMuchWaits: too much of this turn's waits already.
        """
        pool = self._pool()
        asked = pickle.dumps((work.__module__, work.__qualname__, arguments, self.cpu_seconds))
        async with pool.turns.turn(turn), pool.free, pool.worker() as process:
            answer = await _asked(process, frame(asked))
        if answer[:1] == DONE:
            given: R = plain(answer[1:])
            return given
        if answer[:1] in (COSTLY, LATE):
            ENDED.labels(self.name).inc()
            raise (TookTooLong if answer[:1] == LATE else TooCostly)(f"{self.name}: {work.__qualname__}")
        raise SandboxFailed(answer[1:].decode(errors="replace"))

    async def close(self) -> None:
        """End this loop's processes that do nothing; those that work end after it."""
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.close()

    def _pool(self) -> "_Pool":
        loop = asyncio.get_running_loop()
        if loop not in self._pools:
            self._pools[loop] = _Pool(self._command, self._processes, self.idle_seconds, self.most_waiting)
        return self._pools[loop]


_lanes: WeakSet[Lane] = WeakSet()


async def close() -> None:
    """End the processes of all lanes on this loop."""
    for lane in list(_lanes):
        await lane.close()


class _Pool:
    """A lane's processes, and who waits for them, on one event loop."""

    def __init__(self, command: tuple[str, ...], processes: int, idle_seconds: float | None, most_waiting: int) -> None:
        self.free = asyncio.Semaphore(processes)
        self._command = command
        self._idle_seconds = idle_seconds
        self._idle: list[tuple[asyncio.subprocess.Process, asyncio.TimerHandle | None]] = []
        self.turns = Turns(most_waiting=most_waiting)
        self._closed = False

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await self._ready()
        try:
            yield process
        except BaseException:
            await _end(process)
            raise
        if self._closed or process.returncode is not None or process.stdin is None or process.stdin.is_closing():
            await _end(process)
            return
        idle = None
        if self._idle_seconds is not None:
            idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire, process)
        self._idle.append((process, idle))

    async def _ready(self) -> asyncio.subprocess.Process:
        while self._idle:
            process, idle = self._idle.pop()
            if idle is not None:
                idle.cancel()
            if process.returncode is None:
                return process
            await _end(process)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "store.sandboxes.sandboxed",
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
        )

    def _retire(self, process: asyncio.subprocess.Process) -> None:
        self._idle = [(each, idle) for each, idle in self._idle if each is not process]
        if process.stdin is not None:
            process.stdin.close()  # which is its end

    async def close(self) -> None:
        self._closed = True
        idle, self._idle = self._idle, []
        for process, timer in idle:
            if timer is not None:
                timer.cancel()
            await _end(process)


def _environment() -> dict[str, str]:
    """What a sandbox knows: where Python finds its modules, and how its texts are encoded."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


async def _asked(process: asyncio.subprocess.Process, asked: bytes) -> bytes:
    """A process's answer. One that has ended says nothing any more: how it ended tells whether a limit did it."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(asked)
        await process.stdin.drain()
        length = await process.stdout.readexactly(LENGTH_BYTES)
        return await process.stdout.readexactly(int.from_bytes(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        how = await process.wait()  # it lets go of its end of the pipes by ending alone
        await _end(process)
        return BY_LIMITS.get(how) or FAILED + f"the process ended with {how}".encode()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
