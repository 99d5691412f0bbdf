"""Signing in by another service: who is let in by it, and which one a business may name."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from people.parties import Party
from people.signing.providers import Provider
from store.scopes import EVERYWHERE
from tests.patience import browser_at
from tests.web.houses import PASSWORD, House
from tests.web.openid import CLIENT, SECRET, OpenId
from tests.web.providers.travels import add, is_ana, travel, why


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
