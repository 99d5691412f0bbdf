"""A request's line in the log: what it was, and no more than that, whatever was sent."""

import pytest
import structlog

from hub.settings import Settings
from store.database import Database
from tests.databases import as_owner
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.web.houses import House

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
