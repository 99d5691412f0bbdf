"""Hubs that start at once: each is forked from a process that has loaded what a hub loads.

Loading is some seconds' work, and tests start a hundred hubs. From its first line on a forked hub does what one does
that was started by itself, as those of ``tests/hub/test_server.py`` are.

python -m tests.forks SOCKET
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NoReturn

ROOT = Path(__file__).parents[1]
REQUEST_BYTES = 1 << 20


class Forked:
    """A forked process, which tells of itself as one of `subprocess` does."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._told = b""
        self.returncode: int | None = None
        self.pid = int(self._next(None))

    def poll(self) -> int | None:
        with suppress(BlockingIOError):
            return self._status(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        return self._status(timeout)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _status(self, timeout: float | None) -> int:
        if self.returncode is None:
            self.returncode = int(self._next(timeout))
            self._line.close()
        return self.returncode

    def _next(self, timeout: float | None) -> bytes:
        """The next line that is told: the process's number, then how it ended."""
        self._line.settimeout(timeout)
        while b"\n" not in self._told:
            more = self._line.recv(20)
            assert more, "the process from which hubs are forked is gone"
            self._told += more
        line, _, self._told = self._told.partition(b"\n")
        return line


class Forks:
    """The process from which hubs are forked, seen from the tests."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "tests.forks", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )

    def start(
        self, module: str, arguments: list[str], environment: dict[str, str], out: int, errors: int | None = None
    ) -> Forked:
        """Start what writes into these files; into one, unless there is another for errors."""
        request = {"module": module, "arguments": arguments, "environment": environment, "folder": str(Path.cwd())}
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(
                self._line,
                [f"{json.dumps(request)}\n".encode()],
                [out, out if errors is None else errors, theirs.fileno()],
            )
        return Forked(ours)

    def close(self) -> None:
        self._line.close()
        self._process.wait()


@cache
def forks() -> Forks:
    """This is the one of this test process, started when it is first asked for."""
    return Forks()


def carried_out(module: str, arguments: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """This is what came of a command, which was waited for."""
    with TemporaryFile("w+") as out, TemporaryFile("w+") as errors:
        status = forks().start(module, arguments, environment, out.fileno(), errors.fileno()).wait()
        said = [file.read() for file in (out, errors) if file.seek(0) == 0]
        return subprocess.CompletedProcess(arguments, status, *said)


def end_forks() -> None:
    if forks.cache_info().currsize:
        forks().close()
        forks.cache_clear()


@dataclass(frozen=True)
class Request:
    """A hub that is to be forked: its command, its folder, and its environment."""

    module: str
    arguments: list[str]
    environment: dict[str, str]
    folder: str


class Parent:
    """The process from which hubs are forked, in itself. It stays until the tests are gone."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._children: dict[int, socket.socket] = {}
        self._ended, self._ends = socket.socketpair()
        for end in (self._ended, self._ends):
            end.setblocking(False)

    def request_in_child(self) -> Request:
        """Fork for each request; this is, in each child, what it is to become."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._ends.fileno())
        while True:
            ready, _, _ = select.select([self._line, self._ended], [], [])
            if self._ended in ready:
                self._ended.recv(REQUEST_BYTES)
                self._tell_ends()
            if self._line in ready and (request := self._forked()):
                return request

    def _forked(self) -> Request | None:
        message, descriptors = _received(self._line)
        if not message:
            self._end()
        out, errors, tells = *descriptors[:2], socket.socket(fileno=descriptors[2])
        pid = os.fork()
        if not pid:
            self._let_go(out, errors, tells)
            return Request(**json.loads(message))
        os.close(out)
        os.close(errors)
        self._children[pid] = tells
        tells.send(f"{pid}\n".encode())
        return None

    def _tell_ends(self) -> None:
        for pid, tells in list(self._children.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with self._children.pop(pid), suppress(BrokenPipeError):  # where nobody waits for it any more
                    tells.send(f"{os.waitstatus_to_exitcode(status)}\n".encode())

    def _end(self) -> NoReturn:
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        sys.exit()

    def _let_go(self, out: int, errors: int, tells: socket.socket) -> None:
        """In a child: have what a process that was started has, and no more."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in (self._line, self._ended, self._ends, tells, *self._children.values()):
            each.close()
        for descriptor, standard in ((out, 1), (errors, 2)):
            os.dup2(descriptor, standard)
            os.close(descriptor)


def _received(line: socket.socket) -> tuple[bytes, list[int]]:
    """A request, and the files that come with it; nothing when the tests are gone."""
    message, descriptors = b"", list[int]()
    while not message.endswith(b"\n"):
        more, came, _, _ = socket.recv_fds(line, REQUEST_BYTES, 3)
        if not more:
            return b"", []
        message += more
        descriptors += came
    return message, descriptors


def become(request: Request) -> Any:
    os.environ.clear()
    os.environ.update(request.environment)
    os.chdir(request.folder)
    sys.argv = [request.module, *request.arguments]
    return runpy.run_module(request.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    import hub.main
    import hub.server  # noqa: F401 - what a hub loads

    del sys.modules["hub.main"]  # each child runs it as its own
    gc.collect()
    gc.freeze()
    become(Parent(socket.socket(fileno=int(sys.argv[1]))).request_in_child())
