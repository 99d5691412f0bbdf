"""A request's line in the log: what it was, and no more than that, whatever was sent."""

import asyncio
from urllib.parse import urlsplit

import pytest
import structlog

from hub.settings import Settings
from store.database import Database
from tests.databases import as_owner
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.web.houses import House
from tests.web.tus import Tus

SECRETS = ("invitation", "reset", "email", "registration", "calendar")


@pytest.mark.parametrize("what", SECRETS)
async def test_no_secret_of_a_letter_s_link_is_in_the_log(house: House, what: str) -> None:
    with structlog.testing.capture_logs() as lines:
        async with house.browser() as browser:
            await browser.get(f"/{what}/a-secret-of-somebody")
    assert f"/{what}/…" in [line.get("path") for line in lines]
    assert "a-secret-of-somebody" not in str(lines)


async def test_a_long_path_is_cut_in_the_log(house: House) -> None:
    with structlog.testing.capture_logs() as lines:
        async with house.browser() as browser:
            assert (await browser.get("/" + "x" * 20_000)).status_code in (303, 404)
    assert len(str(lines)) < 2_000


async def test_what_was_sent_is_not_in_the_log_when_something_breaks(
    own_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await as_owner(own_house.scene.database.url, "ALTER TABLE sign_in_attempts DROP COLUMN address")
    async with own_house.bot() as bot:
        answer = await bot.post("/api/v1/session", json={"email": "somebody@x.example", "password": "a long one"})
    assert answer.status_code == 500
    said = capsys.readouterr().out
    assert "UndefinedColumn" in said
    assert "somebody@" not in said


async def test_a_request_s_line_says_who_came_from_where_and_why_they_were_refused(house: House) -> None:
    with structlog.testing.capture_logs() as lines:
        async with house.bot("client") as bot:
            assert (await bot.get("/api/v1/people")).status_code == 403
            assert (await bot.get("/api/v1/rooms")).status_code == 200
        async with house.bot() as stranger:
            assert (await stranger.get("/api/v1/rooms")).status_code == 401
    told = [
        (line["path"], line["status"], line["refusal"], line["person_id"], line["address"])
        for line in lines
        if line["event"] == "request"
    ]
    client = str(house.person("client").actor.id)
    assert told == [
        ("/api/v1/people", 403, "forbidden", client, "127.0.0.1"),
        ("/api/v1/rooms", 200, None, client, "127.0.0.1"),
        ("/api/v1/rooms", 401, "not_signed_in", None, "127.0.0.1"),
    ]


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
BROKEN_OFF = [
    pytest.param("POST", "/api/v1/session", "application/json", b'{"a"', 499, id="a body"),
    pytest.param("POST", "/api/v1/commands/message.post", "application/json", b'{"a"', 499, id="a command"),
    pytest.param("POST", "/account", FORM, b"csrf", 499, id="a form"),
    pytest.param(
        "POST", "/settings/logo", PARTS, b'--x\r\nContent-Disposition: form-data; name="logo"', 499, id="parts"
    ),
    pytest.param("POST", "/api/v1/session", "application/json", b"", 499, id="nothing of a body"),
    pytest.param("PATCH", "{upload}", "application/offset+octet-stream", b"1234", 204, id="an upload"),
]


@pytest.mark.parametrize(("method", "path", "kind", "part", "status"), BROKEN_OFF)
async def test_a_request_that_is_broken_off_is_one_quiet_line(
    house: House, caplog: pytest.LogCaptureFixture, method: str, path: str, kind: str, part: bytes, status: int
) -> None:
    if path == "{upload}":
        async with house.bot("admin") as bot:
            path = (await Tus(bot, house.person("admin"), house.room).create(50)).headers["location"]
    with structlog.testing.capture_logs() as lines:
        await broken_off(house, method, path, part, f"Content-Type: {kind}\r\nContent-Length: 500\r\n")
        while not any(line.get("path") == path for line in lines):  # noqa: ASYNC110 - asks what is told to nobody
            await asyncio.sleep(0.01)
    [line] = [line for line in lines if line.get("path") == path]  # those of other requests may come late
    assert (line["event"], line["log_level"], line["status"]) == ("request", "info", status)
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_an_answer_that_is_broken_off_is_no_error(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.bot("admin") as bot:
        file_id = await Tus(bot, house.person("admin"), house.room).upload(bytes(20_000_000), "film.mp4")
    path = f"/files/{file_id}/film.mp4"
    with structlog.testing.capture_logs() as lines:
        await broken_off(house, "GET", path, b"", "")
        while not any(line.get("path") == path for line in lines):  # noqa: ASYNC110 - asks what is told to nobody
            await asyncio.sleep(0.01)
    assert [line["log_level"] for line in lines if line.get("path") == path] == ["info"]
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def test_a_head_that_is_broken_off_is_no_line(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as lines:
        url = urlsplit(house.url)
        _reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(b"GET / HTTP/1.1\r\nHo")
        await writer.drain()
        writer.transport.abort()
        async with house.bot() as bot:
            await bot.get("/healthz")
    assert {line["log_level"] for line in lines} == {"info"}
    assert "/" not in [line.get("path") for line in lines]
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []


async def broken_off(house: House, method: str, path: str, part: bytes, headers: str) -> None:
    """Send an admin's request up to some of its body, and be gone once the hub has it."""
    url, token = urlsplit(house.url), house.person("admin").token
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"{method} {path} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {token}\r\n{headers}"
    tus = "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nExpect: 100-continue\r\n"
    writer.write(f"{head}{tus}\r\n".encode())
    await reader.readline()  # the hub reads the body, or has begun its answer
    writer.write(part)
    await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("trusted", "address"), [("", "127.0.0.1"), ("192.0.2.0/24", "127.0.0.1"), ("127.0.0.0/8", "203.0.113.9")]
)
async def test_whoever_is_no_trusted_proxy_says_nobody_s_address(
    settings: Settings, database: Database, trusted: str, address: str
) -> None:
    """What stands farther left in the header was said by the client itself."""
    told = settings.model_copy(update={"trusted_proxies": trusted, "database_url": database.url})
    forged = {"x-forwarded-for": "198.51.100.1, 203.0.113.9", "x-real-ip": "198.51.100.2", "x-forwarded-proto": "https"}
    async with running_hub(told) as url, browser_at(url) as browser:
        with structlog.testing.capture_logs() as lines:
            answer = await browser.get("/healthz", headers=forged)
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["address"] == address
    assert ("strict-transport-security" in answer.headers) is (address != "127.0.0.1")
