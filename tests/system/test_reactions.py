"""Reactions in the browser: given and taken back by mouse and keyboard, seen at once by everyone."""

import pytest
from playwright.async_api import expect

from rooms.wall.pages import PAGE
from tests.hub.agencies import Agency
from tests.system.audits import violations
from tests.system.browsers import Windows
from tests.system.moves import wall

pytestmark = pytest.mark.browser
COVERED = """() => [...document.querySelectorAll("room-message")].flatMap((message) => {
    const range = document.createRange();
    const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const words = document.createTreeWalker(message.querySelector(".wall-message-main"), NodeFilter.SHOW_TEXT);
    const lines = [];
    while (words.nextNode()) {
        if (words.currentNode.parentElement.closest("room-menu, .visually-hidden")) continue;
        range.selectNodeContents(words.currentNode);
        lines.push(...range.getClientRects());
    }
    const buttons = [...message.querySelectorAll("room-menu > button")].map((button) => button.getBoundingClientRect());
    return buttons.filter((button) => lines.some((line) => over(button, line))).map(() => message.textContent.trim());
})"""
"""Messages with words that a button lies over."""


async def test_a_reaction_is_seen_by_everyone_and_taken_back(windows: Windows, agency: Agency) -> None:
    await agency.post(agency.ana, "The draft is here")
    room = f"/rooms/{agency.room_id}"
    mihai, client = await windows.of(agency.mihai, room), await windows.of(agency.client, room)
    theirs, message = wall(client, "The draft is here"), wall(mihai, "The draft is here")

    await message.hover()
    await message.get_by_role("button", name="React").click()
    choice = mihai.get_by_role("menu", name="React")
    await expect(choice.get_by_role("menuitemcheckbox").first).to_be_focused()
    assert await violations(mihai) == []
    await mihai.keyboard.press("ArrowDown")
    await mihai.keyboard.press("ArrowUp")
    await mihai.keyboard.press("ArrowRight")
    await mihai.keyboard.press("Home")
    await mihai.keyboard.press("Enter")
    await expect(choice).to_be_hidden()
    await expect(message.get_by_role("button", name="👍 1: You")).to_have_attribute("aria-pressed", "true")

    joined = theirs.get_by_role("button", name="👍 1: Mihai")
    await expect(joined).to_have_text("👍 1")
    await joined.click()
    await expect(theirs.get_by_role("button", name="👍 2: You and Mihai")).to_have_text("👍 2")
    await expect(message.get_by_role("button", name="👍 2: You and Clara")).to_have_text("👍 2")
    assert await violations(client) == []
    await theirs.hover()
    await theirs.get_by_role("button", name="React").click()
    theirs_choice = client.get_by_role("menu", name="React")
    await expect(theirs_choice.locator(".menu-heading")).to_have_text("👍 You and Mihai")
    await expect(theirs_choice.get_by_role("menuitemcheckbox", checked=True)).to_have_text("👍")
    await client.keyboard.press("Escape")
    await message.get_by_role("button", name="👍 2: You and Clara").click()
    await expect(theirs.get_by_role("button", name="👍 1: You")).to_have_text("👍 1")
    await theirs.get_by_role("button", name="👍 1: You").press("Enter")
    await expect(message.get_by_role("button", name="👍")).to_have_count(0)
    await expect(theirs.get_by_role("button", name="React")).to_be_focused()


async def test_in_an_archived_room_reactions_stand_still(windows: Windows, agency: Agency) -> None:
    posted = await agency.post(agency.ana, "The draft is here")
    await agency.run(agency.mihai, "reaction.add", message_id=posted.result["id"], emoji="🎉")
    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)
    message = wall(await windows.of(agency.ana, f"/rooms/{agency.room_id}"), "The draft is here")
    await expect(message.get_by_role("button", name="🎉 1: Mihai")).to_be_disabled()
    await expect(message.get_by_role("button", name="React")).to_have_count(0)


async def test_a_reaction_to_a_message_far_back_leaves_no_hole_on_the_wall(windows: Windows, agency: Agency) -> None:
    first = await agency.post(agency.ana, "The address of the bakery")
    for nr in range(PAGE + 1):
        await agency.post(agency.ana, f"Note {nr}")
    page = await windows.of(agency.client, f"/rooms/{agency.room_id}/wall")
    await expect(wall(page, f"Note {PAGE}")).to_be_visible()
    await agency.run(agency.mihai, "reaction.add", message_id=first.result["id"], emoji="🎉")
    await agency.post(agency.ana, "That was all")
    await expect(wall(page, "That was all")).to_be_visible()
    await expect(wall(page, "The address of the bakery")).to_have_count(0)
    await page.evaluate("id => { location.hash = `message-${id}` }", first.result["id"])
    await expect(wall(page, "The address of the bakery").get_by_role("button", name="🎉 1: Mihai")).to_be_in_viewport()
    await expect(page.locator("room-message")).to_have_count(PAGE + 3)


async def test_an_earlier_message_comes_with_its_reactions_and_they_go_on(windows: Windows, agency: Agency) -> None:
    first = {"message_id": (await agency.post(agency.ana, "The address of the bakery")).result["id"]}
    for emoji in ("🎉", "👍"):
        await agency.run(agency.mihai, "reaction.add", **first, emoji=emoji)
    for nr in range(PAGE):
        await agency.post(agency.ana, f"Note {nr}")
    page = await windows.of(agency.client, f"/rooms/{agency.room_id}/wall")
    await expect(wall(page, f"Note {PAGE - 1}")).to_be_visible()
    await page.evaluate("id => { location.hash = `message-${id}` }", first["message_id"])
    reactions = wall(page, "The address of the bakery").locator(".reaction")
    await expect(reactions).to_have_text(["🎉 1", "👍 1"])
    await agency.run(agency.ana, "reaction.add", **first, emoji="👍")
    await agency.run(agency.mihai, "reaction.remove", **first, emoji="🎉")
    await expect(reactions).to_have_text(["👍 2"])


async def test_a_reaction_given_without_a_connection_waits_and_outlives_a_reload(
    windows: Windows, agency: Agency
) -> None:
    posted = await agency.post(agency.ana, "The draft is here")
    await agency.run(agency.mihai, "reaction.add", message_id=posted.result["id"], emoji="🎉")
    room = f"/rooms/{agency.room_id}"
    mihai, client = await windows.of(agency.mihai, room), await windows.of(agency.client, room)
    theirs, message = wall(client, "The draft is here"), wall(mihai, "The draft is here")
    await expect(message.get_by_role("button", name="🎉 1: You")).to_be_visible()

    await client.context.set_offline(True)
    await expect(client.locator("connection-state")).to_have_text("Offline")
    await theirs.get_by_role("button", name="🎉 1: Mihai").click()
    waiting = theirs.get_by_role("button", name="🎉 2: You and Mihai · Waiting for a connection")
    await expect(waiting).to_have_attribute("aria-pressed", "true")
    assert await violations(client) == []
    await waiting.click()
    await waiting.wait_for(state="hidden")
    await theirs.hover()
    await theirs.get_by_role("button", name="React").click()
    await client.get_by_role("menuitemcheckbox", name="👍").click()
    await expect(theirs.locator(".reaction-waiting")).to_have_text(["🎉 1", "👍 1"])
    await expect(message.locator(".reaction")).to_have_text(["🎉 1"])

    await client.context.set_offline(False)
    await client.reload()
    for shown in (theirs, message):
        await expect(shown.locator(".reaction")).to_have_text(["🎉 1", "👍 1"])
        await expect(shown.locator(".reaction-waiting")).to_have_count(0)


async def test_on_a_phone_no_button_lies_over_a_message_s_words(windows: Windows, agency: Agency) -> None:
    words = "The order form takes test orders now. Try the Saturday of next week, please: it must offer 9:00 to 14:00."
    for body in (words, f"{words} Thanks!"):  # the second stands under the name of the first
        await agency.post(agency.ana, body)
    for fingers in (True, False):
        phone = {"viewport": {"width": 390, "height": 844}, "has_touch": fingers, "is_mobile": fingers}
        for person, buttons in ((agency.ana, 2), (agency.client, 1)):
            page = await windows.of(person, f"/rooms/{agency.room_id}/wall", **phone)
            await expect(wall(page, "Thanks!").locator("room-menu > button")).to_have_count(buttons)
            assert await page.evaluate(COVERED) == []
