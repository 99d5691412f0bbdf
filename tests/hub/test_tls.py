"""TLS: connections are written to below what libraries offer; over an encrypted transport, too."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvloop

from hub.settings import Settings
from tests.hub.agencies import Agency
from tests.hub.clients import in_room
from tests.hub.nodes import running_node
from tests.hub.test_browsers import browser, said
from tests.patience import PATIENT_SECONDS

MESSAGES = 40
LONG = "x" * 8_000
"""So long that an event of it is several of TLS's own records."""


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
async def test_everything_comes_once_and_in_order_over_tls(
    settings: Settings, agency: Agency, tmp_path: Path, run: Callable[..., Any]
) -> None:
    authority = trustme.CA()
    trusted, certificate = tmp_path / "authority.pem", tmp_path / "certificate.pem"
    authority.cert_pem.write_to_path(str(trusted))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    tls = ssl.create_default_context(cafile=str(trusted))
    async with (
        encrypted_node(settings, certificate, run) as url,
        in_room(url, agency.ana, agency.room_id, tls=tls) as ana,
        in_room(url, agency.mihai, agency.room_id, tls=tls) as mihai,
        browser(url, agency.client, agency.room_id, authority=trusted) as clara,
    ):
        assert (await said(clara))["entered"] == "snapshot"
        bodies = [f"{nr} {LONG}" for nr in range(MESSAGES)]
        for nr, body in enumerate(bodies):
            await ana.emit("signal.send", {"room_id": agency.room_id, "kind": "typing", "data": nr})
            assert (await ana.send("message.post", {"room_id": agency.room_id, "body": body}))["ok"]
        for client in (ana, mihai):
            await client.hears_all("message.posted", MESSAGES)
            assert client.bodies() == bodies
        await mihai.hears_all("signal.sent", MESSAGES)
        assert [signal["data"] for signal in mihai.named("signal.sent")] == list(range(MESSAGES))
        assert [(await said(clara))["message"]["body"] for _nr in range(MESSAGES)] == bodies


@asynccontextmanager
async def encrypted_node(settings: Settings, certificate: Path, run: Callable[..., Any]) -> AsyncIterator[str]:
    """This is the address of a node in a loop of its own: the hub's, whose transports aren't asyncio's, is uvloop's."""
    served: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        async with running_node(settings, certificate=certificate) as node:
            stopping = asyncio.Event()
            served.set_result((node.url, asyncio.get_running_loop(), stopping))
            await stopping.wait()

    def serve_in_thread() -> None:
        try:
            run(serve())
        except BaseException as error:
            if served.done():
                raise
            served.set_exception(error)

    thread = threading.Thread(target=serve_in_thread)
    thread.start()
    try:
        url, loop, stopping = await asyncio.wait_for(asyncio.wrap_future(served), PATIENT_SECONDS)
        try:
            yield url
        finally:
            loop.call_soon_threadsafe(stopping.set)
    finally:
        await asyncio.to_thread(thread.join, PATIENT_SECONDS)
