"""Measures a hub of this version on this machine: `python -m bench [--people 100] [--seconds 5]`.

The hub runs as users run it, a process with engines of its own; the load comes from this process, so on a small
machine the two share its processors. Compare runs on one machine, not numbers from two.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
import socketio
from rich.console import Console
from rich.table import Table

PORT = 8765
URL = f"http://127.0.0.1:{PORT}"
PASSWORD = "bench of ten letters"
ADMIN = "admin@bench.example"


async def main(people: int, seconds: float) -> None:
    table = Table("what", "rate", "p50 ms", "p99 ms")
    with tempfile.TemporaryDirectory() as folder:
        async with hub(Path(folder) / "data"), browser() as admin:
            await sign_in(admin, ADMIN)
            room_id = (await run(admin, "room.open", title="Website"))["id"]
            await measure_commands(table, admin, room_id, seconds)
            await measure_reads(table, admin, room_id, seconds)
            async with listeners(admin, room_id, people) as clients:
                await measure_delivery(table, admin, room_id, clients, seconds)
    Console().print(table)


async def measure_commands(table: Table, admin: aiohttp.ClientSession, room_id: str, seconds: float) -> None:
    async def post() -> None:
        await run(admin, "message.post", room_id=room_id, body="Good morning")

    table.add_row("message.post over HTTP, 16 at once", *figures(*await repeated(post, 16, seconds)))


async def measure_reads(table: Table, admin: aiohttp.ClientSession, room_id: str, seconds: float) -> None:
    for what, path in (("a room's snapshot", f"/api/v1/rooms/{room_id}"), ("a room's page", f"/rooms/{room_id}")):

        async def read(path: str = path) -> None:
            async with admin.get(path) as answer:
                answer.raise_for_status()
                await answer.read()

        table.add_row(f"{what}, 4 at once", *figures(*await repeated(read, 4, seconds)))


async def measure_delivery(
    table: Table, admin: aiohttp.ClientSession, room_id: str, clients: list[socketio.AsyncClient], seconds: float
) -> None:
    delays: list[float] = []
    for client in clients:
        client.on("message.posted", lambda event: delays.append(time.perf_counter() - float(event["message"]["body"])))
    started_at = time.perf_counter()
    posted = 0
    while time.perf_counter() - started_at < seconds:
        await run(admin, "message.post", room_id=room_id, body=str(time.perf_counter()))
        posted += 1
        await asyncio.sleep(0.05)
    while len(delays) < posted * len(clients):
        await asyncio.sleep(0.01)
    taken = time.perf_counter() - started_at
    table.add_row(f"delivery to {len(clients)} in the room, ~20 posts/s", *figures(delays, taken))


async def repeated(act: Callable[[], Awaitable[None]], at_once: int, seconds: float) -> tuple[list[float], float]:
    """This is how long each act took, and all together."""
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def worker() -> None:
        while (started_at := time.perf_counter()) < until:
            await act()
            taken.append(time.perf_counter() - started_at)

    started_at = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    return taken, time.perf_counter() - started_at


def figures(taken: Iterable[float], seconds: float) -> tuple[str, str, str]:
    each = sorted(taken)
    hundredths = quantiles(each, n=100)
    return f"{len(each) / seconds:,.0f}/s", f"{hundredths[49] * 1000:.1f}", f"{hundredths[98] * 1000:.1f}"


@asynccontextmanager
async def hub(data_dir: Path) -> AsyncIterator[None]:
    """A hub of its own process, without limits, with one admin."""
    command = [sys.executable, "-m", "hub.main"]
    add = ["person", "add", "--kind", "admin", "--business", "Bench", "--name", "Admin", "--email", ADMIN]
    subprocess.run([*command, *add, "--password", PASSWORD, "--data-dir", str(data_dir)], check=True)
    process = subprocess.Popen(
        [*command, "serve", "--port", str(PORT), "--data-dir", str(data_dir)],
        env=os.environ | {"HUB_LIMITS": "off", "HUB_LOG_LEVEL": "warning"},
    )
    try:
        async with aiohttp.ClientSession(URL) as client:
            while not await is_ready(client):
                if process.poll() is not None:
                    raise SystemExit("The hub ended before it served")
                await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def is_ready(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def listeners(
    admin: aiohttp.ClientSession, room_id: str, count: int
) -> AsyncIterator[list[socketio.AsyncClient]]:
    """Sockets in the room, of as many sessions of one person of the staff."""
    ana = "ana@bench.example"
    person = await run(admin, "person.add", kind="staff", name="Ana", email=ana, password=PASSWORD)
    await run(admin, "member.add", room_id=room_id, person_id=person["id"])
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(browser())
        await sign_in(session, ana)
        clients = []
        for _ in range(count):
            client = socketio.AsyncClient(http_session=session)
            await client.connect(URL, transports=["websocket"])
            stack.push_async_callback(client.disconnect)
            entered = await client.call("room.enter", {"room_id": room_id})
            assert entered["ok"], entered
            clients.append(client)
        yield clients


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(URL, cookie_jar=aiohttp.CookieJar(unsafe=True))  # an address without a name


async def sign_in(client: aiohttp.ClientSession, email: str) -> None:
    async with client.post("/api/v1/session", json={"email": email, "password": PASSWORD}) as answer:
        assert answer.status == 200, await answer.text()


async def run(client: aiohttp.ClientSession, name: str, /, **fields: Any) -> Any:
    async with client.post(f"/api/v1/commands/{name}", json=fields, headers={"origin": URL}) as answer:
        body = await answer.json()
        assert body["ok"], body
        return body["result"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench", description="Measures a hub of this version on this machine.")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5)
    asyncio.run(main(**vars(parser.parse_args())))
