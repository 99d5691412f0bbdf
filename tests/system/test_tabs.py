"""Tabs of a room's page: each is shown by the element that is called after it, which says what leads there."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.parts import TABS
from tests.hub.agencies import Agency
from tests.system.browsers import Windows
from tests.system.moves import add_file, composer, file_line, wall

pytestmark = pytest.mark.browser
NARROW = {"width": 1000, "height": 800}
"""The wall is one of the tabs."""


async def name(page: Page, thing: str) -> None:
    """As if one followed a link to a thing of the room."""
    await page.evaluate("thing => { location.hash = thing }", thing)


async def test_each_tab_shows_its_element(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}", viewport=NARROW)
    await expect(page.locator("room-tabs")).to_be_visible()
    for tab in (*TABS.all[1:], TABS.all[0]):
        await page.locator(f"room-tabs [data-tab={tab.name}]").click()
        await expect(page.locator(f"room-{tab.name}")).to_be_visible()
        await expect(page.locator("room-tabs [aria-current]")).to_have_attribute("data-tab", tab.name)


async def test_a_key_leads_to_its_tab_from_every_other(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}", viewport=NARROW)
    await expect(page.locator("room-overview")).to_be_visible()
    async with page.expect_file_chooser():
        await page.keyboard.press("u")
    await expect(page.locator("room-files")).to_be_visible()
    await page.keyboard.press("n")
    await expect(page.get_by_label("Title of the new task")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.locator("room-tabs [data-tab=timeline]").click()
    await page.keyboard.press("c")
    await expect(composer(page)).to_be_focused()
    await expect(page.locator("room-overview")).to_be_hidden()


async def test_an_address_names_a_thing_at_its_tab(windows: Windows, agency: Agency, tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("First the homepage, then the shop.")
    task = await agency.run(agency.mihai, "task.create", room_id=agency.room_id, title="Imprint")
    message = await agency.post(agency.mihai, "Look at this")
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}/files", viewport=NARROW)
    await add_file(page, plan)
    file = await file_line(page, "plan.txt").get_attribute("id")
    await page.locator("room-tabs [data-tab=timeline]").click()
    await name(page, f"task-{task.result['id']}")
    await expect(page.get_by_role("dialog", name="Imprint")).to_be_visible()
    await page.keyboard.press("Escape")
    await name(page, f"{file}")
    await expect(page.locator(".file-line.pointed-at")).to_contain_text("plan.txt")
    await name(page, f"message-{message.result['id']}")
    pointed = page.locator("room-message.pointed-at")
    await expect(pointed).to_contain_text("Look at this")
    await agency.post(agency.mihai, "I mean the one above")
    await expect(wall(page, "I mean the one above")).to_be_visible()
    await expect(pointed).to_contain_text("Look at this")
