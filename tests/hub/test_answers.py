"""Answers: every one has the security headers, of pages, of sockets, and of the server itself, whatever was asked."""

import asyncio
from collections.abc import AsyncIterator
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from hub.server import HubServer
from hub.settings import Settings
from tests.hub.agencies import Agency, open_agency
from tests.hubs import running_server
from tests.patience import PATIENT_SECONDS
from tests.stages import staged
from web.assets import asset
from web.security import HEADERS

HOST = "Host: atrium.example\r\n"
OWN = "Origin: https://atrium.example\r\n"
FOREIGN = "Origin: https://evil.example\r\n"
UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
WORDS = "".join(f"X-{nr}: y\r\n" for nr in range(300))
SOCKET = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
POLL = "GET /socket.io/?EIO=4&transport=polling"
END = "\r\n"


class Kind(NamedTuple):
    """Something asked, and with which status it is answered."""

    status: int
    said: str


def get(path: str, *headers: str, method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\r\n{HOST}{''.join(headers)}Connection: close\r\n{END}"


def post(path: str, body: str, *headers: str) -> str:
    length = f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n"
    return get(path, OWN, length, *headers, method="POST") + body


KINDS = {
    "a page": Kind(200, get("/sign-in")),
    "a way on": Kind(303, get("/")),
    "no page": Kind(404, get("/healthy")),
    "no method": Kind(405, get("/sign-in", OWN, method="PUT")),
    "a static file": Kind(200, get(asset("favicon.svg"))),
    "no static file": Kind(404, get("/static/nothing.js")),
    "an icon": Kind(307, get("/favicon.ico")),
    "a file": Kind(404, get("/files/0190d8f0-0000-7000-8000-000000000000", "Accept: application/json\r\n")),
    "a logo": Kind(303, get("/logo/00")),
    "an upload": Kind(401, post("/api/v1/uploads", "", "Tus-Resumable: 1.0.0\r\n")),
    "a calendar": Kind(404, get("/calendar/nothing.ics")),
    "a part": Kind(401, get("/parts/home", "Accept: application/json\r\n")),
    "health": Kind(200, get("/healthz")),
    "metrics": Kind(200, get("/metrics")),
    "the API": Kind(200, get("/api/v1/openapi.json")),
    "no API": Kind(404, get("/api/v1/nothing")),
    "a stranger": Kind(401, get("/api/v1/session")),
    "a wrong body": Kind(400, post("/api/v1/session", "{")),
    "wrong fields": Kind(422, post("/api/v1/session", "{}")),
    "a large body": Kind(413, post("/api/v1/session", "x" * 40_000)),
    "another site": Kind(403, post("/api/v1/session", "{}").replace(OWN, FOREIGN)),
    "another host": Kind(421, get("/sign-in").replace("atrium.example", "evil.example")),
    "a socket": Kind(101, f"{SOCKET}{HOST}{OWN}{UPGRADE}{KEY}{END}"),
    "another site's socket": Kind(403, f"{SOCKET}{HOST}{FOREIGN}{UPGRADE}{KEY}{END}"),
    "another host's socket": Kind(403, f"{SOCKET}Host: evil.example\r\n{UPGRADE}{KEY}{END}"),
    "a socket of another protocol": Kind(403, f"{SOCKET.replace('EIO=4', 'EIO=3')}{HOST}{UPGRADE}{KEY}{END}"),
    "a socket elsewhere": Kind(403, f"GET / HTTP/1.1\r\n{HOST}{UPGRADE}{KEY}{END}"),
    "a socket without a key": Kind(400, f"{SOCKET}{HOST}{UPGRADE}{END}"),
    "a socket of another version": Kind(400, f"{SOCKET}{HOST}{UPGRADE.replace('13', '7')}{KEY}{END}"),
    "a socket in too many words": Kind(400, f"GET / HTTP/1.1\r\n{HOST}{UPGRADE}{KEY}{WORDS}{END}"),
    "a socket that is none": Kind(400, get("/socket.io/?EIO=4&transport=websocket")),
    "polling": Kind(200, f"{POLL} HTTP/1.1\r\n{HOST}Connection: close\r\n{END}"),
    "polling by nobody": Kind(400, f"{POLL}&sid=nobody HTTP/1.1\r\n{HOST}Connection: close\r\n{END}"),
    "polling from another site": Kind(403, f"{POLL} HTTP/1.1\r\n{HOST}{FOREIGN}Connection: close\r\n{END}"),
    "polling in another way": Kind(405, get("/socket.io/?EIO=4&transport=polling", method="DELETE")),
    "asking what one may poll": Kind(200, get("/socket.io/?EIO=4&transport=polling", method="OPTIONS")),
    "an unknown transport": Kind(400, get("/socket.io/?EIO=4&transport=pigeon")),
    "no HTTP": Kind(400, "Good morning\r\n\r\n"),
}


agency = staged(open_agency)


@pytest.fixture
async def server(settings: Settings, agency: Agency) -> AsyncIterator[HubServer]:
    """A hub that people reach over https, and that offers polling."""
    public = {"public_url": "https://atrium.example", "polling": True}
    async with running_server(settings.model_copy(update=public)) as server:
        yield server


async def answer_to(url: str, said: str) -> tuple[int, Message]:
    """This is what is answered to these very bytes: the status and the headers."""
    at = urlsplit(url)
    async with asyncio.timeout(PATIENT_SECONDS):
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writer.write(said.encode())
        status = (await reader.readline()).split()[1]
        headers = BytesHeaderParser().parsebytes(await reader.readuntil(b"\r\n\r\n"))
        writer.close()
    return int(status), headers


def hold(headers: Any, what: str) -> None:
    for name, value in HEADERS.items():
        assert headers.get_all(name) == [value], (what, name)
    (policy,) = headers.get_all("content-security-policy")
    assert policy.startswith("default-src 'self'; script-src 'self';"), what
    assert headers.get_all("strict-transport-security") == ["max-age=31536000; includeSubDomains"], what
    assert len(headers.get_all("cache-control")) == 1, what


async def test_every_kind_of_answer_has_the_headers(server: HubServer) -> None:
    answered = {}
    for what, kind in KINDS.items():
        answered[what], headers = await answer_to(server.url, kind.said)
        if answered[what] != 101:
            hold(headers, what)
    assert answered == {what: kind.status for what, kind in KINDS.items()}


async def test_what_isn_t_offered_and_what_comes_late_has_them_too(settings: Settings, agency: Agency) -> None:
    public = settings.model_copy(update={"public_url": "https://atrium.example"})
    async with running_server(public) as server:
        status, headers = await answer_to(server.url, KINDS["polling"].said)
        assert status == 400
        hold(headers, "polling that isn't offered")
        server.hub.gateway._stopping = True
        for what in ("a socket", "polling"):
            status, headers = await answer_to(server.url, KINDS[what].said)
            assert status == 503
            hold(headers, f"{what} of a hub that stops")
        server.hub.gateway._stopping = False


@pytest.mark.parametrize("what", ["a socket", "polling"])
async def test_what_breaks_at_a_socket_s_door_has_them_too(server: HubServer, what: str) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    assert server.hub.gateway.door is not None
    server.hub.gateway.door.sockets = broken
    status, headers = await answer_to(server.url, KINDS[what].said)
    assert status == 500
    hold(headers, what)
