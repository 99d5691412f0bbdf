"""What browsers are told, and whose requests are heard."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hub.settings import Settings
from tests.databases import as_owner
from tests.web.conftest import Built, standing
from tests.web.houses import PASSWORD, House, csrf_of
from web.security import own_host, own_origin, policy

WEB = Path(__file__).parents[2] / "web"
PLACES = (
    "/", "/sign-in", "/account", "/nothing", "/offline", "/healthz", "/readyz", "/metrics", "/api/v1/session",
    "/api/v1/nothing", "/static/nothing.js", "/parts/home", "/robots.txt",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
async def test_every_answer_has_the_headers(house: House, place: str) -> None:
    for who in (None, "ana"):
        async with house.browser(who) as browser:
            answer = await browser.get(place)
        hold_headers(answer)


def hold_headers(answer: httpx.Response) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in answer.headers["content-security-policy"].split(";"))
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert rules["connect-src"].startswith("'self' ws://127.0.0.1:")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert len(answer.headers["x-request-id"]) == 32


async def test_something_broken_says_so_calmly_and_gives_nothing_away(own_house: House) -> None:
    house = own_house
    await as_owner(house.scene.database.url, "ALTER TABLE rooms RENAME TO lost")
    async with house.browser("ana") as browser:
        page, api = await browser.get("/rooms"), await browser.get("/api/v1/rooms")
    assert page.status_code == api.status_code == 500
    assert "Something went wrong" in page.text
    assert api.json()["error"]["code"] == "internal"
    for answer in (page, api):
        hold_headers(answer)
        assert "relation" not in answer.text
        assert "Traceback" not in answer.text


async def test_pages_are_not_kept_and_files_by_digest_are(house: House) -> None:
    async with house.browser("ana") as browser:
        page = await browser.get("/")
        assert page.headers["cache-control"] == "no-store"
        style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
        packed = await browser.get(style)
        plain = await browser.get(style, headers={"accept-encoding": "identity"})
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"].startswith("text/css")
    assert packed.text == plain.text


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", ".gitignore", "%2e%2e/site.py"])
async def test_nothing_but_built_files_is_served(house: House, name: str) -> None:
    async with house.browser() as browser:
        assert (await browser.get(f"/static/{name}")).status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "https://127.0.0.1:{port}"])
async def test_foreign_origins_are_refused_on_pages_and_api(house: House, origin: str) -> None:
    port = house.url.rpartition(":")[2]
    headers = {"origin": origin.format(port=port)}
    async with house.browser("ana") as browser:
        token = csrf_of((await browser.get("/")).text)
        page = await browser.post("/do/timer.stop", data={"csrf": token}, headers=headers)
        api = await browser.post("/api/v1/commands/timer.stop", json={}, headers=headers)
        session = await browser.delete("/api/v1/session", headers=headers)
    assert page.status_code == api.status_code == session.status_code == 403
    assert api.json()["error"]["code"] == "foreign_origin"
    hold_headers(page)
    async with house.browser("ana") as browser:
        assert (await browser.get("/")).status_code == 200


async def test_the_own_origin_and_none_are_heard(house: House) -> None:
    message = {"room_id": house.room, "body": "Hello"}
    async with house.browser("ana") as browser:
        own = await browser.post("/api/v1/commands/message.post", json=message, headers={"origin": house.url})
        none = await browser.post("/api/v1/commands/message.post", json=message)
    assert own.status_code == none.status_code == 200


async def test_forms_need_this_browser_s_token(house: House) -> None:
    async with house.browser("mihai") as other:
        foreign = csrf_of((await other.get("/")).text)
    async with house.browser() as stranger:
        before = csrf_of((await stranger.get("/sign-in")).text)
    action, fields = "/do/message.post", {"room_id": house.room, "body": "Hello"}
    async with house.browser("ana") as browser:
        own = csrf_of((await browser.get("/")).text)
        for token in ("", "nonsense", foreign, before, own[:-2] + "xx"):
            refused = await browser.post(action, data={"csrf": token, **fields})
            assert refused.status_code == 403, token
            assert (
                "open for too long" in refused.text
                or "be for you" in refused.text
                or "You can&#39;t do this" in refused.text
            )
        assert (await browser.post(action, data={"csrf": own, **fields})).status_code == 303


async def test_signing_in_needs_the_page_s_token(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.post("/sign-in", data={"email": await house.email("ana"), "password": "x"})
    assert answer.status_code == 403


async def test_bodies_have_a_limit(house: House) -> None:
    async with house.browser("ana") as browser:
        api = await browser.post("/api/v1/commands/message.post", json={"body": "a" * 2_000_000})
        token = csrf_of((await browser.get("/")).text)
        page = await browser.post("/do/message.post", data={"csrf": token, "body": "a" * 2_000_000})
    assert api.status_code == page.status_code == 413
    assert api.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_said_to_other_sites(house: House, place: str) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    async with house.browser("ana") as browser:
        for method in ("GET", "OPTIONS"):
            answer = await browser.request(method, place, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")], method


@pytest.mark.parametrize("place", ["/", "/sign-in", "/api/v1/rooms", "/healthz", "/static/nothing.js"])
async def test_a_trace_is_refused_and_echoes_nothing(house: House, place: str) -> None:
    async with house.bot("ana") as bot:
        answer = await bot.request("TRACE", place, headers={"x-secret": "not to be said again"})
    assert answer.status_code in (404, 405)
    assert "not to be said again" not in answer.text


async def test_texts_say_how_they_are_written(house: House) -> None:
    async with house.browser("ana") as browser:
        page = await browser.get("/")
        places = ["/", "/robots.txt", "/healthz", "/metrics", *re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)]
        kinds = {place: (await browser.get(place)).headers["content-type"] for place in places}
    written = {place: kind for place, kind in kinds.items() if kind.startswith("text/") or "xml" in kind}
    assert {".css", ".js", ".svg"} <= {place[place.rfind(".") :] for place in written}
    assert {place for place, kind in written.items() if "charset=utf-8" not in kind} == set()


@pytest.mark.parametrize("who", ["admin", "ana", "client", "root"])
async def test_each_page_has_the_way_out(house: House, who: str) -> None:
    async with house.browser(who) as browser:
        for place in ("/", "/account", "/account/security", "/account/tokens"):
            assert 'method="post" action="/sign-out"' in (await browser.get(place)).text, place


def _declared_passwords() -> Iterator[str]:
    """The fields for passwords of forms that are drawn from their commands, as the source has them."""
    for path in (*(WEB / "pages").rglob("*.py"), *(WEB / "forms").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Asked":
                name = node.args[0] if node.args else None
                if isinstance(name, ast.Constant) and "password" in str(name.value):
                    yield ast.unparse(node)


def test_each_password_is_hidden_and_may_be_pasted() -> None:
    """Where templates and declared forms ask for a password, and where scripts could hinder pasting."""
    templates = [path.read_text() for path in (WEB / "templates").rglob("*.html")]
    asked = [field for text in templates for field in re.findall(r'ui\.field\("\w*password"[^}]*', text)]
    assert len(asked) > 4
    assert all('type="password"' in field and "-password" in field for field in asked), asked
    declared = list(_declared_passwords())
    assert len(declared) > 4
    assert all("type='password'" in field for field in declared), declared
    scripts = [
        path.read_text() for name in ("elements", "data", "models") for path in (WEB / "client" / name).rglob("*.ts")
    ]
    assert not any("onpaste" in text for text in templates)
    assert not any('"paste"' in text and "password" in text for text in scripts)


def test_an_origin_is_own_only_when_it_is_exactly_so() -> None:
    def own(origin: str, scheme: str = "http", host: str = "hub.example:8000", public: str | None = None) -> bool:
        return own_origin(origin, scheme=scheme, host=host, public_url=public)

    assert own("http://hub.example:8000")
    assert own("https://atrium.example", public="https://atrium.example")
    for origin in ("http://hub.example", "https://hub.example:8000", "http://hub.example:8000.evil", "null", ""):
        assert not own(origin)
    assert not own("https://atrium.example.evil", public="https://atrium.example")
    assert not own("http://a b", host="a b")


@pytest.mark.parametrize(
    ("where", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 401), ("none", 401)]
)
async def test_what_is_fetched_from_another_site_is_refused_without_an_origin_too(
    house: House, where: str, status: int
) -> None:
    async with house.bot() as bot:
        body = {"email": "nobody@new.example", "password": "not theirs"}
        answer = await bot.post("/api/v1/session", json=body, headers={"sec-fetch-site": where})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("atrium.example", True),
        ("ATRIUM.example:443", True),
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:8000", True),
        ("atrium.example:8443", True),
        ("atrium.example.", True),
        ("atrium.example.evil", False),
        ("192.168.1.4", False),
        ("127.0.0.1.evil", False),
        ("localhost.evil", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_hosts_are_told_apart(host: str, own: bool) -> None:
    assert own_host(host, "https://atrium.example", "") is own
    assert own_host(host, "http://hub.example", "https://atrium.example:8443") is own


def test_an_address_of_ipv6_is_a_name_too() -> None:
    assert own_host("[2001:db8::1]:443", "https://[2001:db8::1]")
    assert not own_host("[2001:db8::2]", "https://[2001:db8::1]")


async def test_under_another_name_there_is_nothing(built_once: Built, settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://atrium.example"})
    async with standing(built_once, public) as house, house.bot("ana") as bot:
        for path in ("/", "/api/v1/rooms", "/static/app.js"):
            answer = await bot.get(path, headers={"host": "evil.example"})
            assert answer.status_code == 421, path
            assert (await bot.get(path, headers={"host": "atrium.example"})).status_code != 421, path
        assert (await bot.get("/healthz", headers={"host": "10.0.0.7"})).status_code == 200
        refused = await bot.get("/api/v1/rooms", headers={"host": "evil.example"})
    assert refused.json()["error"]["code"] == "wrong_host"


async def test_signing_out_takes_what_the_browser_keeps(own_house: House) -> None:
    async with own_house.bot("ana") as bot:
        answer = await bot.delete("/api/v1/session")
    assert answer.headers["clear-site-data"] == '"storage"'


def test_a_strange_host_gets_into_no_policy() -> None:
    assert "evil" not in policy("x; script-src evil", https=False)
    assert "wss://atrium.example" in policy("atrium.example", https=True)


async def test_behind_https_cookies_are_secure_and_the_public_address_own(
    built_once: Built, settings: Settings
) -> None:
    public = settings.model_copy(update={"public_url": "https://atrium.example"})
    async with standing(built_once, public) as house:
        own, foreign = {"origin": "https://atrium.example"}, {"origin": "https://atrium.example.evil"}
        body = {"email": await house.email("ana"), "password": PASSWORD}
        async with house.bot() as bot:
            signed = await bot.post("/api/v1/session", json=body, headers=own)
            refused = await bot.post("/api/v1/session", json=body, headers=foreign)
    assert signed.status_code == 200
    assert refused.status_code == 403
    assert "Secure" in signed.headers["set-cookie"]
    assert signed.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert "wss://" in signed.headers["content-security-policy"]
