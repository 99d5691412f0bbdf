"""What a service says in a token, and the keys and secrets that it is said with."""

from typing import Any

import orjson
import pytest
from joserfc.jwk import RSAKey

from tests.web.houses import House
from tests.web.openid import OpenId
from tests.web.providers.keys import EC, key, number
from tests.web.providers.travels import add, is_ana, travel, why

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
