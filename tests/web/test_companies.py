"""Companies, settings and help as pages: who gets them, and that their forms work without script."""

from typing import Any

import httpx
import pytest

from tests.web.houses import House

PAGES = {
    "/companies": ("admin", "ana", "outsider"),
    "/companies/{company}": ("admin", "ana"),
    "/parts/companies": ("admin", "ana", "outsider"),
    "/parts/companies/{company}": ("admin", "ana"),
    "/settings/business": ("admin", "outsider"),
    "/settings/first-steps": ("admin", "outsider"),
    "/settings/processes": ("admin", "outsider"),
    "/settings/services": ("admin", "outsider"),
    "/parts/settings/paper": ("admin", "outsider"),
    "/parts/settings/first-steps": ("admin", "outsider"),
    "/parts/settings/processes": ("admin", "outsider"),
    "/parts/settings/services": ("admin", "outsider"),
    "/help": ("admin", "ana", "client", "outsider", "root"),
    "/help/rooms": ("admin", "ana", "client", "outsider", "root"),
}
EVERYONE = ("admin", "ana", "client", "outsider", "root")


@pytest.mark.parametrize("page", PAGES)
async def test_pages_are_for_whom_they_are(house: House, page: str) -> None:
    path = page.format(company=house.scene.company)
    for who in EVERYONE:
        async with house.browser(who) as browser:
            answer = await browser.get(path)
        if who in PAGES[page]:
            assert answer.status_code == 200, (who, answer.text[-300:])
        else:
            assert answer.status_code in (403, 404), who
    async with house.browser() as browser:
        assert (await browser.get(path)).headers["location"].startswith("/sign-in?next=")


async def test_cc22_another_business_s_company_answers_like_none(house: House) -> None:
    async with house.browser("outsider") as browser:
        for path in ("/companies/{}", "/parts/companies/{}"):
            other = await browser.get(path.format(house.scene.company))
            nothing = await browser.get(path.format("01a00000-0000-7000-8000-000000000000"))
            assert other.status_code == nothing.status_code == 404
            assert "Nord Bakery" not in other.text
        for page in PAGES:
            assert "Nord Bakery" not in (await browser.get(page.format(company="none"))).text


@pytest.mark.parametrize(("who", "status"), [("admin", 303), ("ana", 403), ("client", 404), ("root", 404)])
async def test_settings_lead_to_the_first_page_that_one_may_open(house: House, who: str, status: int) -> None:
    async with house.browser(who) as browser:
        answer = await browser.get("/settings")
    assert answer.status_code == status
    assert answer.headers.get("location") == ("/settings/business" if status == 303 else None)


async def send(house: House, who: str, page: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        csrf_page = page if who == "admin" else "/account"
        return await browser.send_form(csrf_page, page, **fields)


async def test_cc33_a_company_s_page_is_filled_by_forms(own_house: House) -> None:
    added = await send(own_house, "admin", "/companies", name="Casa Verde", email="", tax_id="RO1")
    page = added.headers["location"].partition("?")[0]
    service = await send(own_house, "admin", "/settings/services", command="service.add", name="Care", note="Monthly")
    assert service.status_code == 303
    async with own_house.browser("admin") as browser:
        shown = (await browser.get(page)).text
        assert "disabled" not in shown.split('value="company.remove"')[1].split("</form>")[0]
    service_id = shown.split('id="subscription-service_id"')[1].split('value="')[1].split('"')[0]
    client = str(own_house.person("client").id)
    for fields in (
        {"command": "company.change", "name": "Casa Albă", "email": "casa@verde.example", "website": "verde.example"},
        {"command": "contact.add", "name": "Elena Pop", "role": "Buyer", "phone": "+40 722 000", "email": ""},
        {"command": "company_note.add", "body": "Calls\r\non Mondays"},
        {"command": "client.link", "person_id": client},
        {"command": "subscription.add", "service_id": service_id, "since_on": ""},
    ):
        answer = await send(own_house, "admin", page, **fields)
        assert answer.status_code == 303, answer.text[-500:]
    async with own_house.browser("ana") as browser:
        seen = (await browser.get(page)).text
    for words in ("Casa Albă", "Elena Pop", "Buyer", "Calls\non Mondays", "Clara", "Care", "https://verde.example"):
        assert words in seen, words
    assert "<form" not in seen.split('id="main"')[1], "who may only read is offered nothing"


async def test_a_refused_form_says_why_and_keeps_what_was_typed(house: House) -> None:
    page = f"/companies/{house.scene.company}"
    answer = await send(house, "admin", page, command="company.change", name="", tax_id="RO77")
    assert answer.status_code == 422
    assert "This is too short." in answer.text
    assert 'value="RO77"' in answer.text
    wrong = await send(house, "admin", "/settings/business", command="business.change", currency="XXX", tax_id="RO78")
    assert wrong.status_code == 422
    assert "There is no such currency." in wrong.text
    assert 'value="RO78"' in wrong.text


async def test_who_may_not_posts_nothing(house: House) -> None:
    company = f"/companies/{house.scene.company}"
    for page, command in (
        (company, {"command": "company.change", "name": "Mine"}),
        (company, {"command": "company_note.add", "body": "Mine"}),
        ("/companies", {"name": "Mine"}),
        ("/settings/business", {"command": "business.change", "name": "Mine"}),
        ("/settings/processes", {"command": "process.change", "process_id": house.scene.process, "name": "Mine"}),
        ("/settings/services", {"command": "service.add", "name": "Mine"}),
    ):
        for who in ("ana", "client"):
            assert (await send(house, who, page, **command)).status_code in (403, 404), (who, page)
    assert (await send(house, "admin", company, command="person.add", name="x")).status_code == 404
    async with house.browser("admin") as browser:
        assert "Mine" not in (await browser.get("/companies")).text


async def test_mc02_the_profile_is_changed_by_a_form(own_house: House) -> None:
    async with own_house.browser("admin") as browser:
        done = await browser.send_form(
            "/settings/business",
            "/settings/business",
            command="business.change",
            name="Atelier Nord",
            header="We make things\r\nsince 1994",
            working_week=["", "1", "2", "6"],
            hours_a_day="7.50",
            shown_at_sign_in=["false", "true"],
            meetings_url="meet.example/atelier",
            country="",
        )
        assert done.status_code == 303, done.text[-500:]
        shown = (await browser.get("/settings/business")).text
        assert "We make things\nsince 1994" in shown
        assert 'href="https://meet.example/atelier"' in shown
        none = await browser.send_form(
            "/settings/business", "/settings/business", command="business.change", working_week=""
        )
        assert none.status_code == 422
        assert "A working week has at least one day." in none.text
    async with own_house.browser("ana") as browser:
        assert 'href="https://meet.example/atelier"' in (await browser.get("/")).text
    async with own_house.browser("client") as browser:
        home = (await browser.get("/")).text
        assert "Atelier Nord" in home
        assert "meet.example" not in home


async def test_cc101_rooms_are_grouped_for_a_client_of_several_companies(own_house: House) -> None:
    agency = own_house.scene.agency
    casa = (await agency.run(agency.admin, "company.add", name="Casa Verde")).result["id"]
    for title, company in (("Shop", own_house.scene.company), ("Label", casa)):
        members = [str(agency.client.id)]
        await agency.run(agency.admin, "room.open", title=title, company_id=company, member_ids=members)
    for page in ("/", "/rooms"):
        async with own_house.browser("client") as browser:
            shown = (await browser.get(page)).text
        places = [shown.index(f"{name}", shown.index('id="main"')) for name in ("Casa Verde", "Nord Bakery")]
        assert places == sorted(places), page
        assert "Without a company" in shown, page
    async with own_house.browser("client") as browser:
        assert (await browser.get("/companies")).status_code == 404


async def test_cc143_an_internal_room_says_so(own_house: House) -> None:
    agency = own_house.scene.agency
    inside = (await agency.run(agency.admin, "room.open", title="Office")).result["id"]
    async with own_house.browser("admin") as browser:
        assert "Internal" in (await browser.get(f"/rooms/{inside}/plain")).text.split('id="catalogue"')[0]
        assert "Internal" not in (await browser.get(f"/rooms/{own_house.room}/plain")).text.split('id="catalogue"')[0]


async def test_mc01_the_first_steps_are_on_the_home_until_they_are_hidden(own_house: House) -> None:
    async with own_house.browser("admin") as browser:
        assert "Upload your logo" in (await browser.get("/")).text
        await browser.send_form("/", "/do/checklist.hide")
        assert "Upload your logo" not in (await browser.get("/")).text
        steps = (await browser.get("/settings/first-steps")).text
        assert "Upload your logo" in steps
        assert "doesn't have this yet" in steps
        assert 'href="/help/business"' in steps
        await browser.send_form("/settings/first-steps", "/do/checklist.show", back="/settings/first-steps")
        assert "Upload your logo" in (await browser.get("/")).text


async def test_help_is_there_for_every_step_and_no_other(house: House) -> None:
    async with house.browser("admin") as browser:
        steps = (await browser.get("/settings/first-steps")).text
        topics = {part.split('"')[0] for part in steps.split('href="/help/')[1:]}
        assert len(topics) >= 7
        for topic in topics:
            assert (await browser.get(f"/help/{topic}")).status_code == 200
        assert (await browser.get("/help/nothing")).status_code == 404


async def test_a_business_without_rooms_has_its_process_to_fit(own_house: House) -> None:
    async with own_house.browser("outsider") as browser:
        shown = await browser.get("/settings/processes")
        assert "Waiting for the client" in shown.text
        again = await browser.get("/settings/processes")
        assert again.text.count("stage.add") == 2
