"""Each page for each kind of person: who gets it, who gets the way in, who hears that there is nothing."""

import re
from uuid import uuid4

import pytest

from hub.parts import TABS
from tests.web.houses import House

EVERYONE = ("admin", "ana", "client", "outsider", "root")
PAGES = {
    "/": EVERYONE,
    "/rooms": EVERYONE,
    "/rooms/new": ("admin", "outsider"),
    "/people": ("admin", "outsider"),
    "/people/new": ("admin", "outsider"),
    "/settings/roles": ("admin", "outsider"),
    "/settings/rights": ("admin", "outsider"),
    "/account": EVERYONE,
    "/parts/home": EVERYONE[:4],
    "/parts/rooms": EVERYONE,
    "/parts/people": ("admin", "outsider"),
    "/parts/sessions": EVERYONE,
}
AT_A_ROOM = ("", "/plain", *(f"/{tab.name}" for tab in TABS.all))


@pytest.mark.parametrize("page", PAGES)
async def test_pages_are_for_whom_they_are(house: House, page: str) -> None:
    for who in EVERYONE:
        async with house.browser(who) as browser:
            answer = await browser.get(page)
        if who in PAGES[page]:
            assert answer.status_code == 200, (who, answer.text[-300:])
        elif page != "/parts/home":
            assert answer.status_code in (403, 404), who


@pytest.mark.parametrize("page", [*PAGES, "/rooms/{room}", "/rooms/{room}/wall"])
async def test_the_signed_out_are_shown_the_way_in_and_come_back(house: House, page: str) -> None:
    path = page.format(room=house.room)
    async with house.browser() as browser:
        answer = await browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize("tab", AT_A_ROOM)
async def test_a_room_s_tabs_are_for_those_in_it_and_their_admins(house: House, tab: str) -> None:
    for who in ("admin", "ana", "mihai", "client"):
        async with house.browser(who) as browser:
            answer = await browser.get(f"/rooms/{house.room}{tab}")
        assert answer.status_code == 200, (who, answer.text[-300:])
        assert "Website" in answer.text


async def test_cc22_cc102_a_room_that_isn_t_mine_answers_like_one_that_isn_t_there(house: House) -> None:
    for who in ("outsider", "freelancer", "root"):
        async with house.browser(who) as browser:
            other, nothing = await browser.get(f"/rooms/{house.room}"), await browser.get(f"/rooms/{uuid4()}")
            unreadable = await browser.get("/rooms/not-an-id")
        assert other.status_code == nothing.status_code == unreadable.status_code == 404
        assert _without_addresses(other.text) == _without_addresses(nothing.text)
        assert "Website" not in other.text


async def test_cc22_another_business_is_on_no_page(house: House) -> None:
    for page in PAGES:
        async with house.browser("outsider") as browser:
            shown = (await browser.get(page)).text
        for word in ("Website", "Packaging", "Irina", "Clara", "Nord Bakery", "Atelier"):
            assert word not in shown, (page, word)


async def test_cc102_a_client_s_pages_show_own_projects_only(house: House) -> None:
    for page in ("/", "/rooms", "/parts/home", "/parts/rooms", "/rooms?q=Pack"):
        async with house.browser("client") as browser:
            shown = (await browser.get(page)).text
        assert "Packaging" not in shown, page
    async with house.browser("admin") as browser:
        assert "Packaging" in (await browser.get("/rooms")).text


async def test_rv22_a_client_s_pages_show_the_people_of_own_rooms_only(house: House) -> None:
    for page in ("/", "/rooms", f"/rooms/{house.room}", f"/rooms/{house.room}/timeline"):
        async with house.browser("client") as browser:
            shown = (await browser.get(page)).text
        assert "Sofia" not in shown, page
        assert "Petru" not in shown, page


async def test_what_is_for_the_team_is_in_no_page_source_of_a_client_s(house: House) -> None:
    pages = ["/", "/parts/home", *(f"/rooms/{house.room}{tab}" for tab in AT_A_ROOM)]
    for page in pages:
        async with house.browser("client") as browser:
            shown = (await browser.get(page)).text
        for secret in ("Between us", "Raise the price", "margins.txt"):
            assert secret not in shown, (page, secret)
    async with house.browser("ana") as browser:
        assert "Between us" in (await browser.get(f"/rooms/{house.room}/wall")).text


async def test_homes_say_what_runs_now(own_house: House) -> None:
    house = own_house
    agency = house.scene.agency
    await agency.run(agency.ana, "timer.start", room_id=house.room, task_id=house.scene.task)
    for who, words in {
        "client": ("Working for you now", "Homepage copy"),
        "ana": ("You are working on", "Homepage copy"),
        "admin": ("Who works on what", "Website · Homepage copy"),
    }.items():
        async with house.browser(who) as browser:
            page, part = (await browser.get("/")).text, (await browser.get("/parts/home")).text
        for word in (*words, "<ticking-clock"):
            assert word in page, (who, word)
            assert word in part, (who, word)
        assert "<html" not in part


async def test_a_team_task_s_timer_is_not_on_a_client_s_home(own_house: House) -> None:
    house = own_house
    agency = house.scene.agency
    await agency.run(agency.ana, "timer.start", room_id=house.room, task_id=house.scene.secret_task)
    async with house.browser("client") as browser:
        shown = (await browser.get("/")).text
    assert "Working for you now" not in shown
    assert "Raise the price" not in shown


async def test_rooms_are_searched_and_filtered(own_house: House) -> None:
    house = own_house
    await house.scene.agency.run(house.scene.agency.admin, "room.archive", room_id=house.scene.spare_room)
    for query, shown, hidden in (
        ("", "Website", "Packaging"),
        ("?q=webs", "Website", "Packaging"),
        ("?q=%25", "No matching rooms", "Website"),
        ("?archived=1", "Packaging", "Website"),
        ("?mine=1", "Website", "Packaging"),
    ):
        async with house.browser("admin") as browser:
            page = await browser.get(f"/rooms{query}")
        listed = page.text[page.text.index('id="rooms-list"') :]
        assert shown in listed, query
        assert f">{hidden}</a>" not in listed, query


async def test_pages_speak_the_person_s_language(house: House) -> None:
    agency = house.scene.agency
    await agency.run(agency.mihai, "account.change", language="uk", time_zone="Europe/Kyiv")
    async with house.browser("mihai") as browser:
        page = (await browser.get("/")).text
        missing = (await browser.get("/nothing")).text
    assert '<html lang="uk"' in page
    assert '<html lang="uk"' in missing


async def test_strangers_choose_a_language_that_is_kept(house: House) -> None:
    async with house.browser(**{"accept-language": "de, ro;q=0.8, en;q=0.5"}) as browser:
        assert '<html lang="ro"' in (await browser.get("/sign-in")).text
        assert '<html lang="uk"' in (await browser.get("/sign-in?language=uk")).text
        assert '<html lang="uk"' in (await browser.get("/sign-in")).text


def _without_addresses(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|data-now=\"[^\"]+\"", "", page)
