"""Machines: engines, hubs of their own processes, and the proxy before them, all to be broken."""

import asyncio
import os
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from hub.parts import ANSWERS
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.hub.agencies import Agency, open_agency
from tests.hubs import HubProcess, free_port
from tests.patience import PATIENT_SECONDS, browser_at

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator[Database]:
    database = Database(url, within=EVERYWHERE, answers=ANSWERS)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def agency_at(url: str) -> AsyncIterator[Agency]:
    async with database_at(url) as database:
        yield await open_agency(database)


def hubs_on(engines: EmbeddedEngines, folder: Path, count: int, **variables: str) -> list[HubProcess]:
    urls = {"HUB_DATABASE_URL": engines.database_url, "HUB_REDIS_URL": engines.redis_url}
    return [HubProcess(folder / "data", **urls, **variables) for _ in range(count)]


def set_clock(database: Database, apart: timedelta) -> None:
    """Have what is done through this database be done by a clock that is apart from the right one."""
    database.clock = lambda: datetime.now(UTC) + apart


@dataclass(frozen=True)
class Proxy:
    """The address that people have, and whom to trust for it."""

    url: str
    tls: ssl.SSLContext
    plain: str
    """Where it listens without TLS."""


@asynccontextmanager
async def caddy(folder: Path, port: int, hubs: list[HubProcess]) -> AsyncIterator[Proxy]:
    """This is Caddy with the site of deploy/Caddyfile, and certificates of its own making."""
    plain = f"http://localhost:{free_port()}"
    process = _start_caddy(folder, port, plain, hubs)
    try:
        yield await _ready(process, f"https://localhost:{port}", plain, folder)
    finally:
        process.terminate()
        process.wait(PATIENT_SECONDS)


def _start_caddy(folder: Path, port: int, plain: str, hubs: list[HubProcess]) -> "subprocess.Popen[bytes]":
    folder.mkdir()
    config = folder / "Caddyfile"
    config.write_text(
        f"""{{
            admin off
            skip_install_trust
            auto_https disable_redirects
            storage file_system {folder}/storage
        }}
        import {ROOT}/deploy/Caddyfile
        """
    )
    site = {
        "ATRIUM_SITE": f"localhost:{port}",
        "ATRIUM_PLAIN": plain,
        "ATRIUM_HUBS": " ".join(f"127.0.0.1:{hub.port}" for hub in hubs),
        "HOME": str(folder),
    }
    command = [caddy_program(), "run", "--config", str(config), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        return subprocess.Popen(command, env=os.environ | site, stdout=log, stderr=log)


async def _ready(process: "subprocess.Popen[bytes]", url: str, plain: str, folder: Path) -> Proxy:
    authority = folder / "storage" / "pki" / "authorities" / "local" / "root.crt"
    async with asyncio.timeout(PATIENT_SECONDS):
        while True:
            assert process.poll() is None, (folder / "caddy.log").read_text()
            with suppress(httpx.TransportError, OSError, ssl.SSLError):
                tls = ssl.create_default_context(cafile=authority)
                async with browser_at(verify=tls) as client:
                    if (await client.get(f"{url}/readyz")).status_code == 200:
                        return Proxy(url, tls, plain)
            await asyncio.sleep(0.05)


def caddy_program() -> str:
    unpacked = ROOT / ".venv" / "caddy" / "usr" / "bin" / "caddy"
    found = os.environ.get("CADDY") or shutil.which("caddy") or (str(unpacked) if unpacked.exists() else None)
    assert found, "There is no Caddy: run sh .ci/proxy, which says what is missing"
    return found
