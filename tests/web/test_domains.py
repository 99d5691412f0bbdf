"""Domains: whose people a business's service may fetch, as they sign in, and the pages on which that is settled."""

import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
from sqlalchemy import delete

from people.mail import Letter
from people.signing import oidc
from people.signing.domains.domains import PAGE, Domain
from people.signing.identities import Identity
from people.signing.providers import Provider
from store.scopes import EVERYWHERE
from tests.names import NameServer, asked_name_server
from tests.web.houses import PASSWORD, House
from tests.web.openid import CLIENT, SECRET, OpenId, running_provider

BUSINESS, INSTALLATION = "/settings/security", "/installation/security"
FIRM = "firm.example"
ANA = f"ana@{FIRM}"


@pytest.fixture(scope="module")
async def openid() -> AsyncIterator[OpenId]:
    async with running_provider() as provider:
        yield provider


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    async with asked_name_server() as server:
        yield server


@pytest.fixture(autouse=True)
async def afresh(house: House) -> AsyncIterator[None]:
    oidc.trusts_own_network = True
    yield
    oidc.trusts_own_network = False
    async with house.scene.database.transaction(EVERYWHERE) as tx:
        for row in (Letter, Identity, Provider, Domain):
            await tx.execute(delete(row))


async def add(house: House, openid: OpenId, by: str, *domains: str) -> str:
    service = {
        "name": f"Of {by}",
        "issuer": openid.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
    }
    added = await house.scene.agency.run(house.person(by), "provider.add", **service, domains=list(domains))
    return str(added.result["id"])


async def led_to(house: House, email: str) -> str:
    """This is where somebody is led who gives their address at the door; nowhere is the page that says so."""
    async with house.browser() as browser:
        answer = await browser.get("/sign-in/with", params={"email": email})
    if answer.status_code == 200:
        assert "No organisation here" in answer.text
        return ""
    return str(answer.headers["location"]).split("?")[0]


async def vouch(house: House, by: str, what: str = "vouch") -> None:
    whose = {"business_id": str(house.person(by).actor.business_id), "domain": FIRM}
    await house.scene.agency.run(house.root, f"domain.{what}", **whose)


async def test_another_business_s_people_are_not_taken_to_a_service_that_only_names_their_domain(
    house: House, openid: OpenId, names: NameServer
) -> None:
    foreign = await add(house, openid, "outsider", FIRM)
    assert await led_to(house, ANA) == ""
    own = await add(house, openid, "admin", FIRM)
    assert await led_to(house, ANA) == ""
    await vouch(house, "admin")
    assert await led_to(house, ANA) == f"/sign-in/with/{own}"
    await vouch(house, "admin", "withdraw")
    assert await led_to(house, ANA) == ""
    await vouch(house, "outsider")
    assert await led_to(house, ANA) == f"/sign-in/with/{foreign}"


async def test_the_door_asks_for_an_organisation_only_when_some_domain_is_proven(house: House, openid: OpenId) -> None:
    await add(house, openid, "admin", FIRM)
    async with house.browser() as browser:
        assert "/sign-in/with" not in (await browser.get("/sign-in")).text
        await vouch(house, "admin")
        assert "/sign-in/with" in (await browser.get("/sign-in")).text


async def test_an_admin_proves_a_domain_on_the_page_and_is_told_what_stood_there(
    house: House, openid: OpenId, names: NameServer
) -> None:
    await add(house, openid, "admin", FIRM)
    checking = {"command": "domain.check", "domain": FIRM}
    async with house.browser("admin") as browser:
        shown = (await browser.get(BUSINESS)).text
        assert "Awaiting verification" in shown
        assert f">_atrium-challenge.{FIRM}</textarea>" in shown
        answer = await browser.send_form(BUSINESS, BUSINESS, **checking)
        assert f"No TXT record was found at _atrium-challenge.{FIRM} yet." in answer.text
        names.texts[f"_atrium-challenge.{FIRM}"] = ["<b>another</b>"]
        answer = await browser.send_form(BUSINESS, BUSINESS, **checking)
        assert "&lt;b&gt;another&lt;/b&gt;" in answer.text
        async with house.scene.database.reading(EVERYWHERE) as tx:
            claim = await tx.get(Domain, (house.person("admin").actor.business_id, FIRM))
        assert claim
        assert f">{claim.value}</textarea>" in shown
        names.texts[claim.record] = [claim.value]
        answer = await browser.send_form(BUSINESS, BUSINESS, **checking)
        assert f"The record was found: {FIRM} is verified." in answer.text
        assert "Verified by its DNS record since" in (await browser.get(BUSINESS)).text
        names.silent = True
        answer = await browser.send_form(BUSINESS, BUSINESS, **checking)
        assert f"No name server answered for {FIRM}." in answer.text


async def test_who_runs_the_installation_vouches_on_the_page(house: House, openid: OpenId) -> None:
    await add(house, openid, "admin", FIRM)
    whose = {"business_id": str(house.person("admin").actor.business_id), "domain": FIRM}
    async with house.browser("root") as browser:
        assert "Atelier · It doesn't lead anyone to a service yet." in (await browser.get(INSTALLATION)).text
        vouched = await browser.send_form(INSTALLATION, INSTALLATION, command="domain.vouch", **whose)
        assert vouched.headers["location"] == f"{INSTALLATION}?done=domain.vouch"
        assert "Verified manually" in (await browser.get(INSTALLATION)).text
        ended = await browser.send_form(INSTALLATION, INSTALLATION, command="domain.withdraw", **whose)
        assert ended.status_code == 303
        refused = await browser.send_form(INSTALLATION, INSTALLATION, command="domain.withdraw", **whose)
        assert refused.status_code == 409
        assert "This domain isn&#39;t verified." in refused.text
    async with house.browser("admin") as browser:
        assert "Remove verification" not in (await browser.get(BUSINESS)).text
        for command in ("domain.vouch", "domain.withdraw"):
            assert (await browser.send_form(BUSINESS, BUSINESS, command=command, **whose)).status_code == 404


async def test_of_many_domains_the_page_leads_on_to_the_rest(house: House, openid: OpenId) -> None:
    named = [f"{nr:02}.example" for nr in range(PAGE + 1)]
    for at in range(0, len(named), 20):
        await add(house, openid, "admin", *named[at : at + 20])
    async with house.browser("root") as browser:
        first = (await browser.get(INSTALLATION)).text
        further = re.search(r'href="([^"]+)">More domains', first)
        assert further
        rest = (await browser.get(unescape(further[1]))).text
        assert re.search(r'<live-part [^>]*src="/parts([^"]+)"', rest)[1] == further[1].partition("#")[0]  # type: ignore[index]
        assert re.findall(r'data-domain="([^"]+)"', first) + re.findall(r'data-domain="([^"]+)"', rest) == named
        assert "More domains" not in rest


async def test_the_journal_names_the_domain(house: House, openid: OpenId) -> None:
    await add(house, openid, "admin", FIRM)
    await vouch(house, "admin")
    for who in ("admin", "root"):
        async with house.browser(who) as browser:
            page = " ".join((await browser.get("/journal?what=all")).text.split())
        assert f"<b>{FIRM}</b> was verified manually · by Rita" in page
