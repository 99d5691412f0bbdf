"""Signing in by another service: a real one on this machine, that tells the truth or something else."""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import delete, func, select

from people.journal import JournalEntry
from people.parties import Party
from people.signing import oidc
from people.signing.domains.domains import Domain
from people.signing.identities import Identity
from people.signing.providers import Provider
from store.errors import Refusal
from store.scopes import EVERYWHERE
from tests.costs import longest_hold
from tests.patience import browser_at
from tests.web.houses import PASSWORD, Browser, House
from tests.web.openid import CLIENT, SECRET, OpenId, running_provider
from tests.web.test_hold_ups import HELD_AT_MOST
from web.pages.signing import providers


@pytest.fixture(scope="module")
async def openid() -> AsyncIterator[OpenId]:
    async with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
async def afresh(house: House, openid: OpenId) -> AsyncIterator[None]:
    openid.wrong.clear()
    openid.told, openid.client, openid.ways = None, (CLIENT, SECRET), ("client_secret_basic",)
    yield
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        await tx.execute(delete(Identity))
        await tx.execute(delete(Provider))
        await tx.execute(delete(Domain))


@pytest.fixture
def own_network() -> Iterator[None]:
    """A business's service may be on this machine."""
    oidc.trusts_own_network = True
    yield
    oidc.trusts_own_network = False


async def add(house: House, openid: OpenId, by: str = "root", **fields: Any) -> str:
    service = {
        "name": "Keycloak",
        "issuer": openid.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
    } | fields
    return str((await house.scene.agency.run(house.person(by), "provider.add", **service)).result["id"])


async def travel(browser: Browser, openid: OpenId, provider_id: str, onward: str = "") -> httpx.Response:
    """Go to the service and come back."""
    gone = await browser.get(f"/sign-in/with/{provider_id}?next={onward}")
    assert gone.status_code == 303, gone.text
    async with browser_at() as there:
        back = await there.get(gone.headers["location"])
    return await browser.get(back.headers["location"])


async def is_ana(house: House, openid: OpenId, **claims: Any) -> None:
    openid.person = {"sub": "ana-1", "email": await house.email("ana"), "email_verified": True} | claims


async def why(house: House) -> str:
    async with house.scene.database.reading(EVERYWHERE) as tx:
        query = (
            select(JournalEntry.details["why"].astext)
            .where(JournalEntry.what == "sign_in_failed")
            .order_by(JournalEntry.id.desc())
            .limit(1)
        )
        return str(await tx.scalar(query))


async def test_rv43_someone_who_is_here_signs_in_and_is_linked_by_then(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    async with house.browser() as browser:
        assert f"/sign-in/with/{provider}" in (await browser.get("/sign-in")).text
        answer = await travel(browser, openid, provider, "/rooms")
        assert (answer.status_code, answer.headers["location"]) == (303, "/rooms")
        assert "Ana" in (await browser.get("/")).text
    await is_ana(house, openid, email="other@mail.example", email_verified=False)
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).headers["location"] == "/"
        shown = await browser.get("/account/security")
        assert "Keycloak" in shown.text or "Single sign-on" in shown.text


async def test_nobody_is_made_and_what_isn_t_verified_is_nobody(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    people = select(func.count()).select_from(Party)
    async with house.scene.database.reading(EVERYWHERE) as tx:
        before = await tx.scalar(people)
    unverified = {"sub": "x", "email": await house.email("ana"), "email_verified": False}
    unsaid = {"sub": "x", "email": await house.email("ana")}
    unknown = {"sub": "x", "email": "new@nowhere.example", "email_verified": True}
    for person in (unverified, unsaid, unknown):
        openid.person = person
        async with house.browser() as browser:
            refused = await travel(browser, openid, provider)
            assert refused.status_code == 403
            assert "Nobody here has the email that the service reported" in refused.text
            assert (await browser.get("/")).status_code == 303
    async with house.scene.database.reading(EVERYWHERE) as tx:
        assert await tx.scalar(people) == before


WRONG: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "issuer of the token": {"iss": "https://evil.example"},
    "audience": {"aud": "another"},
    "age": {"exp": 1_700_000_000},
    "key": {"key": True},
    "algorithm": {"algorithm": "none"},
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_token_with_something_wrong_signs_nobody_in(house: House, openid: OpenId, what: str) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    openid.wrong.update(WRONG[what])
    async with house.browser() as browser:
        refused = await travel(browser, openid, provider)
        assert refused.status_code == 401
        assert "sign you in" in refused.text
        assert (await browser.get("/")).status_code == 303
    assert "token" in await why(house)


SECRETS = ("a:b", "100%", "%3A", "a+b", "a b", "päss-șț", "ключ", "&=?/#", "~!*'()", ":", '\\"')


@pytest.mark.parametrize("way", ["client_secret_basic", "client_secret_post"])
@pytest.mark.parametrize("secret", SECRETS)
async def test_any_secret_and_client_id_reach_the_service_as_they_are(
    house: House, openid: OpenId, secret: str, way: str
) -> None:
    openid.client, openid.ways = (f"id {secret}", secret), (way,)
    provider = await add(house, openid, client_id=openid.client[0], client_secret=secret)
    await is_ana(house, openid)
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).headers["location"] == "/"
    openid.client = (openid.client[0], f"{secret}.")
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).status_code == 401


TOLD: list[tuple[dict[str, Any], dict[str, Any] | None, bool]] = [
    ({}, {"email": "ANA", "email_verified": True}, True),
    ({}, {"email": "ANA"}, False),
    ({"email": "ANA"}, {"email_verified": True}, True),
    ({"email": "ANA"}, {"email": "ANA", "email_verified": "true"}, True),
    ({"email": "ANA"}, {"email": "ANA", "email_verified": False}, False),
    ({"email": "ANA"}, {"email": "other@mail.example", "email_verified": True}, False),
    ({"email": "ANA"}, {}, False),
    ({"email": "ANA"}, None, False),
    ({"email_verified": True}, {"email": "ANA"}, True),
    ({"email": "ANA", "email_verified": False}, {"email_verified": True}, False),
    ({"email": "ANA", "email_verified": None}, {"email_verified": True}, True),
]


@pytest.mark.parametrize(("token", "told", "believed"), TOLD)
async def test_what_the_token_lacks_of_the_e_mail_is_asked_of_userinfo(
    house: House, openid: OpenId, token: dict[str, Any], told: dict[str, Any] | None, believed: bool
) -> None:
    ana = await house.email("ana")

    def hers(claims: dict[str, Any]) -> dict[str, Any]:
        return {name: ana if value == "ANA" else value for name, value in claims.items()}

    provider = await add(house, openid)
    openid.person, openid.told = {"sub": "ana-1"} | hers(token), None if told is None else hers(told)
    async with house.browser() as browser:
        answer = await travel(browser, openid, provider)
    assert answer.status_code == (303 if believed else 403)


async def test_a_service_of_one_tenant_is_believed_for_its_domains_alone(house: House, openid: OpenId) -> None:
    ana = await house.email("ana")
    domain = ana.partition("@")[2]
    provider = await add(house, openid, domains=[domain])

    async def comes(subject: str, **claims: Any) -> int:
        openid.person = {"sub": subject, "email": ana} | claims
        async with house.browser() as browser:
            return (await travel(browser, openid, provider)).status_code

    assert await comes("1") == 403  # named, but not trusted
    await change(house, provider, trusted=True)
    assert await comes("2", email_verified=False) == 403
    assert await comes("3", email="oleh@other.example") == 403
    assert await comes("4", email=f"ana@sub.{domain}") == 403
    assert await comes("5", email=f"{ana}@other.example") == 403
    await change(house, provider, domains=["other.example"])
    assert await comes("6") == 403
    await change(house, provider, domains=[domain.upper()])
    assert await comes("7") == 303


async def change(house: House, provider_id: str, **fields: Any) -> None:
    await house.scene.agency.run(
        house.person("root"), "provider.change", password=PASSWORD, provider_id=provider_id, **fields
    )


ENTRA = "https://login.microsoftonline.com"
OWN = "0a1b2c3d-1111-4222-8333-0123456789ab"
MANYS = [
    f"{ENTRA}/common/v2.0", f"{ENTRA}/organizations/v2.0", f"{ENTRA}/consumers/v2.0", f"{ENTRA}/Common/v2.0",
    f"{ENTRA}/%63ommon/v2.0", f"{ENTRA}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", f"{ENTRA}/v2.0", ENTRA,
    "https://login.microsoftonline.us/common/v2.0", "https://sts.windows.net/", "https://accounts.google.com",
    "https://accounts.google.com./", "https://appleid.apple.com", "https://discord.com", "https://orcid.org",
    "https://auth.atlassian.com", "https://www.amazon.com", "https://login.salesforce.com",
    "https://oauth.telegram.org", "https://firm.okta.com", "https://firm.example.evil.example", "https://afirm.example",
]  # fmt: skip
ONES = [
    f"{ENTRA}/{OWN}/v2.0", f"{ENTRA}/{OWN.upper()}/v2.0", f"https://sts.windows.net/{OWN}/", "https://firm.example",
    "https://id.firm.example/realms/common-room", "https://id.xn--tiri-pxb.example/",
]  # fmt: skip


@pytest.mark.parametrize("issuer", MANYS)
async def test_a_service_of_many_organisations_can_t_be_trusted(house: House, openid: OpenId, issuer: str) -> None:
    with pytest.raises(Refusal) as refused:
        await add(house, openid, issuer=issuer, domains=["firm.example"], trusted=True)
    assert refused.value.fields.keys() == {"trusted"}
    provider = await add(house, openid, issuer=issuer, domains=["firm.example"])
    with pytest.raises(Refusal) as refused:
        await change(house, provider, trusted=True)
    assert refused.value.fields.keys() == {"trusted"}


@pytest.mark.parametrize("issuer", ONES)
async def test_a_service_is_trusted_only_while_domains_are_named(house: House, openid: OpenId, issuer: str) -> None:
    with pytest.raises(Refusal) as refused:
        await add(house, openid, issuer=issuer, trusted=True)
    assert refused.value.fields.keys() == {"domains"}
    provider = await add(house, openid, issuer=issuer, domains=["firm.example", "știri.example"], trusted=True)
    with pytest.raises(Refusal) as refused:
        await change(house, provider, domains=[])
    assert refused.value.fields.keys() == {"domains"}


async def test_an_admin_trusts_a_service_on_the_page(house: House, openid: OpenId) -> None:
    page = "/settings/security"
    service = {
        "name": "Entra",
        "issuer": f"{ENTRA}/common/v2.0",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
    }
    service |= {"domains": "firm.example, știri.example", "trusted": "true"}
    async with house.browser("admin") as browser:
        refused = await browser.send_form(page, page, command="provider.add", **service)
        assert refused.status_code == 422
        assert "The issuer must contain your own Entra tenant" in refused.text
        service["issuer"] = f"{ENTRA}/{OWN}/v2.0"
        assert (await browser.send_form(page, page, command="provider.add", **service)).status_code == 303
        shown = (await browser.get(page)).text
    assert "firm.example, știri.example · trusted for these domains" in shown
    async with house.scene.database.reading(EVERYWHERE) as tx:
        kept = (await tx.execute(select(Provider.domains, Provider.trusted))).one()
    assert tuple(kept) == (["firm.example", "știri.example"], True)


async def test_another_browser_s_answer_or_a_second_one_signs_nobody_in(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    async with house.browser() as browser, house.browser() as victim, browser_at() as there:
        gone = await browser.get(f"/sign-in/with/{provider}")
        back = (await there.get(gone.headers["location"])).headers["location"]
        assert (await victim.get(back)).status_code == 401
        await victim.get(f"/sign-in/with/{provider}")
        assert (await victim.get(back)).status_code == 401
        assert (await browser.get(back.replace("state=", "state=x"))).status_code == 401
    assert "state" in await why(house)
    async with house.browser() as browser:
        gone = await browser.get(f"/sign-in/with/{provider}")
        async with browser_at() as there:
            back = (await there.get(gone.headers["location"])).headers["location"]
        cookies = dict(browser.cookies)
        assert (await browser.get(back)).status_code == 303
        browser.cookies = httpx.Cookies(cookies)
        assert (await browser.get(back)).status_code == 401


async def test_a_service_that_names_another_issuer_or_plain_addresses_is_not_believed(
    house: House, openid: OpenId
) -> None:
    provider = await add(house, openid)
    for wrong in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}):
        openid.wrong = wrong
        async with house.browser() as browser:
            assert (await browser.get(f"/sign-in/with/{provider}")).status_code == 401
    with pytest.raises(Refusal) as refused:
        await add(house, openid, issuer="http://id.firm.example")
    assert refused.value.fields.keys() == {"issuer"}


async def test_another_site_begins_no_sign_in_by_a_service(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    for where, leads_to in (("cross-site", "/sign-in?next=/rooms"), ("same-origin", openid.url), ("none", openid.url)):
        async with house.browser() as browser:
            gone = await browser.get(f"/sign-in/with/{provider}?next=/rooms", headers={"sec-fetch-site": where})
            assert gone.headers["location"].startswith(leads_to), where
            assert ("set-cookie" in gone.headers) is (leads_to == openid.url)


async def test_a_service_that_sends_on_is_not_followed(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    for sends_on, status in ((True, 401), (False, 303)):
        openid.wrong = {"sends_on": sends_on}
        async with house.browser() as browser:
            assert (await travel(browser, openid, provider)).status_code == status
    assert await why(house) == "it answered 307"


async def test_a_business_s_service_is_not_of_our_own_network(house: House, openid: OpenId) -> None:
    provider = await add(house, openid, by="admin")
    async with house.browser() as browser:
        assert (await browser.get(f"/sign-in/with/{provider}")).status_code == 401
    assert await why(house) == "its address isn't public"


@pytest.mark.usefixtures("own_network")
async def test_a_business_s_service_signs_in_its_own_people_alone(house: House, openid: OpenId) -> None:
    provider = await add(house, openid, by="admin", domains=["firm.example"])
    whose = {"business_id": str(house.person("admin").actor.business_id), "domain": "firm.example"}
    await house.scene.agency.run(house.person("root"), "domain.vouch", **whose)
    async with house.browser() as browser:
        assert provider not in (await browser.get("/sign-in")).text
        found = await browser.get("/sign-in/with?email=ana@firm.example&next=/rooms")
        assert found.headers["location"].startswith(f"/sign-in/with/{provider}")
        assert "No organisation here" in (await browser.get("/sign-in/with?email=ana@other.example")).text
    await is_ana(house, openid)
    async with house.browser() as browser:  # the end of her address isn't one that it speaks for
        assert (await travel(browser, openid, provider)).status_code == 403
    await house.scene.agency.run(
        house.person("admin"), "provider.change", password=PASSWORD, provider_id=provider, domains=[]
    )
    openid.person = {"sub": "oleh", "email": await house.email("outsider"), "email_verified": True}
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).status_code == 403
    await is_ana(house, openid)
    async with house.browser() as browser:
        refused = await travel(browser, openid, provider)
        assert refused.status_code == 403
        assert "Sign in with your password" in refused.text
    async with house.browser("admin") as browser:
        assert "None of your domains is verified yet" in (await browser.get("/settings/security")).text
    whose["domain"] = (await house.email("ana")).partition("@")[2]
    naming = {"provider_id": provider, "domains": [whose["domain"]]}
    await house.scene.agency.run(house.person("admin"), "provider.change", password=PASSWORD, **naming)
    await house.scene.agency.run(house.person("root"), "domain.vouch", **whose)
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).headers["location"] == "/"
    async with house.browser("admin") as browser:
        assert "None of your domains is verified yet" not in (await browser.get("/settings/security")).text


async def test_an_address_that_has_changed_hands_is_somebody_else(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    async with house.browser() as browser:
        await travel(browser, openid, provider)
    await is_ana(house, openid, sub="ana-2")
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).status_code == 403


async def test_what_goes_to_the_service_says_nothing_that_helps_a_thief(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    async with house.browser() as browser:
        gone = await browser.get(f"/sign-in/with/{provider}")
    query = parse_qs(urlsplit(gone.headers["location"]).query)
    assert {"state", "nonce", "code_challenge"} <= query.keys()
    assert not {"code_verifier", "client_secret"} & query.keys()
    assert "HttpOnly" in gone.headers["set-cookie"]


async def test_services_are_added_tested_and_removed_on_the_page(house: House, openid: OpenId) -> None:
    service = {
        "name": "Realm",
        "issuer": openid.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
        "domains": "",
    }
    async with house.browser("root") as browser:
        page = "/installation/security"
        added = await browser.send_form(page, page, command="provider.add", **service)
        assert added.status_code == 303, added.text
        shown = (await browser.get(page)).text
        assert SECRET not in shown
        async with house.scene.database.reading(EVERYWHERE) as tx:
            id = str(await tx.scalar(select(Provider.id)))
        tested = await browser.send_form(page, page, command="provider.test", provider_id=id)
        assert "Realm responds" in tested.text
        openid.wrong = {"issuer": "https://evil.example"}
        tested = await browser.send_form(page, page, command="provider.test", provider_id=id)
        assert "a different issuer" in tested.text
        removed = await browser.send_form(page, page, command="provider.remove", provider_id=id)
        assert removed.status_code == 303
    async with house.browser("admin") as browser:
        assert (await browser.get("/settings/security")).status_code == 200
        assert (await browser.get("/installation/security")).status_code in (403, 404)
    async with house.browser("ana") as browser:
        assert (await browser.get("/settings/security")).status_code == 403


def number(bits: int) -> str:
    """This is the largest number of so many bits, as a key says it."""
    return urlsafe_b64encode(b"\xff" * (bits // 8)).decode().rstrip("=")


def key(**members: str) -> dict[str, str]:
    return {"kty": "RSA", "kid": "one", "n": number(2048), "e": "AQAB"} | members


EC = ECKey.generate_key("P-521").as_dict(private=False)
HOSTILE_KEYS: dict[str, Any] = {
    "primes to look for": [key(n=number(16_384), d=number(16_384))],
    "primes of a usual number": [key(n=number(4_096), d=number(4_096))],
    "a large number": [key(n=number(600_000))],
    "a large exponent": [key(e=number(2_048))],
    "many keys": [EC | {"kid": "one"}] * 600,
    "many keys of no name": [EC] * 600,
    "many that can't be": [key(n="!" * 1_000)] * 100,
    "lists": [[]] * 30_000,
    "no lists": {"a": 1},
    "a number": 7,
}


@pytest.mark.parametrize("shape", HOSTILE_KEYS)
async def test_no_keys_of_a_service_hold_the_loop(house: House, openid: OpenId, shape: str) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).status_code == 303
    openid.wrong = {"/keys": (b'{"keys": []}', {})}
    async with house.browser() as browser:  # what a refusal's page takes when it is first drawn is no key's doing
        assert (await travel(browser, openid, provider)).status_code == 401
    openid.wrong = {"/keys": (orjson.dumps({"keys": HOSTILE_KEYS[shape]}), {})}
    async with house.browser() as browser:
        with longest_hold() as held:
            refused = await travel(browser, openid, provider)
    assert refused.status_code == 401
    assert held.seconds <= HELD_AT_MOST, held


HOSTILE_ANSWERS: dict[str, tuple[str, tuple[bytes, dict[str, str]]]] = {
    "a long document": ("/.well-known/openid-configuration", (b'"' + b"a" * 600_000 + b'"', {})),
    "a document of lists": ("/.well-known/openid-configuration", (b"[" + b"[]," * 40_000 + b"0]", {})),
    "a document in depth": ("/.well-known/openid-configuration", (b"[" * 100_000, {})),
    "a document that is packed": (
        "/.well-known/openid-configuration", (gzip.compress(b" " * 200_000_000), {"content-encoding": "gzip"})
    ),
    "a token in depth": ("/token", (b'{"id_token":' + b"[" * 100_000, {})),
    "a token that is long": ("/token", (orjson.dumps({"id_token": "a" * 120_000}), {})),
    "a token of dots": ("/token", (orjson.dumps({"id_token": "." * 30_000}), {})),
    "a token whose head is deep": (
        "/token", (orjson.dumps({"id_token": urlsafe_b64encode(b'{"a":' + b"[" * 20_000).decode() + ".e30.AA"}), {})
    ),
    "a token that is a number": ("/token", (b'{"id_token": 7}', {})),
}  # fmt: skip


@pytest.mark.parametrize("shape", HOSTILE_ANSWERS)
async def test_no_answer_of_a_service_holds_the_loop(house: House, openid: OpenId, shape: str) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    path, answer = HOSTILE_ANSWERS[shape]
    openid.wrong = {"/keys": (b'{"keys": []}', {})}
    async with house.browser() as browser:
        assert (await travel(browser, openid, provider)).status_code == 401
    openid.wrong = {}
    async with house.browser() as browser, browser_at() as there:
        gone = await browser.get(f"/sign-in/with/{provider}")
        back = (await there.get(gone.headers["location"])).headers["location"]
        openid.wrong = {path: answer}
        with longest_hold() as held:
            refused = await browser.get(back)
    assert refused.status_code == 401
    assert held.seconds <= HELD_AT_MOST, held


async def test_a_network_is_sent_to_services_so_often(
    own_house: House, openid: OpenId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "MOST_OF_NETWORK", 3)
    provider = await add(own_house, openid)
    async with own_house.browser() as browser:
        for status in (303, 303, 303, 429):
            gone = await browser.get(f"/sign-in/with/{provider}")
            assert gone.status_code == status
    assert 0 < int(gone.headers["retry-after"]) <= 3_600


ODD: list[dict[str, Any]] = [
    {"jwks_uri": "https://["}, {"jwks_uri": ["https://a.example"]}, {"token_endpoint": 7}, {"issuer": {}},
    {"token_endpoint": "https://a.example/" + "a" * 5_000},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_document_of_a_service_is_refused(house: House, openid: OpenId, odd: dict[str, Any]) -> None:
    provider = await add(house, openid)
    named = {
        "issuer": openid.url,
        "authorization_endpoint": f"{openid.url}/authorize",
        "token_endpoint": f"{openid.url}/token",
        "jwks_uri": f"{openid.url}/keys",
        "token_endpoint_auth_methods_supported": 7,
        "userinfo_endpoint": "http://[",
    }
    for said, status in ((named, 303), (named | odd, 401)):
        openid.wrong = {"/.well-known/openid-configuration": (orjson.dumps(said), {})}
        async with house.browser() as browser:
            assert (await browser.get(f"/sign-in/with/{provider}")).status_code == status


async def test_the_right_key_is_found_among_odd_ones(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    right = openid.key.as_dict(private=False)
    odd: list[Any] = [key(n="!"), 7, {"kty": "oct", "k": "AAAA"}, EC, {"kty": ["RSA"]}, key(kid="two")] * 30
    for keys, status in (([*odd, right | {"use": "sig"}], 303), ([*odd, right | {"use": "enc"}], 401)):
        openid.wrong = {"/keys": (orjson.dumps({"keys": keys}), {})}
        async with house.browser() as browser:
            assert (await travel(browser, openid, provider)).status_code == status


async def test_a_token_may_be_signed_by_any_usual_algorithm(house: House, openid: OpenId) -> None:
    provider = await add(house, openid)
    await is_ana(house, openid)
    for algorithm in ("RS256", "PS512"):
        openid.wrong = {"algorithm": algorithm}
        async with house.browser() as browser:
            assert (await travel(browser, openid, provider)).status_code == 303


@pytest.mark.parametrize(("bits", "works"), [(1024, False), (2048, True), (4096, True), (8200, False)])
async def test_a_service_has_keys_of_a_usual_size(house: House, openid: OpenId, bits: int, works: bool) -> None:
    provider = await add(house, openid)
    keys = {"keys": [RSAKey.generate_key(bits).as_dict(private=True) if works else key(n=number(bits))]}
    openid.wrong = {"/keys": (orjson.dumps(keys), {})}
    async with house.browser("root") as browser:
        page = "/installation/security"
        tested = await browser.send_form(page, page, command="provider.test", provider_id=provider)
    assert ("Keycloak responds" in tested.text) is works
