"""How one signs in, on pages and by the API: second steps, what is asked for, sessions that end, and the journal."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pyotp
import pytest
from socketio.exceptions import ConnectionError as ConnectionRefused
from sqlalchemy import delete, update

from people.journal import note
from people.signing.sentences import JOURNAL
from people.signing.sessions import Session
from people.signing.throttling import SignInAttempt
from store.scopes import EVERYWHERE
from tests.hub.agencies import Person, another_token
from tests.hub.clients import Client, connected
from tests.patience import browser_at, promised
from tests.web.houses import PASSWORD, Browser, House

WITHIN_SECONDS = promised(5.0)


@pytest.fixture(autouse=True)
async def forgiven(house: House) -> AsyncIterator[None]:
    yield
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        await tx.execute(delete(SignInAttempt))


async def set_up(house: House, who: str, browser: Browser) -> pyotp.TOTP:
    """Set an app for codes up on the page, as somebody does who has no script."""
    page = "/account/security"
    started = await browser.send_form(page, page, command="authenticator.start")
    assert started.headers["location"].startswith(page)
    shown = (await browser.get(page)).text
    assert "<svg" in shown
    secret = re.search(r'class="secret">([A-Z2-7]+)<', shown)
    assert secret
    app = pyotp.TOTP(secret[1])
    wrong = await browser.send_form(page, page, command="authenticator.confirm", code="000000", password=PASSWORD)
    assert wrong.status_code == 422
    # The one before: the code of now is for signing in.
    code = app.at(time.time() - 30)
    done = await browser.send_form(page, page, command="authenticator.confirm", code=code, password=PASSWORD)
    assert done.status_code == 200, done.text
    codes = re.findall(r"<code>([a-z2-7-]{29})</code>", done.text)
    assert len(codes) == 10
    assert codes[0] not in (await browser.get(page)).text
    return app


async def test_rv43_signing_in_takes_two_steps_by_page_and_by_api(own_house: House) -> None:
    house = own_house
    async with house.browser("ana") as browser:
        app = await set_up(house, "ana", browser)
    fields = {"email": await house.email("ana"), "password": PASSWORD}
    async with house.bot() as bot:
        asked = await bot.post("/api/v1/session", json=fields)
        assert (asked.status_code, asked.json()["error"]["code"]) == (401, "code_required")
        wrong = await bot.post("/api/v1/session", json=fields | {"code": "000000"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "wrong_code")
        code = app.now()
        assert (await bot.post("/api/v1/session", json=fields | {"code": code})).status_code == 200
        again = await bot.post("/api/v1/session", json=fields | {"code": code})
        assert again.json()["error"]["code"] == "wrong_code"
    async with house.browser() as browser:
        first = await browser.send_form("/sign-in", "/sign-in", next="/rooms", **fields)
        assert first.headers["location"] == "/sign-in/code"
        assert (await browser.get("/")).status_code == 303
        refused = await browser.send_form("/sign-in/code", "/sign-in/code", code="000000")
        assert refused.status_code == 401
        taken = await browser.send_form("/sign-in/code", "/sign-in/code", code=app.at(time.time() + 30))
        assert taken.headers["location"] == "/rooms"
        assert (await browser.get("/rooms")).status_code == 200
        assert (await browser.get("/sign-in/code")).headers["location"].startswith("/sign-in?again")
    async with house.browser() as stranger:
        assert (await stranger.get("/sign-in/code")).headers["location"].startswith("/sign-in?again")


async def test_who_needs_a_second_factor_is_led_to_it_and_can_do_nothing_else(own_house: House) -> None:
    house = own_house
    agency, ana = house.scene.agency, house.person("ana")
    async with connected(house.url, ana) as socket:
        await agency.run(house.person("admin"), "sign_in_policy.change", two_factors=True)
        await socket.until(lambda: not socket.connected, WITHIN_SECONDS)
    async with house.browser("ana") as browser, house.bot("ana") as bot:
        for path in ("/", "/rooms", "/account", f"/rooms/{house.room}"):
            assert (await browser.get(path)).headers["location"] == "/account/security", path
        for answer in (
            await bot.get("/api/v1/rooms"),
            await bot.post("/api/v1/commands/message.post", json={"room_id": house.room, "body": "Hello"}),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "second_factor_needed")
        outside = Client(ana)
        with pytest.raises(ConnectionRefused):
            await outside.connect(house.url)
        await outside.disconnect()
        assert "requires a second factor" in (await browser.get("/account/security")).text
        await set_up(house, "ana", browser)
        assert (await browser.get("/rooms")).status_code == 200
        assert (await bot.get("/api/v1/rooms")).status_code == 200
    async with connected(house.url, ana):
        pass


async def test_signing_out_everywhere_is_felt_at_once_by_page_api_and_socket(own_house: House) -> None:
    house = own_house
    here = house.person("mihai")
    there = Person(here.actor, await another_token(house.scene.database, here))
    elsewhere = browser_at(house.url, headers={"Authorization": f"Bearer {there.token}"})
    async with connected(house.url, there) as socket, house.browser("mihai") as browser, elsewhere as bot:
        assert (await bot.get("/api/v1/session")).status_code == 200
        began = time.monotonic()
        done = await browser.send_form("/account", "/account", command="other_sessions.revoke")
        assert done.status_code == 303
        await socket.hears("session.ended", WITHIN_SECONDS)
        await socket.until(lambda: not socket.connected, WITHIN_SECONDS)
        assert (await bot.get("/api/v1/session")).status_code == 401
        assert time.monotonic() - began < WITHIN_SECONDS
        assert (await browser.get("/")).status_code == 200
        await browser.send_form("/account", "/account", command="all_sessions.revoke")
        assert (await browser.get("/")).headers["location"].startswith("/sign-in")
    async with house.browser("admin") as admin:
        shown = (await admin.get("/journal")).text
        assert "ended sign-ins" in shown


async def test_another_network_is_outside_within_seconds(own_house: House) -> None:
    house = own_house
    async with connected(house.url, house.person("ana")) as socket:
        admin = house.person("admin")
        async with house.browser("admin") as browser:
            page = "/settings/security"
            locked = await browser.send_form(page, page, command="sign_in_policy.change", networks="203.0.113.0/24")
            assert locked.status_code == 422
            assert "You would lock yourself out" in locked.text
            assert "203.0.113.0/24" in locked.text
        afar = Person(replace(admin.actor, address="203.0.113.9"), admin.token)
        await house.scene.agency.run(afar, "sign_in_policy.change", networks=["203.0.113.0/24"])
        await socket.until(lambda: not socket.connected, WITHIN_SECONDS)
    async with house.browser("ana") as browser:
        assert (await browser.get("/")).headers["location"].startswith("/sign-in")
        fields = {"email": await house.email("ana"), "password": PASSWORD}
        told = await browser.send_form("/sign-in", "/sign-in", **fields)
        assert told.status_code == 403
        assert "only from its own networks" in told.text


async def test_the_session_s_cookie_lives_on_with_use(own_house: House) -> None:
    house = own_house
    token = await another_token(house.scene.database, house.person("ana"))
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        await tx.execute(update(Session).values(seen_at=long_ago, used_at=datetime.now(UTC)))
    async with Browser(house.url, token, {}) as browser:
        first = await browser.get("/")
        assert "hub_session=" in first.headers.get("set-cookie", "")
        assert "Max-Age=2592000" in first.headers["set-cookie"]
        second = await browser.get("/")
        assert "hub_session=" not in second.headers.get("set-cookie", "")
        out = await browser.send_form("/", "/sign-out")
        assert "Max-Age=2592000" not in out.headers.get("set-cookie", "")


async def test_cc19_the_journal_shows_all_to_the_superadmin_and_its_own_to_a_business(house: House) -> None:
    for who in ("ana", "outsider"):
        async with house.bot() as bot:
            signed = await bot.post("/api/v1/session", json={"email": await house.email(who), "password": PASSWORD})
            assert signed.status_code == 200
    async with house.bot() as bot:
        await bot.post("/api/v1/session", json={"email": "<b>nobody</b>@x.example", "password": "wrong"})
    outsider = house.person("outsider").actor.name
    async with house.browser("root") as root, house.browser("admin") as admin, house.browser("ana") as ana:
        everything = (await root.get("/journal")).text
        assert "Ana" in everything
        assert outsider in everything
        assert "&lt;b&gt;nobody" in everything
        own = (await admin.get("/journal")).text
        assert "Ana" in own
        assert outsider not in own
        assert "nobody" not in own
        narrowed = (await root.get(f"/journal?named={outsider}&what=failed")).text
        assert "No activity of this kind" in narrowed
        assert (await ana.get("/journal")).status_code == 403
        assert (await root.get("/parts/journal")).status_code == 200
        assert (await root.get("/journal?since=yesterday")).status_code == 422
        today = datetime.now(UTC).date()
        assert outsider in (await root.get(f"/journal?since={today}&until={today}")).text
    async with house.browser() as stranger:
        assert (await stranger.get("/journal")).status_code == 303


async def test_cc19_two_hundred_lines_and_further_back(own_house: House) -> None:
    house = own_house
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        for number in range(205):
            note(tx, JOURNAL["sign_in_failed"], address="192.0.2.1", email=f"guess-{number:03}@nowhere.example")
    async with house.browser("root") as root:
        first = (await root.get("/journal?what=failed")).text
        assert first.count("<time") == 200
        earlier = re.search(r'href="(/journal\?[^"]*before=[^"]+)"', first)
        assert earlier
        second = (await root.get(earlier[1].replace("&amp;", "&"))).text
        assert second.count("<time") == 5
        assert "The newest" in second


async def test_codes_are_on_in_each_language(own_house: House) -> None:
    words = {"en": ("off", "on"), "ro": ("oprit", "pornit"), "uk": ("вимкнено", "увімкнено")}
    page = "/account/security"
    async with own_house.browser("ana") as browser:
        for is_on in (False, True):
            if is_on:
                await set_up(own_house, "ana", browser)
            for language, said in words.items():
                command = {"command": "account.change", "language": language}
                assert (await browser.send_form("/account", "/account", **command)).status_code == 303
                head = re.search(r'id="codes">([^<]*)<span class="kind">([^<]*)<', (await browser.get(page)).text)
                assert head
                assert head[2] == said[is_on], language
