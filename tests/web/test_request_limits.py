"""What a request may bring: of strangers little, and of nobody what others would wait for."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from store.queries import MOST_SOUGHT
from tests.costs import cost_awaited
from tests.patience import PATIENT_SECONDS
from tests.web.houses import PASSWORD, House
from web.body_limits import HELD_BYTES, OPEN_BYTES
from web.request_limits import MOST_FIELDS, STRANGERS_BYTES

FORM = {"content-type": "application/x-www-form-urlencoded"}
LARGE = 990_000
TIMES = 10
STRANGERS = (
    "/sign-in", "/sign-in/code", "/register", "/reset", "/reset/secret", "/invitation/secret", "/email/secret",
    "/registration/secret", "/sign-in/passkey", "/sign-in/passkey/options", "/api/v1/session",
)  # fmt: skip
SHAPES = {
    "many fields": b"&" * LARGE,
    "escaped": b"email=" + b"%C3%B1" * (LARGE // 6),
    "json": b'"@\xc3\xbc.' * (LARGE // 5),
}


@pytest.mark.parametrize("place", STRANGERS)
async def test_a_stranger_s_large_body_is_refused_before_it_is_read(house: House, place: str) -> None:
    async with house.browser() as browser:
        for kind, body in SHAPES.items():
            assert (await browser.post(place, content=body, headers=FORM)).status_code == 413, kind
        in_pieces = await browser.post(place, content=pieces(), headers=FORM)
        small = await browser.post(place, content=b"x" * STRANGERS_BYTES, headers=FORM)
    assert in_pieces.status_code in (404, 413)  # of a dead link nothing is read
    assert small.status_code != 413


async def pieces() -> Any:
    """A body that doesn't say how long it is."""
    for _piece in range(2):
        yield b"&" * (STRANGERS_BYTES - 1)


@pytest.mark.parametrize("place", ["/account", "/do/room.open", "/sign-out"])
async def test_who_isn_t_signed_in_has_nothing_else_read(house: House, place: str) -> None:
    async with house.browser() as browser:
        answer = await browser.post(place, content=SHAPES["many fields"], headers=FORM)
    assert answer.status_code in (303, 401)


@pytest.mark.parametrize("content_type", [FORM["content-type"], "Application/X-WWW-Form-Urlencoded; charset=utf-8"])
async def test_a_form_of_more_fields_than_any_has_holds_nobody_up(house: House, content_type: str) -> None:
    async with house.browser("ana") as browser:

        async def post(body: bytes, status: int) -> None:
            answer = await browser.post("/account", content=body, headers={"content-type": content_type})
            assert answer.status_code == status

        plain = await cost_awaited(lambda: post(b"x" * LARGE, 403))  # it has no token
        many = await cost_awaited(lambda: post(SHAPES["many fields"], 400), enough=TIMES * plain)
        await post(b"&" * (MOST_FIELDS - 1), 403)
    assert many <= TIMES * plain


@pytest.mark.parametrize(
    "place", ["/api/v1/search", "/api/v1/rooms", "/rooms", "/people", "/companies", "/settings/rights"]
)
async def test_words_that_are_looked_for_without_end_hold_nobody_up(house: House, place: str) -> None:
    async with house.bot("admin") if place.startswith("/api") else house.browser("admin") as asker:

        async def look(q: str) -> None:
            assert (await asker.get(place, params={"q": q})).status_code == 200

        await look("a")
        usual = await cost_awaited(lambda: look("a" * MOST_SOUGHT))
        for words in ("a" * 60_000, "e\u0301" * 8_000):
            assert await cost_awaited(partial(look, words), enough=TIMES * usual) <= TIMES * usual, words[:2]


async def test_what_waits_for_its_rest_is_bounded_by_address(house: House) -> None:
    """Each body may come slowly: whoever begins many would have the hub's memory for as long as they like."""
    url, token = urlsplit(house.url), house.person("admin").token
    head = f"POST /api/v1/commands/message.post HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {token}\r\n"
    begun = f"{head}Content-Length: {LARGE}\r\n\r\n".encode() + b" " * (LARGE - 1)
    lines = [await asyncio.open_connection(url.hostname, url.port) for _ in range(HELD_BYTES // LARGE + 1)]
    for _reader, writer in lines:
        writer.write(begun)
    answers = [asyncio.create_task(reader.readuntil(b"\r\n\r\n")) for reader, _writer in lines]
    async with asyncio.timeout(PATIENT_SECONDS):
        refused, waiting = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        said = (await refused.pop()).lower()
        assert said.startswith(b"http/1.1 429 ")
        assert b"\r\nretry-after: " in said
        assert len(waiting) >= HELD_BYTES // (LARGE + OPEN_BYTES) - 1
        async with house.bot("admin") as bot:
            assert (await bot.post("/api/v1/commands/message.post", json={})).status_code == 422  # it comes whole
            for _reader, writer in lines:
                writer.transport.abort()
            await asyncio.gather(*answers, return_exceptions=True)
            while (await bot.post("/api/v1/commands/message.post", content=by_bits())).status_code == 429:  # noqa: ASYNC110 - asks the hub
                await asyncio.sleep(0.01)


async def by_bits() -> AsyncIterator[bytes]:
    for _bit in range(100):
        yield b" " * 9_000


@pytest.mark.parametrize("place", ["/api/v1/commands/account.change", "/account", "/account/passkeys/options"])
async def test_what_comes_slowly_is_done_with_the_rights_at_its_end(
    house: House, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("web.authentication.AT_ONCE_SECONDS", 0.0)
    async with house.bot(origin=house.url) as bot:
        signing_in = {"email": await house.email("ana"), "password": PASSWORD}
        assert (await bot.post("/api/v1/session", json=signing_in)).status_code == 200
        url, cookie = urlsplit(house.url), f"hub_session={bot.cookies['hub_session']}"
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        head = f"POST {place} HTTP/1.1\r\nHost: {url.netloc}\r\nOrigin: {house.url}\r\nCookie: {cookie}\r\n"
        length = f"Content-Type: {FORM['content-type']}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        writer.write(f"{head}{length}".encode())
        async with asyncio.timeout(PATIENT_SECONDS):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")  # who asks is known by now
            assert (await bot.delete("/api/v1/session")).status_code == 200
            writer.write(b"{}")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 401 ")
        writer.close()


async def test_a_timeline_isn_t_asked_for_names_without_end(house: House) -> None:
    async with house.bot("ana") as bot:
        place = f"/api/v1/rooms/{house.room}/timeline"
        assert (await bot.get(place, params={"names": ",".join(["task.added"] * 100)})).status_code == 200
        answer = await bot.get(place, params={"names": ",x" * 101})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, ["names"])
