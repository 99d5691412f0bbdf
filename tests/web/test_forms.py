"""Forms: a page works without script, and says what was wrong without losing what was typed; a room can be read."""

import re
from html import unescape
from typing import Any

import httpx
from sqlalchemy import func, select

from people.businesses import Business
from tests.web.houses import PASSWORD, House


async def send(house: House, who: str, page: str, action: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.send_form(page, action, **fields)


async def test_a_timer_goes_through_forms(house: House) -> None:
    started = await send(house, "mihai", "/", "/do/timer.start", room_id=house.room, task_id=house.scene.task, back="/")
    assert started.headers["location"] == "/"
    async with house.browser("mihai") as browser:
        assert "timer-pill" in (await browser.get("/account")).text
    stopped = await send(house, "mihai", "/", "/do/timer.stop", back="/account")
    assert stopped.headers["location"] == "/account"
    again = await send(house, "mihai", "/", "/do/timer.stop")
    assert again.status_code == 409
    assert "No timer of yours is running." in again.text


async def test_lines_end_in_one_character(house: House) -> None:
    await send(house, "client", "/", "/do/message.post", room_id=house.room, body="Two\r\nlines")
    async with house.bot("client") as bot:
        room = (await bot.get(f"/api/v1/rooms/{house.room}")).json()
    assert room["messages"][-1]["body"] == "Two\nlines"


async def test_going_back_leads_nowhere_else(house: House) -> None:
    fields = {"room_id": house.room, "body": "x", "back": "https://evil.example/"}
    answer = await send(house, "ana", "/", "/do/message.post", **fields)
    assert answer.headers["location"] == "/"


async def test_another_s_room_takes_no_form(house: House) -> None:
    assert (await send(house, "outsider", "/", "/do/message.post", room_id=house.room, body="x")).status_code == 404


async def test_a_room_without_script_says_its_facts_and_what_happened(house: House) -> None:
    async with house.browser("ana") as browser:
        page = (await browser.get(f"/rooms/{house.room}")).text
        assert f'<noscript><meta http-equiv="refresh" content="0; url=/rooms/{house.room}/plain"></noscript>' in page
        plain = (await browser.get(f"/rooms/{house.room}/plain")).text
    for fact in ("needs JavaScript", "Website", "Clara", "Ana wrote: Between us", "Ana added the task Homepage copy"):
        assert fact in plain, fact
    async with house.browser("client") as browser:
        assert "Between us" not in (await browser.get(f"/rooms/{house.room}/plain")).text


async def test_all_that_happened_in_a_room_is_reached_without_script(own_house: House) -> None:
    agency = own_house.scene.agency
    for nr in range(60):
        await agency.post(agency.ana, f"Message number {nr}.")
    seen, path = "", f"/rooms/{own_house.room}/plain"
    async with own_house.browser("ana") as browser:
        while path:
            page = (await browser.get(path)).text
            seen += page
            found = re.search(r'href="([^"]*before=\d+)"', page)
            path = unescape(found[1]) if found else ""
    assert all(seen.count(f"Message number {nr}.") == 1 for nr in range(60))
    assert "opened the room" in seen


async def test_a_room_is_opened_with_its_people(house: House) -> None:
    members = [str(house.person(who).id) for who in ("ana", "client")]
    fields = {"title": "Shop", "company_id": house.scene.company, "description": "Soon", "member_ids": members}
    answer = await send(house, "admin", "/rooms/new", "/rooms/new", **fields)
    assert answer.status_code == 303
    async with house.browser("client") as browser:
        assert "Shop" in (await browser.get(answer.headers["location"])).text
    wrong = await send(house, "admin", "/rooms/new", "/rooms/new", **fields | {"title": ""})
    assert wrong.status_code == 422
    assert "Soon" in wrong.text
    assert wrong.text.count(" checked") >= 3


async def test_cc04_cc05_people_are_added_and_an_e_mail_only_once(house: House) -> None:
    person = {
        "command": "person.add",
        "kind": "client",
        "name": "Ana",
        "email": "ana@nord.example",
        "password": PASSWORD,
    }
    assert (await send(house, "admin", "/people/new", "/people/new", **person)).status_code == 303
    again = await send(house, "admin", "/people/new", "/people/new", **person | {"name": "Another Ana"})
    assert again.status_code == 409
    assert "This email is already in use." in again.text
    assert 'value="Another Ana"' in again.text
    assert PASSWORD not in again.text
    company = {"command": "company.add", "name": "Nord", "email": "ANA@nord.example"}
    taken = await send(house, "admin", "/companies", "/companies", **company)
    assert taken.status_code == 409
    assert 'value="ANA@nord.example"' in taken.text


async def test_staff_without_the_right_add_nobody(house: House) -> None:
    fields = {"command": "person.invite", "kind": "client", "name": "Mine", "email": "mine@nord.example"}
    assert (await send(house, "ana", "/", "/people/new", **fields)).status_code == 403
    assert (await send(house, "client", "/", "/people/new", **fields)).status_code == 404


async def test_cc120_own_account_is_changed(own_house: House) -> None:
    fields = {
        "command": "account.change",
        "name": "Ana Maria",
        "language": "ro",
        "theme": "dark",
        "time_zone": "Europe/Kyiv",
    }
    answer = await send(own_house, "ana", "/account", "/account", **fields)
    assert answer.headers["location"] == "/account?done=account.change#profile"
    async with own_house.browser("ana") as browser:
        page = (await browser.get("/account")).text
    assert '<html lang="ro" data-bs-theme="dark"' in page
    assert "Ana Maria" in page
    wrong = await send(own_house, "ana", "/account", "/account", **fields | {"time_zone": "Mars/Base"})
    assert wrong.status_code == 422


async def test_cc121_the_password_is_changed_and_other_sign_ins_end(own_house: House) -> None:
    email = await own_house.email("ana")
    async with own_house.bot() as other:
        await other.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        fields = {"command": "password.change", "old_password": "wrong", "new_password": "quite another one"}
        refused = await send(own_house, "ana", "/account", "/account", **fields)
        assert refused.status_code == 422
        assert "This isn&#39;t your password." in refused.text
        assert "quite another one" not in refused.text
        fields["old_password"] = PASSWORD
        assert (await send(own_house, "ana", "/account", "/account", **fields)).status_code == 303
        assert (await other.get("/api/v1/session")).status_code == 401
        new = {"email": email, "password": "quite another one"}
        assert (await other.post("/api/v1/session", json=new)).status_code == 200


async def test_a_sign_in_elsewhere_is_ended(own_house: House) -> None:
    async with own_house.bot() as other:
        await other.post("/api/v1/session", json={"email": await own_house.email("ana"), "password": PASSWORD})
        sessions = (await other.get("/api/v1/sessions")).json()["sessions"]
        here = next(session["id"] for session in sessions if session["current"])
        ended = await send(own_house, "ana", "/account", "/account", command="session.revoke", session_id=here)
        assert ended.status_code == 303
        assert (await other.get("/api/v1/session")).status_code == 401


async def test_a_business_is_opened_with_its_admin_or_not_at_all(own_house: House) -> None:
    place = "/installation/businesses"
    fields = {
        "command": "admin.add", "business_name": "Third", "language": "ro", "time_zone": "Europe/Bucharest",
        "name": "Vlad", "email": await own_house.email("ana"), "password": PASSWORD,
    }  # fmt: skip
    refused = await send(own_house, "root", place, place, **fields)
    assert refused.status_code == 409
    assert 'value="Third"' in refused.text
    async with own_house.scene.database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(Business)) == 2
    assert (await send(own_house, "root", place, place, **fields | {"email": "vlad@third.example"})).status_code == 303
    async with own_house.bot() as bot:
        signed = await bot.post("/api/v1/session", json={"email": "vlad@third.example", "password": PASSWORD})
    assert signed.json()["person"]["kind"] == "admin"
    assert (await send(own_house, "admin", "/", place, **fields)).status_code == 404
