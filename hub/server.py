"""Running the hub: its engines, its database, and uvicorn with what fan-out wants of it."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import structlog
import uvicorn

from hub.app import create_app
from hub.logs import configure_logs
from hub.settings import Settings
from store.database import Database
from store.engines import DataFolderInUse, EmbeddedEngines, running_database_url
from store.migrations import migrate

log = structlog.stdlib.get_logger()

COLLECTOR_THRESHOLDS = (100_000, 50, 50)


async def serve(settings: Settings, *, demo: bool = False) -> None:
    """Runs the hub until it is told to stop."""
    configure_logs(settings)
    async with engines(settings) as complete:
        assert complete.database_url
        await migrate(complete.database_url)
        if demo:
            await fill_with_demo(complete.database_url)
        await Server(configuration(complete)).serve()


@asynccontextmanager
async def engines(settings: Settings) -> AsyncIterator[Settings]:
    """These are the settings with both addresses in them: those given, else those of engines of our own."""
    if settings.database_url and settings.redis_url:
        yield settings
        return
    embedded = EmbeddedEngines(
        settings.data_dir, postgres=settings.database_url is None, valkey=settings.redis_url is None
    )
    async with embedded:
        yield settings.model_copy(
            update={
                "database_url": settings.database_url or embedded.database_url,
                "redis_url": settings.redis_url or embedded.redis_url,
            }
        )


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Database]:
    """This is the database, up to date, for a command: while the hub runs on this data folder, that hub's."""
    async with database_url(settings) as url:
        await migrate(url)
        opened = Database(url)
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def database_url(settings: Settings) -> AsyncIterator[str]:
    if settings.database_url:
        yield settings.database_url
        return
    engines = EmbeddedEngines(settings.data_dir, valkey=False)
    try:
        await engines.__aenter__()
    except DataFolderInUse:
        if (url := running_database_url(settings.data_dir)) is None:
            raise
        yield url
        return
    try:
        yield engines.database_url
    finally:
        await engines.__aexit__(None, None, None)


async def fill_with_demo(url: str) -> None:
    from hub import demo  # noqa: PLC0415 - only a demo loads it

    opened = Database(url)
    try:
        await demo.fill(opened)
    finally:
        await opened.close()


def configuration(settings: Settings, **others: Any) -> uvicorn.Config:
    """This is how uvicorn serves the hub. Engine.IO pings by itself, and deflate costs more than it saves."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        ws_max_size=settings.limit_packet_bytes,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=round(settings.drain_seconds),
        **others,
    )


class Server(uvicorn.Server):
    """uvicorn's server, which returns when a signal has stopped it, so that the engines are stopped after it."""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            settle_collector()
            log.info("hub_ready", url=self.url)

    @property
    def url(self) -> str:
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(RuntimeError, ValueError):  # not in the main thread: a test's
                loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def settle_collector() -> None:
    """Spares the garbage collector what lives as long as the hub: walking it cost a third of fan-out's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
