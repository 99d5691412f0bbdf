"""Signing in and out, by page and by API."""

import random
import re

import pytest
from sqlalchemy import select

from hub.settings import Settings
from people.persons.superadmins import add_superadmin
from people.signing.throttling import SignInAttempt
from store.database import Database
from store.scopes import EVERYWHERE
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.web.houses import PASSWORD, House, csrf_of


@pytest.mark.parametrize("who", ["admin", "ana", "client", "root"])
async def test_cc01_cc08_each_kind_signs_in_and_gets_their_own_home(house: House, who: str) -> None:
    homes = {"admin": "Who works on what", "ana": "My tasks", "client": "Your projects", "root": "Add a business"}
    async with house.browser() as browser:
        answer = await browser.send_form("/sign-in", "/sign-in", email=await house.email(who), password=PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert homes[who] in (await browser.get("/")).text


async def test_wrong_passwords_and_unknown_people_get_one_answer_and_keep_the_e_mail(house: House) -> None:
    async with house.browser() as browser:
        for email in (await house.email("ana"), "nobody@nowhere.example"):
            answer = await browser.send_form("/sign-in", "/sign-in", email=email, password="wrong")
            assert answer.status_code == 401
            assert "The email or password is wrong." in answer.text
            assert f'value="{email}"' in answer.text
            assert "hub_session" not in answer.headers.get("set-cookie", "")


def no_addresses() -> list[str]:
    """What no address is, of signs that no index packs, and at most of a form's length."""
    letters = random.Random(3)
    return [
        "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=3_000)) + "@x.example",
        "".join(map(chr, letters.choices(range(0x1D15E, 0x1D165), k=320))),
        "@ü." * 1_000,
        "e\u0301" * 1_500,
        "a@x.example" + " x" * 1_500,
    ]


@pytest.mark.parametrize("email", no_addresses(), ids=lambda email: repr(email[:3]))
async def test_what_is_too_long_for_an_e_mail_is_unknown_like_any(own_house: House, email: str) -> None:
    async with own_house.browser() as browser:
        page = await browser.send_form("/sign-in", "/sign-in", email=email, password=PASSWORD)
        api = await browser.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        reset = await browser.send_form("/sign-in", "/reset", email=email)
        other = await browser.get("/sign-in/with", params={"email": email})
    assert (page.status_code, api.status_code, reset.status_code, other.status_code) == (401, 401, 303, 200)
    assert api.json()["error"]["code"] == "wrong_credentials"
    async with own_house.scene.database.reading(EVERYWHERE) as tx:
        assert list(await tx.scalars(select(SignInAttempt.address))) == ["127.0.0.1"] * 2


async def test_cc03_a_company_can_t_sign_in(house: House) -> None:
    agency = house.scene.agency
    await agency.run(agency.admin, "company.add", name="Casa Verde", email="office@casa.example")
    async with house.browser() as browser:
        page = await browser.send_form("/sign-in", "/sign-in", email="office@casa.example", password=PASSWORD)
        api = await browser.post("/api/v1/session", json={"email": "office@casa.example", "password": PASSWORD})
    assert page.status_code == api.status_code == 401
    assert api.json()["error"]["code"] == "wrong_credentials"


async def test_tries_are_limited_with_a_time_to_wait(house: House) -> None:
    body = {"email": await house.email("mihai"), "password": "wrong"}
    async with house.bot() as bot:
        codes = [(await bot.post("/api/v1/session", json=body)).status_code for _ in range(10)]
        limited = await bot.post("/api/v1/session", json=body)
        right = await bot.post("/api/v1/session", json=body | {"password": PASSWORD})
    assert codes == [401] * 10
    assert limited.status_code == right.status_code == 429
    assert limited.json()["error"]["code"] == "too_many_attempts"
    assert int(limited.headers["retry-after"]) > 0
    async with house.browser() as browser:
        page = await browser.send_form("/sign-in", "/sign-in", **body)
    assert page.status_code == 429
    assert "Too many wrong attempts" in page.text
    assert int(page.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    ("onward", "where"),
    [
        ("/rooms?q=web", "/rooms?q=web"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/sign-in", "/"),
        ("", "/"),
    ],
)
async def test_signing_in_goes_on_within_this_site_only(house: House, onward: str, where: str) -> None:
    fields = {"email": await house.email("ana"), "password": PASSWORD, "next": onward}
    async with house.browser() as browser:
        answer = await browser.send_form("/sign-in", "/sign-in", **fields)
    assert answer.headers["location"] == where


async def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    async with house.browser("freelancer") as browser:
        answer = await browser.send_form("/", "/sign-out")
        assert answer.headers["location"] == "/sign-in"
    async with house.browser("freelancer") as thief:
        assert (await thief.get("/")).status_code == 303


async def test_who_is_signed_in_is_not_asked_again(house: House) -> None:
    async with house.browser("ana") as browser:
        assert (await browser.get("/sign-in?next=/rooms")).headers["location"] == "/rooms"


async def test_a_form_from_before_signing_in_elsewhere_still_signs_in(house: House) -> None:
    async with house.browser() as browser:
        before = csrf_of((await browser.get("/sign-in")).text)
        fields = {"email": await house.email("ana"), "password": PASSWORD}
        await browser.send_form("/sign-in", "/sign-in", **fields)
        again = await browser.post("/sign-in", data={"csrf": before, **fields})
    assert again.status_code == 303


async def test_who_signs_in_again_leaves_no_session_behind(house: House) -> None:
    fields = {"email": await house.email("ana"), "password": PASSWORD}
    async with house.browser() as browser, house.bot() as bot:
        before = csrf_of((await browser.get("/sign-in")).text)
        await browser.send_form("/sign-in", "/sign-in", **fields)
        formers = [browser.cookies["hub_session"]]
        await browser.post("/sign-in", data={"csrf": before, **fields})
        formers.append(browser.cookies["hub_session"])
        await browser.post("/api/v1/session", json=fields)
        assert browser.cookies["hub_session"] not in formers
        assert (await browser.get("/api/v1/session")).status_code == 200
        for former in formers:
            answer = await bot.get("/api/v1/session", headers={"authorization": f"Bearer {former}"})
            assert answer.status_code == 401


async def test_the_demo_s_people_are_offered_in_a_demo_only(house: House) -> None:
    async with house.browser() as browser:
        assert "atrium-demo" not in (await browser.get("/sign-in")).text


async def test_the_api_says_who_i_am_and_signs_me_out(house: House) -> None:
    async with house.bot() as bot:
        opened = await bot.post("/api/v1/session", json={"email": await house.email("ana"), "password": PASSWORD})
        person = opened.json()["person"]
        assert (person["kind"], person["name"]) == ("staff", "Ana")
        assert person["business_id"] == str(house.person("ana").actor.business_id)
        assert (await bot.get("/api/v1/session")).json()["person"]["id"] == person["id"]
        assert (await bot.delete("/api/v1/session")).status_code == 200
        assert (await bot.get("/api/v1/session")).status_code == 401


async def test_mc_p12_who_wants_to_be_nowhere_begins_where_they_like(own_house: House) -> None:
    agency, room = own_house.scene.agency, f"/rooms/{own_house.room}"
    async with own_house.browser("ana") as browser:
        page = await browser.get("/account")
        assert f'value="room:{own_house.room}"' in page.text
        form = {"csrf": csrf_of(page.text), "command": "account.change", "start_page": f"room:{own_house.room}"}
        assert (await browser.post("/account", data=form)).status_code == 303
        refused = await browser.post("/account", data=form | {"start_page": "people"})
        assert (refused.status_code, "open this page" in refused.text) == (422, True)
    credentials = {"email": await own_house.email("ana"), "password": PASSWORD}

    async def lands(onward: str) -> str:
        async with own_house.browser() as stranger:
            done = await stranger.send_form("/sign-in", "/sign-in", **credentials, next=onward)
            return done.headers["location"]

    assert [await lands(onward) for onward in ("", "/", "/rooms")] == [room, room, "/rooms"]
    await agency.run(agency.admin, "member.remove", room_id=own_house.room, person_id=str(agency.ana.id))
    assert await lands("") == "/"


async def test_cc21_a_hub_on_which_nobody_is_says_how_the_first_person_comes(
    settings: Settings, database: Database
) -> None:
    words = {"en": "Nobody can sign in yet", "ro": "Încă nu se poate conecta nimeni", "uk": "ніхто не може увійти"}
    async with running_hub(settings) as url, browser_at(url) as stranger:
        for language, said in words.items():
            page = (await stranger.get("/sign-in", params={"language": language})).text
            assert said in page
            assert re.search(r"hub person add --data-dir /\S+ --kind admin --business", page)
        async with database.transaction() as tx:
            await add_superadmin(tx, "Rada", "rada@atrium.example", "grey heron over water")
        assert "hub person add" not in (await stranger.get("/sign-in")).text
