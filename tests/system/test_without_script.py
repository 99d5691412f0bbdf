"""A browser without script: pages are read and forms are sent."""

import re

import pytest
from playwright.async_api import expect

from tests.system.browsers import Windows
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser


async def test_cc01_cc78_cc83_the_whole_way_works_without_script(house: House, windows: Windows) -> None:
    page = await windows.of(None, f"/rooms/{house.room}/wall", java_script_enabled=False)
    await page.get_by_label("Email").fill(await house.email("ana"))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page).to_have_url(re.compile(f"/rooms/{house.room}/wall$"))
    await expect(page.get_by_text("Between us")).to_be_visible()

    await page.get_by_label("Message", exact=True).fill("Written *plainly*")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".wall-message em")).to_have_text("plainly")

    await page.locator(".room-tabs").get_by_role("link", name="Tasks").click()
    await page.get_by_label("Title of the new task").fill("Order form")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("region", name="To do")).to_contain_text("Order form")
    await page.get_by_role("button", name="Complete Order form").click()
    await expect(page.get_by_role("region", name="Done")).to_contain_text("Order form")

    await page.get_by_role("button", name="Start timer", exact=True).click()
    await expect(page.locator(".live-strip")).to_contain_text("Ana")
    await page.get_by_role("button", name="Stop the timer").click()
    await expect(page.locator(".live-strip")).to_contain_text("No timer is running here")

    await page.get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.goto(f"/rooms/{house.room}")
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_a_client_without_script_writes_to_everyone(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("client"), f"/rooms/{house.room}/wall", java_script_enabled=False)
    await expect(page.get_by_text("Between us")).to_have_count(0)
    await page.get_by_label("Message", exact=True).fill("Good morning")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator(".wall-message").last).to_contain_text("Good morning")


async def test_older_messages_are_reached_without_script(house: House, windows: Windows) -> None:
    agency = house.scene.agency
    for number in range(9):
        await agency.post(agency.ana, f"Part {number} {'ș' * 19_000}")
    page = await windows.of(house.person("client"), f"/rooms/{house.room}/wall", java_script_enabled=False)
    seen = await page.locator(".wall-message").all_inner_texts()
    while await page.get_by_role("link", name="Older messages").count():
        await page.get_by_role("link", name="Older messages").click()
        seen = [*await page.locator(".wall-message").all_inner_texts(), *seen]
    parts = [re.search(r"Part (\d)", text) for text in seen]
    assert [part[1] for part in parts if part] == [str(number) for number in range(9)]
    assert any("Good morning" in text for text in seen)
