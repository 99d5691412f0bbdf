"""A server process that is kept running."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import structlog

from store.engines import launch
from store.engines.users import Runner

log = structlog.stdlib.get_logger()

LOG_BYTES = 10_000_000
HAS_DEATH_SIGNAL = sys.platform == "linux"
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class EngineFailed(Exception):
    """An embedded engine doesn't start."""


class EngineServer:
    """Starts a server, waits on it, and starts it again on the same port when it dies.

    All that is done by one thread, which lasts as long as the server: the kernel's death signal (see `launch`)
    goes out when the *thread* that started a process ends, not only when the whole process does.
    """

    name: str
    death_signal = signal.SIGKILL
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path, runner: Runner) -> None:
        self.folder = data_dir / self.name
        self.log_file = data_dir / "logs" / f"{self.name}.log"
        self.runner = runner
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._started_at = 0.0
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._settled = threading.Event()
        self._failure: Exception | None = None

    # What a kind of server says of itself

    def prepare(self) -> None:
        """Makes ready what the first start needs."""

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Starts the server; called again after each of its deaths."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    # What all have in common

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._stopping.clear()
        self._settled.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._keep, name=f"engine {self.name}", daemon=True)
        self._thread.start()

    def wait_until_ready(self) -> None:
        self._settled.wait()
        if self._failure:
            raise self._failure

    def stop(self) -> None:
        self._stopping.set()
        with self._changing:
            if self._process and self._process.poll() is None:
                self._process.send_signal(self.stop_signal)
        if self._thread:
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive() and self._process:
                self._process.kill()
                self._thread.join()
            self._thread = None

    def _keep(self) -> None:
        try:
            self.prepare()
            self._start_first()
        except Exception as error:  # noqa: BLE001 - raised in the thread that waits
            self._failure = error
            return
        finally:
            self._settled.set()
        while self._await_death():
            self._start_again()

    def _start_first(self) -> None:
        for attempts_left in (2, 1, 0):
            self.port = self.port or free_port()  # which someone may take before the server does
            try:
                self._start_process()
            except EngineFailed:
                if not attempts_left:
                    raise
                self.port = 0
            else:
                return

    def _start_again(self) -> None:
        pause_seconds = 0.0 if time.monotonic() - self._started_at > 2 else 0.3
        while not self._stopping.wait(pause_seconds):
            try:
                self._start_process()
            except (EngineFailed, OSError) as error:
                pause_seconds = min(pause_seconds + 0.2, 2)
                log.error("engine_not_started", engine=self.name, error=str(error))
            else:
                log.info("engine_started_again", engine=self.name, port=self.port)
                return

    def _start_process(self) -> None:
        with self._changing:
            if self._stopping.is_set():
                return
            self._process = self.spawn()
        self._started_at = time.monotonic()
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self._process.poll() is not None:
                raise EngineFailed(f"{self.name} ended with status {self._process.returncode}:\n{self.log_end()}")
            if time.monotonic() > deadline:
                self._process.kill()
                self._process.wait()
                raise EngineFailed(f"{self.name} isn't ready after {START_SECONDS:.0f} s:\n{self.log_end()}")
            time.sleep(0.005)

    def _await_death(self) -> bool:
        """This is whether the server died by itself; false once it was told to stop."""
        if self._process is None:
            return False
        status = self._process.wait()
        if self._watcher:
            dismiss(self._watcher)
        if self._stopping.is_set():
            return False
        log.warning("engine_died", engine=self.name, status=status)
        return True

    def launch(
        self, command: list[str], *, stdin: int | IO[bytes] = subprocess.DEVNULL, hand_over: tuple[int, ...] = ()
    ) -> "subprocess.Popen[bytes]":
        """Starts a program in the server's folder and account, ending with the hub, its output in the log file."""
        uid, gid = ("" if number is None else str(number) for number in (self.runner.uid, self.runner.gid))
        death_signal = str(int(self.death_signal) if HAS_DEATH_SIGNAL else 0)
        launcher = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), death_signal, uid, gid]
        with self._log() as output:
            process = subprocess.Popen(  # noqa: S603
                [*launcher, *command],
                stdin=stdin,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "C", "TZ": "UTC"},
                pass_fds=hand_over,
                start_new_session=True,  # Ctrl-C in a terminal is the hub's to handle
            )
        if not HAS_DEATH_SIGNAL:
            self._watcher = watcher(process.pid, self.death_signal)
        return process

    @contextmanager
    def _log(self) -> Iterator[IO[bytes]]:
        self.log_file.parent.mkdir(mode=0o700, exist_ok=True)
        is_full = self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES
        if is_full:
            self.log_file.replace(self.log_file.with_suffix(".old"))
        with self.log_file.open("ab") as file:
            yield file

    def log_end(self) -> str:
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-12:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def watcher(pid: int, death_signal: signal.Signals) -> "subprocess.Popen[bytes]":
    """Starts a small shell that ends the process when this one ends, where the kernel has no death signal.

    It waits on a pipe of which we alone hold the other end, and so reads its end when we are gone, however.
    """
    script = f"read gone; kill -{int(death_signal)} {pid}"
    return subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603


def dismiss(watching: "subprocess.Popen[bytes]") -> None:
    watching.kill()
    watching.communicate()
