"""Too many wrong attempts, by page and by API: what strangers are answered, and whom they don't hold up."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.people.works import solution_of
from tests.web.houses import PASSWORD, House, csrf_of

NOBODY = "nobody@nowhere.example"


async def ask(bot: httpx.AsyncClient, email: str, password: str = "wrong", **more: Any) -> httpx.Response:
    return await bot.post("/api/v1/session", json={"email": email, "password": password} | more)


async def strangers(house: House, email: str) -> dict[str, Any]:
    """Strangers try a password too often; this is the work that another try takes."""
    async with house.bot() as bot:
        answers = [(await ask(bot, email)).status_code for _number in range(10)]
        late = await ask(bot, email, PASSWORD)
    assert (answers, late.status_code) == ([401] * 10, 429)
    error = late.json()["error"]
    assert (error["code"], error["retry_after_seconds"], late.headers["retry-after"]) == (
        "too_many_attempts",
        900,
        "900",
    )
    challenge: dict[str, Any] = error["challenge"]
    return challenge


async def test_an_attacker_pays_for_each_guess(own_house: House) -> None:
    email = await own_house.email("ana")
    challenge = await strangers(own_house, email)
    assert challenge["parameters"]["algorithm"] == "SCRYPT"
    solution = solution_of(challenge)
    async with own_house.bot() as bot:
        at_once = await asyncio.gather(*(ask(bot, email, solution=solution) for _number in range(5)))
        assert sorted(answer.status_code for answer in at_once) == [401, 429, 429, 429, 429]
        again = await ask(bot, email, PASSWORD, solution=solution)
        assert again.status_code == 429
        harder = again.json()["error"]["challenge"]["parameters"]
        assert harder["data"]["most"] == 2 * challenge["parameters"]["data"]["most"]
        odd: Any
        for odd in ("x", "é", 7, None, [], "W" * 20_000):
            assert (await ask(bot, email, solution=odd)).status_code == 429


async def test_the_owner_comes_in_from_where_they_were_before(own_house: House) -> None:
    email = await own_house.email("ana")
    credentials = {"email": email, "password": PASSWORD}
    async with own_house.browser() as browser, own_house.bot() as program:
        first = await browser.send_form("/sign-in", "/sign-in", **credentials)
        cookie = next(each for each in first.headers.get_list("set-cookie") if each.startswith("hub_device="))
        assert re.search(r"HttpOnly; Max-Age=31536000; Path=/; SameSite=lax", cookie)
        assert (await ask(program, **credentials)).status_code == 200
        await strangers(own_house, email)
        await browser.send_form("/", "/sign-out")
        assert "hub_device" in browser.cookies
        assert (await browser.get("/")).headers["location"].startswith("/sign-in")  # it opens nothing
        wrong = await browser.send_form("/sign-in", "/sign-in", email=email, password="wrong")
        assert wrong.status_code == 401
        assert (await browser.post("/sign-in/challenge", json={"email": email})).json()["challenge"] is None
        assert (await browser.send_form("/sign-in", "/sign-in", **credentials)).status_code == 303
        assert (await ask(program, **credentials)).status_code == 200


async def test_the_owner_comes_in_from_elsewhere_by_work_or_waits(own_house: House) -> None:
    email = await own_house.email("ana")
    await strangers(own_house, email)
    async with own_house.browser() as browser:
        page = await browser.send_form("/sign-in", "/sign-in", email=email, password=PASSWORD)
        assert page.status_code == 429
        assert int(page.headers["retry-after"]) == 900
        assert "Try again in 15 minutes, or ask an admin of your business." in page.text
        server = {"server": "127.0.0.1", "port": 9, "security": "none", "sender_email": "hub@atrium.example"}
        await own_house.scene.agency.commands.run(own_house.root.actor, "mail_settings.change", server)
        page = await browser.send_form("/sign-in", "/sign-in", email=email, password=PASSWORD)
        assert "Try again in 15 minutes, or use “Forgot password?”" in page.text
        assert 'href="/reset"' in page.text
        offered = (await browser.post("/sign-in/challenge", json={"email": email})).json()["challenge"]
        fields = {"email": email, "password": PASSWORD, "solution": solution_of(offered)}
        assert (await browser.send_form("/sign-in", "/sign-in", **fields)).status_code == 303
        assert (await browser.get("/account")).text.count("Browsers you've signed in from") == 1


def plain(page: str) -> str:
    """This is a page without what differs each time it is drawn."""
    return re.sub(r'(csrf" value|data-now)="[^"]+"', "", page)


async def test_nothing_tells_whether_an_e_mail_is_somebody_s(own_house: House) -> None:
    known, unknown = await strangers(own_house, await own_house.email("ana")), await strangers(own_house, NOBODY)
    assert known["parameters"].keys() == unknown["parameters"].keys()
    said = ("algorithm", "cost", "memoryCost", "keyLength")
    assert [known["parameters"][name] for name in said] == [unknown["parameters"][name] for name in said]
    assert known["parameters"]["data"]["most"] == unknown["parameters"]["data"]["most"]
    assert len(str(known)) == len(str(unknown))
    async with own_house.browser() as browser:
        pages = [
            (await browser.send_form("/sign-in", "/sign-in", email=email, password="wrong")).text.replace(email, "")
            for email in (await own_house.email("ana"), NOBODY)
        ]
        quiet = [
            (await browser.post("/sign-in/challenge", json={"email": email})).json()
            for email in (await own_house.email("mihai"), "another@nowhere.example")
        ]
    assert plain(pages[0]) == plain(pages[1])
    assert quiet == [{"ok": True, "challenge": None}] * 2


async def test_who_is_signed_in_proves_their_password_meanwhile(own_house: House) -> None:
    await strangers(own_house, await own_house.email("ana"))
    async with own_house.browser("ana") as browser:
        page = await browser.get("/account")
        form = {"csrf": csrf_of(page.text), "command": "password.change", "old_password": PASSWORD}
        done = await browser.post("/account", data=form | {"new_password": "nine calm herons wade"})
        assert (done.status_code, done.headers["location"]) == (303, "/account?done=password.change#password")


async def test_a_thief_at_a_window_doesn_t_guess_without_bound(own_house: House) -> None:
    body = {"password": "wrong"}
    async with own_house.bot("ana") as bot:
        tries = [bot.post("/api/v1/commands/recovery_codes.renew", json=body) for _number in range(15)]
        tries += [bot.post("/account/passkeys/options", json=body) for _number in range(15)]
        answers = [answer.status_code for answer in await asyncio.gather(*tries)]
        late = await bot.post("/account/passkeys/options", json={"password": PASSWORD})
    assert (answers.count(422), answers.count(429)) == (10, 20)
    assert late.status_code == 429


async def test_known_browsers_are_shown_and_forgotten(own_house: House) -> None:
    async with own_house.browser(**{"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/133.0"}) as browser:
        credentials = {"email": await own_house.email("mihai"), "password": PASSWORD}
        await browser.send_form("/sign-in", "/sign-in", **credentials)
        listed = (await browser.get("/api/v1/sessions")).json()["devices"]
        page = (await browser.get("/account")).text
        assert "Forget Firefox · Linux" in page
        form = {"csrf": csrf_of(page), "command": "device.forget", "device_id": listed[0]["id"]}
        done = await browser.post("/account", data=form)
        assert done.headers["location"] == "/account?done=device.forget#devices"
        assert "That browser was removed." in (await browser.get("/account?done=device.forget")).text
        assert (await browser.get("/api/v1/sessions")).json()["devices"] == []
        gone = await browser.post("/account", data=form)
    assert gone.status_code == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"email": 7}', b"{}"])
async def test_what_asks_for_no_work_of_an_e_mail_is_malformed(house: House, body: bytes) -> None:
    async with house.bot() as bot:
        assert (await bot.post("/sign-in/challenge", content=body)).status_code == 400


async def test_the_journal_tells_wrong_tries_from_wrong_passwords(own_house: House) -> None:
    async with own_house.bot("ana") as bot:
        wrong = await bot.post("/api/v1/commands/recovery_codes.renew", json={"password": "wrong"})
    assert wrong.status_code == 422
    await strangers(own_house, await own_house.email("mihai"))
    async with own_house.browser("admin") as admin:
        page = re.sub(r"<[^>]+>", "", (await admin.get("/journal?what=failed")).text)
    journal = [" ".join(line.split()) for line in page.splitlines()]
    assert any(line.endswith("entered a wrong password") for line in journal)
    assert any(line.endswith("failed to sign in, with a password") for line in journal)
    assert any(line.endswith("unknown browsers now need a short check") for line in journal)
