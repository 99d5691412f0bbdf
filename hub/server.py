"""Running the hub: its engines, its tables, and uvicorn with what fan-out wants of it."""

import asyncio
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

import structlog
import uvicorn

from hub.addresses import note_end, note_serving
from hub.app import Hub, blobs_of, create_app, settle, worker_of
from hub.engines import database, engines, prepare
from hub.installation import keep_knowing
from hub.operations.garbage_collector import settle_collector
from hub.operations.logs import configure_logs
from hub.settings import Settings
from hub.sockets.connection_limits import connection_limit_of
from hub.sockets.http_connections import HttpConnection
from hub.sockets.listeners import BACKLOG, listening_sockets
from hub.sockets.upgrades import Upgrade
from store.database import Database
from store.files.folders import is_open
from store.loop.tasks import end
from store.scopes import EVERYWHERE

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; those of 1.3 are all good, and nothing older is spoken. Source: RFC 9325, sections 3.1.1 and 4.2."""
KEEP_ALIVE_SECONDS = 30
"""So long an idle connection is kept: longer than a hub may stand still, for one with a request waiting looks idle."""

log = structlog.stdlib.get_logger()


async def serve(settings: Settings, *, demo: bool = False) -> None:
    """Runs the hub until it is told to stop."""
    configure_logs(settings)
    if is_open(settings.data_dir):
        log.warning("data_folder_open", folder=str(settings.data_dir.absolute()))
    async with engines(settings) as complete:
        assert complete.database_url
        await prepare(complete.database_url, migrating=complete.migrate)
        if demo:
            await fill_with_demo(complete)
        server = HubServer(create_app(complete, demo=demo))
        settle_collector()
        allow_sockets()
        await server.serve()


async def work(settings: Settings) -> None:
    """Does jobs until it is told to stop."""
    configure_logs(settings)
    settle(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with database(settings) as opened:
        worker, knowing = worker_of(settings, opened), asyncio.create_task(keep_knowing(opened))
        worker.start()
        log.info("worker_ready")
        await stop.wait()
        await worker.stop()
        await end([knowing])


async def fill_with_demo(settings: Settings) -> None:
    from hub import demo  # noqa: PLC0415 - only a demo loads it
    from hub.parts import ANSWERS  # noqa: PLC0415

    assert settings.database_url
    opened = Database(settings.database_url, within=EVERYWHERE, answers=ANSWERS)
    try:
        await demo.fill(opened, blobs_of(settings))
    finally:
        await opened.close()


def configuration(hub: Hub) -> uvicorn.Config:
    """This is how uvicorn serves the hub. Engine.IO pings by itself, and deflate costs more than it saves."""
    settings = hub.settings
    return uvicorn.Config(
        hub,
        backlog=BACKLOG,
        loop="uvloop",
        http=cast("Any", partial(HttpConnection, limit=connection_limit_of(settings), https=settings.is_secure)),
        ws=cast("Any", partial(Upgrade, https=settings.is_secure)),
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=settings.limit_packet_bytes,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.certificate_key,
        ssl_ciphers=CIPHERS,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=round(settings.drain_seconds),
    )


class HubServer(uvicorn.Server):
    """uvicorn's server, which returns when a signal has stopped it, so that the engines are stopped after it."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(configuration(hub))
        self.hub = hub

    async def serve(self, sockets: Any = None) -> None:
        settings = self.hub.settings
        await super().serve(sockets or await listening_sockets(settings.host, settings.port))

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            note_serving(self.hub.settings.data_dir, self.url)
            log.info("hub_ready", url=self.url)

    async def shutdown(self, sockets: Any = None) -> None:
        note_end(self.hub.settings.data_dir, self.url)
        for server in self.servers:
            server.close()  # newcomers find another node while this one drains
        await self.hub.drain()
        await super().shutdown(sockets)

    @property
    def url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.hub.settings.certificate else "http"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(RuntimeError, ValueError):  # not in the main thread: a test's
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def allow_sockets() -> None:
    """Have as many files open as the machine allows: each socket is one, and a shell gives but 1024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS says that there is no limit, and means another
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
