"""Cookies: over https each is named so that no neighbour can give the browser one; who was signed in stays so."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from socketio.exceptions import ConnectionError as NotConnected
from sqlalchemy import select, update

import web
from hub.settings import Settings
from people.signing.sessions import UNDERWAY, Session, leave_old_name, may_have_old_name
from store.scopes import EVERYWHERE
from tests.hub.agencies import Person
from tests.hub.clients import Client
from tests.patience import browser_at
from tests.web.conftest import Built, standing
from tests.web.houses import PASSWORD, House, csrf_of

SESSION = "__Host-hub_session"
HTTPS = "https://atrium.example"


@pytest.fixture
async def secure_house(built_once: Built, settings: Settings) -> AsyncIterator[House]:
    """A house behind a proxy that people reach over https."""
    async with standing(built_once, settings.model_copy(update={"public_url": HTTPS})) as house:
        yield house


class Jar:
    """A browser behind the proxy: it holds each cookie to what its name promises."""

    def __init__(self, url: str, **cookies: str) -> None:
        self.cookies = dict(cookies)
        self.given: set[str] = set()
        self._http = browser_at(url, headers={"accept": "text/html", "origin": HTTPS})

    async def __aenter__(self) -> "Jar":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> httpx.Response:
        return await self._ask("GET", path)

    async def post(self, path: str, **data: str) -> httpx.Response:
        return await self._ask("POST", path, data=data)

    async def send(self, path: str, body: object) -> httpx.Response:
        return await self._ask("POST", path, json=body)

    async def send_form(self, page: str, action: str, **fields: str) -> httpx.Response:
        return await self.post(action, csrf=csrf_of((await self.get(page)).text), **fields)

    async def _ask(self, method: str, path: str, **body: object) -> httpx.Response:
        shown = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self._http.request(method, path, headers={"cookie": shown} if shown else {}, **body)  # type: ignore[arg-type]
        for given in answer.headers.get_list("set-cookie"):
            self._take(given)
        return answer

    def _take(self, given: str) -> None:
        pair, *attributes = given.split("; ")
        name, _sign, value = pair.partition("=")
        promised = {"Secure", "Path=/", "HttpOnly", "SameSite=lax"}
        assert promised <= set(attributes), given
        assert not any(attribute.lower().startswith("domain") for attribute in attributes), given
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        else:
            assert name.startswith("__Host-"), given
            self.cookies[name] = value
            self.given.add(name)


async def test_over_https_every_cookie_is_bound_to_the_host(secure_house: House) -> None:
    door = {"email": await secure_house.email("ana"), "password": PASSWORD}
    async with Jar(secure_house.url) as ana:
        await ana.get("/sign-in?language=uk")
        await ana.send("/sign-in/passkey/options", {})
        await ana.send_form("/sign-in", "/sign-in", **door)
        secret = (await ana.send("/api/v1/commands/authenticator.start", {})).json()["result"]["secret"]
        code = pyotp.TOTP(secret).now()
        await ana.send("/api/v1/commands/authenticator.confirm", {"code": code, "password": PASSWORD})
        await ana.send_form("/account", "/sign-out")
        assert SESSION not in ana.cookies
        await ana.send_form("/sign-in", "/sign-in", **door)
        assert "__Host-hub_step" in ana.cookies
        assert (await ana.get("/sign-in/code")).status_code == 200
        given = ana.given
    async with Jar(secure_house.url) as root:
        await root.send_form("/sign-in", "/sign-in", email="rita@root.example", password=PASSWORD)
        wish = {"whom": await secure_house.email("mihai"), "reason": "To find the hours of May."}
        await root.send_form("/installation/admins", "/installation/impersonate", **wish)
        assert "re acting as Mihai" in (await root.get("/")).text
        await root.send_form("/", "/impersonation/end")
        assert (await root.get("/installation/general")).status_code == 200
        given |= root.given
    assert given == {f"__Host-{name}" for name in NAMES - {"hub_provider"}}, "the provider's own test has that one"


NAMES = {
    "hub_session", "hub_own_session", "hub_device", "hub_visitor", "hub_step", "hub_passkey", "hub_provider",
    "hub_language",
}  # fmt: skip


async def test_over_plain_http_cookies_have_no_prefix(house: House) -> None:
    body = {"email": await house.email("ana"), "password": PASSWORD}
    async with browser_at(house.url) as browser:
        given = (await browser.post("/api/v1/session", json=body)).headers["set-cookie"]
        assert given.startswith("hub_session=")
        assert "secure" not in given.lower()
        assert (await browser.get("/api/v1/session")).status_code == 200


def test_cookies_are_read_and_written_in_one_place() -> None:
    touching = re.compile(r"\.(set_cookie|delete_cookie)\(|(request|connection)\.cookies\b")
    root = Path(web.__file__).parent.parent
    sources = [path for folder in ("web", "hub") for path in (root / folder).rglob("*.py")]
    found = {str(path.relative_to(root)) for path in sources if touching.search(path.read_text())}
    # The session's is looked for by its old name, too, where it is told who asks.
    assert found == {"web/cookies.py", "web/authentication.py"}


def test_every_cookie_s_name_is_known_here() -> None:
    sources = " ".join(path.read_text() for path in Path(web.__file__).parent.rglob("*.py"))
    assert set(re.findall(r'= "(hub_\w+)"', sources)) == NAMES


async def from_before(house: House, person: Person) -> None:
    """The session began before cookies had a prefix."""
    async with house.scene.database.transaction() as tx:
        old = update(Session).where(Session.id == person.actor.session_id)
        await tx.execute(old.values(old_name_until=tx.now + timedelta(days=30)))


async def test_who_was_signed_in_before_stays_so_and_gets_the_new_cookie(secure_house: House) -> None:
    ana = secure_house.person("ana")
    await from_before(secure_house, ana)
    async with Jar(secure_house.url, hub_session=ana.token) as browser:
        page = await browser.get("/account")
        assert page.status_code == 200
        assert browser.cookies == {SESSION: ana.token}, "the old one is gone"
        saved = await browser.post("/account", csrf=csrf_of(page.text), command="account.change", name="Ana P.")
        assert saved.status_code == 303, "a form that was drawn for the old one holds"
        assert "set-cookie" not in (await browser.get("/account")).headers, "once"
    async with Jar(secure_house.url, hub_session=ana.token) as underway:
        assert (await underway.get("/api/v1/session")).status_code == 200, "what was underway meanwhile goes through"
    later = secure_house.scene.database.clock() + UNDERWAY
    async with secure_house.scene.database.transaction() as tx:
        over = update(Session).where(Session.id == ana.actor.session_id, Session.old_name_until <= later)
        await tx.execute(over.values(old_name_until=tx.now))
    async with Jar(secure_house.url, hub_session=ana.token) as late:
        assert (await late.get("/api/v1/session")).status_code == 401
        assert (await late.get("/account")).headers["location"].startswith("/sign-in")


async def test_looking_whether_a_cookie_has_its_old_name_changes_nothing(secure_house: House) -> None:
    database, session_id = secure_house.scene.database, secure_house.person("ana").actor.session_id
    assert not await leave_old_name(database, session_id), "it began with the prefix"
    await from_before(secure_house, secure_house.person("ana"))
    until = select(Session.old_name_until).where(Session.id == session_id)
    async with database.reading(EVERYWHERE) as tx:
        before = await tx.scalar(until)
    assert await may_have_old_name(database, session_id)
    async with database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(until) == before
    assert await leave_old_name(database, session_id)
    async with database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(until) <= tx.now + UNDERWAY


async def test_a_session_that_began_with_the_prefix_is_known_by_no_other_name(secure_house: House) -> None:
    """Else a neighbour under the same domain could sign people in as itself."""
    ana, mihai = secure_house.person("ana"), secure_house.person("mihai")
    await from_before(secure_house, mihai)
    async with Jar(secure_house.url, hub_session=ana.token) as tossed:
        assert (await tossed.get("/api/v1/session")).status_code == 401
    async with Jar(secure_house.url, **{SESSION: ana.token, "hub_session": mihai.token}) as both:
        assert (await both.get("/api/v1/session")).json()["person"]["name"] == "Ana"


@pytest.mark.parametrize("name", [SESSION, "hub_session"])
@pytest.mark.parametrize("before", [True, False])
async def test_sockets_take_the_same_cookies(secure_house: House, name: str, before: bool) -> None:
    ana = secure_house.person("ana")
    if before:
        await from_before(secure_house, ana)
    client = Client()
    try:
        if name == "hub_session" and not before:
            with pytest.raises(NotConnected):
                await client.connect(secure_house.url, headers={"Cookie": f"{name}={ana.token}"})
        else:
            await client.connect(secure_house.url, headers={"Cookie": f"{name}={ana.token}"})
            assert (await client.send("stream.enter", {"stream": "person"}))["ok"]
    finally:
        await client.disconnect()
