"""TLS: connections are written to below what libraries offer; over an encrypted transport, too."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
import uvloop
from pydantic import ValidationError

from hub.settings import Settings
from tests.hub.agencies import Agency
from tests.hub.clients import in_room
from tests.hub.nodes import running_node
from tests.hub.test_browsers import browser, said
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS, browser_at

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


async def test_a_hub_speaks_tls_itself_where_it_has_a_certificate(
    settings: Settings, agency: Agency, tmp_path: Path
) -> None:
    authority = trustme.CA()
    trusted, issued = tmp_path / "authority.pem", authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(trusted))
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(key))
    tls = ssl.create_default_context(cafile=str(trusted))
    told = Settings.model_validate(settings.model_dump() | {"certificate": certificate, "certificate_key": key})
    async with running_hub(told) as url, in_room(url, agency.ana, agency.room_id, tls=tls) as ana:
        assert url.startswith("https://")
        assert (await ana.send("message.post", {"room_id": agency.room_id, "body": "Hello"}))["ok"]
        async with browser_at(url, verify=tls) as client:
            assert "max-age" in (await client.get("/sign-in")).headers["strict-transport-security"]
        async with browser_at(url.replace("https", "http")) as plain:
            with pytest.raises(httpx.TransportError):
                await plain.get("/readyz")
        assert await spoken(url, tls) == ("TLSv1.3", True)
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        assert await spoken(url, tls) == ("TLSv1.2", True)
        tls.set_ciphers("ECDHE-ECDSA-AES256-SHA")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await spoken(url, tls)


async def spoken(url: str, tls: ssl.SSLContext) -> tuple[str, bool]:
    """In which version a hub speaks, and whether what was said stays secret when its key gets about."""
    host, port = url.removeprefix("https://").split(":")
    _reader, writer = await asyncio.open_connection(host, int(port), ssl=tls)
    name, version, _bits = writer.get_extra_info("cipher")
    writer.close()
    said = writer.get_extra_info("ssl_object").version()
    return said, version == "TLSv1.3" or name.startswith("ECDHE-")


def test_a_certificate_that_can_t_be_used_is_named_at_the_start(tmp_path: Path) -> None:
    nonsense = tmp_path / "certificate.pem"
    nonsense.write_text("nonsense")
    for wrong in (nonsense, tmp_path / "not-there.pem"):
        with pytest.raises(ValidationError, match="HUB_CERTIFICATE can't be used"):
            Settings(certificate=wrong)


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
