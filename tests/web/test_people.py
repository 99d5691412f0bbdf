"""People's pages over HTTP: who is shown them, and that each form works without script."""

from typing import Any

import httpx
import pytest

from tests.people.permits import permit
from tests.web.houses import PASSWORD, House, csrf_of

PAGES = ("/people", "/people/new", "/settings/roles", "/settings/rights")


async def get(house: House, who: str | None, path: str) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.get(path)


async def send(house: House, who: str, page: str, action: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.send_form(page, action, **fields)


@pytest.mark.parametrize("path", PAGES)
async def test_who_looks_after_nobody_sees_no_people(house: House, path: str) -> None:
    assert (await get(house, "admin", path)).status_code == 200
    assert (await get(house, "ana", path)).status_code == 403
    assert (await get(house, "client", path)).status_code == 404
    assert (await get(house, "root", path)).status_code == 404
    stranger = await get(house, None, path)
    assert (stranger.status_code, stranger.headers["location"].split("?")[0]) == (303, "/sign-in")


async def test_a_person_of_another_business_is_not_there(house: House) -> None:
    ana = f"/people/{house.person('ana').id}"
    for act in ("", "/lock", "/let-go", "/promote"):
        assert (await get(house, "admin", ana + act)).status_code == 200, act
        assert (await get(house, "outsider", ana + act)).status_code == 404, act
    assert (await get(house, "admin", "/people/nonsense")).status_code == 404


async def test_mc_p10_someone_is_invited_and_stands_among_the_invited(own_house: House) -> None:
    fields = {"command": "person.invite", "kind": "staff", "name": "Petru", "email": "petru@new.example"}
    answer = await send(own_house, "admin", "/people/new", "/people/new", **fields)
    assert answer.status_code == 303
    page = await get(own_house, "admin", answer.headers["location"])
    assert "no email can be sent yet" in page.text
    assert "Invited" in page.text
    assert "petru@new.example" in (await get(own_house, "admin", "/people?show=invited")).text
    again = await send(own_house, "admin", "/people/new", "/people/new", **fields)
    assert again.status_code == 409
    assert 'value="petru@new.example"' in again.text


async def test_people_are_searched_and_paged(own_house: House) -> None:
    for nr in range(55):
        await own_house.scene.agency.run(
            own_house.person("admin"), "person.invite", kind="client", name=f"Guest {nr:02}", email=f"g{nr}@x.example"
        )
    first = (await get(own_house, "admin", "/people?show=clients")).text
    assert "Guest 00" in first
    assert "Guest 54" not in first
    following = first.split("More people")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Guest 54" in (await get(own_house, "admin", following)).text
    found = (await get(own_house, "admin", "/people?show=clients&q=guest+4")).text
    assert ("Guest 41" in found, "Guest 01" in found) == (True, False)


async def test_a_person_is_locked_let_go_and_brought_back_without_script(own_house: House) -> None:
    ana = f"/people/{own_house.person('ana').id}"
    locked = await send(own_house, "admin", f"{ana}/lock", f"{ana}/lock")
    assert locked.status_code == 303
    assert "Locked" in (await get(own_house, "admin", ana)).text
    assert (await get(own_house, "ana", "/")).status_code == 303
    assert (await send(own_house, "admin", ana, ana, command="person.unlock")).status_code == 303

    asked = await get(own_house, "admin", f"{ana}/let-go")
    assert "open room" in asked.text
    nobody = await send(own_house, "admin", f"{ana}/let-go", f"{ana}/let-go", successor_id="")
    assert nobody.status_code == 422
    assert "Choose who takes over" in nobody.text
    mihai = str(own_house.person("mihai").id)
    gone = await send(own_house, "admin", f"{ana}/let-go", f"{ana}/let-go", successor_id=mihai)
    assert gone.status_code == 303
    page = (await get(own_house, "admin", ana)).text
    assert "Has left" in page
    assert "deactivated by" in page
    assert "Ana" in (await get(own_house, "admin", "/people?show=former")).text
    assert (await send(own_house, "admin", ana, ana, command="person.reactivate")).status_code == 303


async def test_cc34_cc35_roles_are_added_changed_and_removed_by_forms(own_house: House) -> None:
    fields = {"command": "role.add", "name": "Programmers", "permissions": ["projects", "hours"]}
    added = await send(own_house, "admin", "/settings/roles", "/settings/roles", **fields)
    assert added.status_code == 303
    page = (await get(own_house, "admin", "/settings/roles")).text
    assert "Programmers" in page
    twice = await send(own_house, "admin", "/settings/roles", "/settings/roles", **fields)
    assert twice.status_code == 409
    role = page.split("Change the role Programmers")[1].split('name="role_id" value="')[1][:36]
    empty = {"command": "role.change", "role_id": role, "name": "Programmers", "description": "", "permissions": ""}
    assert (await send(own_house, "admin", "/settings/roles", "/settings/roles", **empty)).status_code == 303
    ana = f"/people/{own_house.person('ana').id}"
    given = {"command": "person.change", "name": "Ana", "role_id": role, "permissions": ["", "tickets"]}
    assert (await send(own_house, "admin", ana, ana, **given)).status_code == 303
    rights = (await get(own_house, "admin", "/settings/rights?permission=tickets")).text
    assert ("Ana" in rights, "Mihai" in rights) == (True, False)
    assert "extra" in rights
    removed = {"command": "role.remove", "role_id": role}
    held = await send(own_house, "admin", "/settings/roles", "/settings/roles", **removed)
    assert held.status_code == 409


async def test_mc_p11_the_page_offers_no_email_and_no_password_of_another(house: House) -> None:
    page = (await get(house, "admin", f"/people/{house.person('ana').id}")).text
    assert 'name="email"' not in page
    assert 'name="password"' not in page
    assert "reset.send" in page


async def test_a_form_of_another_page_is_not_done_here(house: House) -> None:
    ana = f"/people/{house.person('ana').id}"
    for command in ("person.erase", "room.open", "person.lock"):
        assert (await send(house, "admin", ana, ana, command=command)).status_code == 404


async def test_cc26_own_phone_address_and_email_are_changed(own_house: House) -> None:
    fields = {"command": "account.change", "name": "Ana", "phone": "+40 722", "address": "Iasi"}
    assert (await send(own_house, "ana", "/account", "/account", **fields)).status_code == 303
    page = (await get(own_house, "ana", "/account")).text
    assert "+40 722" in page
    wrong = await send(
        own_house, "ana", "/account", "/account", command="email.change", email="ana@new.example", password="wrong"
    )
    assert wrong.status_code == 422
    assert 'value="ana@new.example"' in wrong.text
    right = await send(
        own_house, "ana", "/account", "/account", command="email.change", email="ana@new.example", password=PASSWORD
    )
    assert right.status_code == 303
    assert "ana@new.example" in (await get(own_house, "ana", "/account")).text
    assert csrf_of(page)


async def test_mc_p04_an_admin_lets_staff_find_what_is_closed(own_house: House) -> None:
    page = "/settings/rights"
    for chosen, ticked in (("true", True), ("false", False)):
        answer = await send(own_house, "admin", page, page, command="business.change", find_closed=chosen)
        assert answer.status_code == 303
        shown = (await get(own_house, "admin", page)).text
        assert ('name="find_closed" value="true" checked' in shown) is ticked
        async with own_house.bot("freelancer") as bot:
            told = (await bot.get("/api/v1/search", params={"q": "website"})).json()
        assert (told["results"], [each["title"] for each in told["closed"]]) == ([], ["Website"] if ticked else [])
    for who, status in (("ana", 403), ("client", 404)):
        async with own_house.browser(who) as browser:
            csrf = csrf_of((await browser.get("/account")).text)
            form = {"csrf": csrf, "command": "business.change", "find_closed": "true"}
            assert (await browser.post(page, data=form)).status_code == status


async def test_a_client_is_kept_and_invited_by_forms(own_house: House) -> None:
    kept = await send(
        own_house, "admin", "/people/new", "/people/new", command="client.keep", kind="client", name="Horia"
    )
    assert kept.status_code == 303
    place = kept.headers["location"].partition("?")[0]
    shown = (await get(own_house, "admin", kept.headers["location"])).text
    assert "Add an email and invite" in shown
    taken = await send(own_house, "admin", place, place, command="client.invite", email=await own_house.email("client"))
    assert taken.status_code == 409
    assert "This email is already in use." in taken.text
    done = await send(own_house, "admin", place, place, command="client.invite", email="horia@casa.example")
    assert done.status_code == 303
    shown = (await get(own_house, "admin", place)).text
    assert "horia@casa.example" in shown
    assert "Add an email and invite" not in shown
    assert "Show a link to hand over" in shown


async def test_cc88_a_colleague_goes_into_a_room_and_out_of_it_by_forms(own_house: House) -> None:
    house, scene = own_house, own_house.scene
    await permit(scene.database, scene.freelancer, "staff")
    page = f"/people/{scene.agency.ana.id}"
    shown = await get(house, "freelancer", page)
    assert f'<option value="{scene.spare_room}">Packaging</option>' in " ".join(shown.text.split())
    added = await send(house, "freelancer", page, page, command="member.add", room_id=scene.spare_room)
    assert added.headers["location"] == f"{page}?done=member.add"
    assert (await get(house, "ana", f"/rooms/{scene.spare_room}")).status_code == 200
    shown = await get(house, "freelancer", page)
    assert "Remove from Packaging" in shown.text
    assert f'href="/rooms/{scene.spare_room}"' not in shown.text
    assert (await get(house, "freelancer", f"/rooms/{scene.spare_room}")).status_code == 404
    twice = await send(house, "freelancer", page, page, command="member.add", room_id=scene.spare_room)
    assert (twice.status_code, "already in the room" in twice.text) == (409, True)
    removed = await send(house, "freelancer", page, page, command="member.remove", room_id=scene.spare_room)
    assert removed.headers["location"] == f"{page}?done=member.remove"
    assert (await get(house, "ana", f"/rooms/{scene.spare_room}")).status_code == 404
