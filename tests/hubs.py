"""Running hubs: one within the test's own loop, for most; one in a process, for what kills it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from hub.app import create_app
from hub.server import HubServer
from hub.settings import Settings
from tests.forks import Forked, forks
from tests.keys import CIPHER_KEY
from tests.patience import PATIENT_SECONDS, browser_at


@asynccontextmanager
async def running_hub(settings: Settings) -> AsyncIterator[str]:
    """This is the address of a hub with real sockets that runs in this loop, and drains at the end."""
    async with running_server(settings) as server:
        yield server.url


@asynccontextmanager
async def running_server(settings: Settings) -> AsyncIterator[HubServer]:
    server = HubServer(create_app(settings))
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                serving.result()
                raise RuntimeError("The hub ended before it served")
            await asyncio.sleep(0.01)
        yield server
    finally:
        server.should_exit = True
        await serving


class HubProcess:
    """A hub of its own process, on the command line as a user has it; forked from what has loaded all that it needs."""

    def __init__(self, data_dir: Path, *arguments: str, module: str = "hub.main", **variables: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"hub-{self.port}.log"
        self._module = module
        self._arguments = [*(arguments or ("serve",)), "--port", str(self.port), "--data-dir", str(data_dir)]
        self._environment = os.environ | {"HUB_LOG_FORMAT": "json", "HUB_CIPHER_KEY": CIPHER_KEY} | variables
        self.process: subprocess.Popen[bytes] | Forked | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = self._started(log.fileno())

    def _started(self, log: int) -> subprocess.Popen[bytes] | Forked:
        return forks().start(self._module, self._arguments, self._environment, log)

    async def wait_until_ready(self, seconds: float = PATIENT_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        async with browser_at(self.url) as client:
            while not await answers(client):
                assert self.process
                assert self.process.poll() is None, f"the hub ended:\n{self.log.read_text()}"
                assert time.monotonic() < deadline, f"the hub isn't ready:\n{self.log.read_text()}"
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Ends it as kill -9 does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Asks it to end; this is its exit status."""
        assert self.process
        self.process.terminate()
        return self.process.wait(PATIENT_SECONDS)

    async def __aenter__(self) -> "HubProcess":
        self.start()
        try:
            await self.wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.kill()


class LoadingHub(HubProcess):
    """A hub that is started and loads all that it needs, as a user's."""

    def _started(self, log: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", self._module, *self._arguments]
        return subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
