"""Everything without a mouse."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.system.browsers import Windows
from tests.system.moves import column, composer, pill, wall
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser


async def test_a_day_s_work_is_done_by_keys_alone(house: House, windows: Windows) -> None:
    page = await windows.of(None, "/sign-in")
    keys = page.keyboard
    await expect(page.get_by_label("Email")).to_be_focused()
    await keys.type(await house.email("ana"))
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")

    await expect(page.get_by_role("button", name="Search or jump to…")).to_be_visible()
    await keys.press("Control+k")
    await expect(page.get_by_role("combobox", name="Search or jump to…")).to_be_focused()
    await keys.type("websi")
    room = page.get_by_role("option").filter(has=page.locator(".palette-title", has_text="Website"))
    await _press_until(page, "ArrowDown", room.first, '[aria-selected="true"]')
    await keys.press("Enter")
    await expect(page.locator("room-page room-header")).to_be_visible()

    await keys.press("s")
    await expect(page.get_by_role("menuitem", name="The room in general")).to_be_focused()
    await keys.press("Enter")
    await expect(pill(page)).to_contain_text("Website")
    await keys.press("s")
    await expect(pill(page)).to_have_count(0)

    await keys.press("c")
    await expect(composer(page)).to_be_focused()
    await keys.type("Good morning by keys")
    await keys.press("Enter")
    await expect(wall(page, "Good morning by keys")).to_have_count(1)
    await keys.press("Tab")

    await keys.press("n")
    await expect(page.get_by_label("Title of the new task")).to_be_focused()
    await keys.type("Order form")
    await keys.press("Enter")
    title = page.locator("room-board").get_by_role("button", name="Order form", exact=True)
    await expect(column(page, "To do").get_by_role("button", name="Order form", exact=True)).to_be_visible()
    await keys.press("Escape")
    await _press_until(page, "Tab", title, ":focus")
    await keys.press("Shift+ArrowRight")
    await expect(column(page, "In progress")).to_contain_text("Order form")
    await expect(title).to_be_focused()


async def test_a_dialog_keeps_the_focus_and_gives_it_back(house: House, windows: Windows) -> None:
    page = await windows.of(house.person("ana"), f"/rooms/{house.room}/tasks")
    title = page.locator("room-board").get_by_role("button", name="Homepage copy", exact=True)
    await title.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Homepage copy").get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(title).to_be_focused()


async def _press_until(page: Page, key: str, wanted: Locator, holds: str) -> None:
    await expect(wanted).to_be_visible()
    for _ in range(80):
        if await wanted.evaluate("(element, holds) => element.matches(holds)", holds):
            return
        await page.keyboard.press(key)
    raise AssertionError(f"{key} doesn't come to {wanted}")
