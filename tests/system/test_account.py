"""What someone chooses for themselves holds on every page from then on."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from tests.hub.agencies import Agency
from tests.patience import PATIENT_SECONDS
from tests.system.browsers import Windows
from tests.system.moves import choose, composer, say, wall
from web.words.translations import translated

pytestmark = pytest.mark.browser


async def save(page: Page, label: str, choice: str) -> None:
    await page.get_by_label(label, exact=True).select_option(label=choice)
    await page.get_by_role("button", name="Save").click()


async def test_cc120_pages_speak_the_language_that_one_chooses(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, "/account")
    await save(page, "Language", "Українська")
    await expect(page.get_by_role("heading", name=translated("uk", "Account"), exact=True)).to_be_visible()
    await page.goto(f"/rooms/{agency.room_id}")
    await expect(page.locator("room-tabs").get_by_role("link", name=translated("uk", "Tasks"))).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "uk")


async def test_cc120_colours_are_as_chosen_on_the_page_and_in_the_bar(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, "/account", color_scheme="light", reduced_motion="reduce")
    ground = page.locator("body")
    light = await ground.evaluate("(element) => getComputedStyle(element).backgroundColor")
    await save(page, "Theme", "Dark")
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    await expect(ground).not_to_have_css("background-color", light)
    for name in ("Theme: dark", "Theme: system"):
        await page.get_by_role("button", name=name).click()
    await expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    await expect(ground).to_have_css("background-color", light)
    other = await windows.beside(await page.context.new_page(), "/")
    async with asyncio.timeout(PATIENT_SECONDS):  # the bar says nothing of its being kept
        while await other.locator("html").get_attribute("data-bs-theme") != "light":
            await other.reload()


async def test_cc120_times_are_those_of_the_zone_that_one_chooses(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}", timezone_id="America/New_York")
    await say(page, "What time is it?")
    moment = wall(page, "What time is it?").locator("time")
    await expect(moment).to_be_visible()
    written = await moment.get_attribute("datetime")
    assert written
    posted_at = datetime.fromisoformat(written)
    await expect(moment).to_have_text(f"{posted_at:%H:%M}")
    await page.goto("/account")
    await page.get_by_label("Time zone").select_option("Asia/Kathmandu")
    await page.get_by_role("button", name="Save").click()
    await page.goto(f"/rooms/{agency.room_id}")
    await expect(moment).to_have_text(f"{posted_at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}")


async def test_cc45_cc50_an_archived_room_is_read_and_no_longer_written_in(windows: Windows, agency: Agency) -> None:
    path = f"/rooms/{agency.room_id}"
    admin, ana = [await windows.of(person, path) for person in (agency.admin, agency.ana)]
    await say(ana, "The last word")
    await expect(wall(admin, "The last word")).to_have_count(1)
    await choose(admin, "Room menu", "Archive")
    await admin.get_by_role("dialog").get_by_role("button", name="Archive").click()
    for page in (admin, ana):
        await expect(page.get_by_text("This room is archived.")).to_be_visible()
        await expect(composer(page)).to_have_count(0)
        await expect(page.locator("room-header").get_by_role("button", name="Start timer")).to_have_count(0)
    await ana.reload()
    await expect(wall(ana, "The last word")).to_have_count(1)
    await expect(composer(ana)).to_have_count(0)
    await admin.get_by_role("button", name="Restore").click()
    for page in (admin, ana):
        await expect(composer(page)).to_be_visible()
