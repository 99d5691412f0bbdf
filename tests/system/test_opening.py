"""A project from its first day: an admin opens its room, and those who are in it come in."""

import pytest
from playwright.async_api import expect

from tests.system.browsers import Windows
from tests.system.moves import composer, say, see, wall
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser


async def test_cc43_cc48_cc103_cc107_a_room_is_opened_and_its_people_come_in(house: House, windows: Windows) -> None:
    client = await windows.of(house.person("client"), "/")
    await expect(client.get_by_role("link", name="Website").first).to_be_visible()
    ana = await windows.of(house.person("ana"), "/rooms")
    admin = await windows.of(house.person("admin"), "/rooms/new")
    await admin.get_by_label("Title").fill("Spring campaign")
    await admin.get_by_label("Company").select_option(label="Nord Bakery")
    await admin.get_by_label("What is it about?").fill("Posters and *posts*")
    for name in ("Ana", "Clara"):
        await admin.get_by_role("checkbox", name=name).check()
    await admin.get_by_role("button", name="Open the room").click()
    await expect(admin.get_by_role("heading", name="Spring campaign", level=1)).to_be_visible()
    await expect(admin.get_by_role("region", name="Description").locator("em")).to_have_text("posts")

    for page in (ana, client):
        await page.get_by_role("link", name="Spring campaign").first.click()
        await expect(page.locator("room-header").get_by_role("heading", level=1)).to_have_text("Spring campaign")
        await expect(composer(page)).to_be_visible()
    await say(client, "What do you need of us?")
    for page in (admin, ana):
        await expect(wall(page, "What do you need of us?")).to_have_count(1)


async def test_cc121_a_changed_password_is_the_one_that_counts(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("client"), "/account")
    await page.get_by_label("Current password").fill("not this one")
    await page.get_by_label("New password").fill("an even longer one")
    await page.get_by_role("button", name="Change the password").click()
    await see(page, "This isn't your password.")
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label("New password").fill("an even longer one")
    await page.get_by_role("button", name="Change the password").click()
    await see(page, "Your password was changed.")

    elsewhere = await windows.of(None, "/sign-in")
    await elsewhere.get_by_label("Email").fill(await house.email("client"))
    await elsewhere.get_by_label("Password").fill("an even longer one")
    await elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    await expect(elsewhere.get_by_role("link", name="Website").first).to_be_visible()


async def test_cc02_cc04_an_e_mail_that_is_in_use_is_refused_where_it_stands(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("admin"), "/people/new")
    await page.get_by_label("Name").fill("Another Ana")
    await page.get_by_label("Email").fill(await house.email("ana"))
    await page.get_by_text("Or set a first password yourself").click()
    await page.get_by_label("First password").fill("a password of hers")
    await page.get_by_role("button", name="Add without an email").click()
    await see(page, "This email is already in use.")
    await expect(page.get_by_label("Name")).to_have_value("Another Ana")
