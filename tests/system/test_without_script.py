"""A browser without script: pages are read, forms are sent, and a room is read in plain text."""

import re

import pytest
from playwright.async_api import expect

from tests.system.browsers import Windows
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser


async def test_cc01_cc83_a_room_is_read_without_script(house: House, windows: Windows) -> None:
    page = await windows.of(None, f"/rooms/{house.room}/wall", java_script_enabled=False)
    await page.get_by_label("Email").fill(await house.email("ana"))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page).to_have_url(re.compile(f"/rooms/{house.room}/plain$"))
    await expect(page.get_by_role("heading", name="Website", level=1)).to_be_visible()
    await expect(page.locator("noscript p", has_text="Working in a room needs JavaScript")).to_be_visible()
    await expect(page.get_by_role("link", name="Open the room")).to_be_hidden()
    await expect(page.get_by_role("listitem").filter(has_text="Between us")).to_contain_text("Team only")
    await expect(page.get_by_role("listitem").filter(has_text="Good morning")).not_to_contain_text("Team only")

    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.goto(f"/rooms/{house.room}")
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_a_client_without_script_reads_what_is_theirs(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("client"), f"/rooms/{house.room}/wall", java_script_enabled=False)
    await expect(page.get_by_text("Good morning")).to_be_visible()
    await expect(page.get_by_text("Between us")).to_have_count(0)


async def test_with_script_the_plain_text_leads_to_the_room(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("ana"), f"/rooms/{house.room}/plain")
    await expect(page.get_by_role("listitem").filter(has_text="Good morning")).to_be_visible()
    await expect(page.locator("noscript p")).to_have_count(0)
    await page.get_by_role("link", name="Open the room").click()
    await expect(page.locator("room-header")).to_be_visible()
