"""Nodes: hubs with a gateway and nothing else, in the test's own loop, on one database and Redis or several."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from commands.runner import Commands
from hub.gateway.gateway import Gateway
from hub.parts import ANSWERS, FOLDING, ROOM_PARTS, VERBS
from hub.settings import Settings
from hub.sockets.upgrades import Upgrade
from rooms.pictures import Pictures
from store.bus import Bus
from store.database import Database
from store.sandboxes import sandboxes
from store.scopes import EVERYWHERE


@dataclass
class Node:
    """A running node."""

    url: str
    gateway: Gateway
    database: Database
    bus: Bus
    commands: Commands


@asynccontextmanager
async def running_node(settings: Settings, *, certificate: Path | None = None) -> AsyncIterator[Node]:
    """This is a node that serves, and drains at the end; with a certificate over TLS."""
    assert settings.database_url
    assert settings.redis_url
    database = Database(settings.database_url, within=EVERYWHERE, answers=ANSWERS)
    bus = Bus(settings.redis_url)
    commands = Commands(database, VERBS)
    gateway = Gateway(database, bus, commands, Pictures(database, ROOM_PARTS, FOLDING), settings)
    await bus.start()
    await gateway.start()
    server = uvicorn.Server(
        uvicorn.Config(
            gateway.asgi(Starlette()),
            port=0,
            ws=Upgrade,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            ssl_certfile=certificate,
        )
    )
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Node(f"{'https' if certificate else 'http'}://127.0.0.1:{port}", gateway, database, bus, commands)
    finally:
        await gateway.stop()
        server.should_exit = True
        await serving
        await bus.stop()
        await sandboxes.close()
        await database.close()


@asynccontextmanager
async def meanwhile(*works: Callable[[int], Awaitable[object]]) -> AsyncIterator[None]:
    """While the block runs, each of these is done time and again, with its number, as fast as leaves the loop time for
    the rest."""

    async def always(work: Callable[[int], Awaitable[object]]) -> None:
        for nr in count(1):
            await work(nr)
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(always(work)) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
