"""Pins in the browser: put up and taken down by mouse and keyboard, seen at once by everyone who sees the message."""

import pytest
from playwright.async_api import Locator, Page, expect

from rooms.wall.pages import PAGE
from tests.hub.agencies import Agency
from tests.system.audits import violations
from tests.system.browsers import Windows
from tests.system.moves import go_to, wall

pytestmark = pytest.mark.browser


def pins(page: Page) -> Locator:
    """The lines at the top of the wall."""
    return page.get_by_role("list", name="Pinned messages").get_by_role("button")


async def choose_on(message: Locator, line: str) -> None:
    await message.hover()
    await message.get_by_role("button", name="What to do with this message").click()
    await message.get_by_role("menuitem", name=line, exact=True).click()


async def test_a_pin_is_seen_by_everyone_and_goes_with_its_message(windows: Windows, agency: Agency) -> None:
    room = f"/rooms/{agency.room_id}"
    posted = await agency.post(agency.ana, "The **draft** is here")
    await agency.post(agency.ana, "Not a word to Clara", audience="team")
    mihai, client = await windows.of(agency.mihai, room), await windows.of(agency.client, room)
    message, theirs = wall(mihai, "The draft is here"), wall(client, "The draft is here")
    await expect(theirs).to_be_visible()
    await expect(theirs.get_by_role("button", name="What to do with this message")).to_have_count(0)

    await choose_on(message, "Pin")
    await expect(message).to_contain_text("Pinned by Mihai")
    await expect(theirs).to_contain_text("Pinned by Mihai")
    await expect(pins(client)).to_have_text(["Ana The draft is here"])
    await choose_on(wall(mihai, "Not a word to Clara"), "Pin")
    await expect(pins(mihai)).to_have_text(["Ana Not a word to Clara Team only", "Ana The draft is here"])
    assert await violations(mihai) == []
    assert await violations(client) == []

    await agency.run(agency.ana, "message.edit", message_id=posted.result["id"], body="The final text is here")
    await expect(pins(client)).to_have_text(["Ana The final text is here"])
    await go_to(mihai, "Timeline")
    await expect(mihai.locator("room-timeline").get_by_text("Mihai pinned a message")).to_have_count(2)
    await go_to(client, "Timeline")
    await expect(client.locator("room-timeline").get_by_text("Mihai pinned a message")).to_have_count(1)
    await choose_on(wall(mihai, "Not a word to Clara"), "Unpin")
    await agency.run(agency.ana, "message.delete", message_id=posted.result["id"])
    for page in (mihai, client):
        await expect(pins(page)).to_have_count(0)


async def test_a_pin_leads_to_a_message_that_is_far_back(windows: Windows, agency: Agency) -> None:
    first = await agency.post(agency.ana, "The address of the bakery")
    for nr in range(PAGE + 1):
        last = await agency.post(agency.ana, f"Note {nr}")
    for message in (first, last):
        await agency.run(agency.mihai, "pin.add", message_id=message.result["id"])
    page = await windows.of(agency.client, f"/rooms/{agency.room_id}/wall", viewport={"width": 390, "height": 844})
    await expect(pins(page)).to_have_text([f"Ana Note {PAGE}", "Ana The address of the bakery"])
    await expect(wall(page, "The address of the bakery")).to_have_count(0)
    await pins(page).first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(pins(page).last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(wall(page, "The address of the bakery")).to_be_in_viewport()
    assert await violations(page) == []
