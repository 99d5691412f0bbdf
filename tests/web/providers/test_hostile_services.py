"""Services that mean harm: they hold no loop, lead nowhere and are refused."""

import gzip
from base64 import urlsafe_b64encode
from typing import Any

import orjson
import pytest

from store.errors import Refusal
from tests.costs import longest_hold
from tests.patience import browser_at
from tests.web.houses import House
from tests.web.openid import OpenId
from tests.web.providers.keys import EC, key, number
from tests.web.providers.travels import add, is_ana, travel, why
from tests.web.test_hold_ups import HELD_AT_MOST
from web.pages.signing import providers


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
