"""The sheet of labels: each refusal at its line, nothing sent twice, and the keyboard where it was."""

from itertools import pairwise

import pytest
from playwright.async_api import Locator, Page, expect

from tests.hub.agencies import Agency
from tests.system.browsers import Windows

pytestmark = pytest.mark.browser
ENTER_TWICE = """field => {
    const enter = () => new KeyboardEvent("keydown", {key: "Enter", bubbles: true});
    for (let times = 0; times < 2; times += 1) field.dispatchEvent(enter());
}"""


@pytest.fixture
async def sheet(windows: Windows, agency: Agency) -> Locator:
    """The sheet of labels on the admin's phone, with *Copy* and *Design* on it."""
    for name in ("Copy", "Design"):
        await agency.run(agency.admin, "label.add", name=name)
    page = await windows.of(agency.admin, f"/rooms/{agency.room_id}/tasks", viewport={"width": 390, "height": 844})
    await open_sheet(page)
    return page.get_by_role("dialog", name="Labels")


async def open_sheet(page: Page) -> None:
    await page.get_by_role("button", name="Labels", exact=True).click()
    await page.get_by_role("menuitem", name="Edit labels…").click()


async def test_on_a_phone_the_colours_stand_beside_the_buttons(sheet: Locator) -> None:
    lines: list[list[list[float]]] = await sheet.locator(".label-line").evaluate_all(
        """lines => lines.map(line => [...line.querySelectorAll("input, select, button")]
            .map(each => each.getBoundingClientRect()).map(({left, right}) => [left, right]))"""
    )
    for line in lines:
        assert all(one[1] <= next[0] for one, next in pairwise(line)), line


async def test_a_refused_name_is_told_at_its_line_and_forgotten_with_the_sheet(sheet: Locator) -> None:
    copy = sheet.get_by_label("Name of Copy")
    for name, reason in (("design", "This name is already taken."), ("", "This is required.")):
        await copy.fill(name)
        await copy.press("Enter")
        await expect(sheet.locator(".label-list li").first.get_by_role("alert")).to_have_text(reason)
        await expect(copy).to_have_value(name)
    await sheet.get_by_role("button", name="Close").click()
    await open_sheet(sheet.page)
    await expect(copy).to_have_value("Copy")
    await expect(sheet.get_by_role("alert")).to_have_count(0)


async def test_a_label_is_added_once_however_often_it_is_asked_for(sheet: Locator) -> None:
    name = sheet.get_by_label("Name of the new label")
    await sheet.get_by_role("button", name="Add").click()
    await expect(sheet.get_by_role("alert")).to_have_text("This is required.")
    await name.fill("Photos")
    await sheet.get_by_role("button", name="Add").dblclick()
    await expect(sheet.get_by_label("Name of Photos")).to_be_visible()
    await name.fill("Printing")
    await name.evaluate(ENTER_TWICE)
    await expect(sheet.get_by_label("Name of Printing")).to_be_visible()
    await expect(name).to_have_value("")
    await expect(sheet.get_by_role("alert")).to_have_count(0)


async def test_a_label_that_moves_by_its_new_name_keeps_the_keyboard(sheet: Locator) -> None:
    await sheet.get_by_label("Name of Copy").fill("Words")
    await sheet.get_by_label("Name of Copy").press("Enter")
    await expect(sheet.get_by_label("Name of Words")).to_be_focused()
    await expect(sheet.locator(".label-list input").last).to_have_value("Words")
