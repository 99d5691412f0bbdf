"""Three people stand in one room with three browsers; what one does is on the others' screens at once."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.hub.agencies import Agency
from tests.system.browsers import Windows, heard_by
from tests.system.moves import (
    add_task,
    choose,
    column,
    composer,
    drop_file,
    file_line,
    go_to,
    pill,
    say,
    start_timer,
    strip,
    wall,
)

pytestmark = pytest.mark.browser


@pytest.fixture
async def three(windows: Windows, agency: Agency) -> tuple[Page, Page, Page]:
    """The admin's, Ana's and the client's windows, in the *Website* room."""
    path = f"/rooms/{agency.room_id}"
    pages = [await windows.of(person, path) for person in (agency.admin, agency.ana, agency.client)]
    for page in pages:
        await expect(composer(page)).to_be_visible()
    return pages[0], pages[1], pages[2]


async def test_cc109_cc114_a_message_is_on_every_screen(three: tuple[Page, Page, Page]) -> None:
    admin, ana, client = three
    await say(ana, "The **new homepage** is [up](https://atelier.example)")
    for page in three:
        message = wall(page, "The new homepage is up")
        await expect(message).to_have_count(1)
        await expect(message.locator("strong")).to_have_text("new homepage")
        await expect(message.get_by_role("link", name="up")).to_have_attribute("href", "https://atelier.example")
    await say(client, "Looks good to me")
    for page in three:
        await expect(wall(page, "Looks good to me")).to_have_count(1)
    await say(admin, "Then we go on")
    for page in three:
        await expect(wall(page, "Then we go on")).to_have_count(1)


async def test_words_that_are_edited_or_deleted_change_on_every_screen(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, client = three
    await say(ana, "See you on Mondya")
    await choose(ana, "What to do with this message", "Edit")
    await ana.get_by_label("Edit the message").fill("See you on Monday")
    await ana.keyboard.press("Control+Enter")
    for page in three:
        await expect(wall(page, "See you on Monday")).to_contain_text("edited")
    await choose(ana, "What to do with this message", "Delete for everyone")
    await ana.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for page in three:
        await expect(page.locator("room-message")).to_have_count(0)
    await client.reload()
    await expect(client.get_by_text("No messages yet")).to_be_visible()
    assert "See you" not in await client.content()


async def test_what_is_for_the_team_never_reaches_the_client(three: tuple[Page, Page, Page], agency: Agency) -> None:
    admin, ana, client = three
    frames = heard_by(client)
    await client.reload()
    await expect(composer(client)).to_be_visible()
    await ana.get_by_role("switch", name="Team only").click()
    await composer(ana).press_sequentially("They have not paid")
    await composer(ana).press("Enter")
    await expect(wall(admin, "They have not paid")).to_contain_class("team-ground")
    await ana.get_by_role("switch", name="Team only").click()
    await say(ana, "Good morning")
    await expect(wall(client, "Good morning")).to_have_count(1)
    assert any("Good morning" in frame for frame in frames)
    assert not any("not paid" in frame for frame in frames)
    assert "not paid" not in await client.content()
    for tab in ("wall", "timeline"):
        await client.goto(f"/rooms/{agency.room_id}/{tab}")
        await expect(wall(client, "Good morning")).to_have_count(1)
        assert "not paid" not in await client.content()


async def test_who_writes_is_seen_writing(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, client = three
    await composer(client).press_sequentially("I wonder")
    await expect(ana.get_by_text("Clara is typing…")).to_be_visible()
    await composer(client).press("Enter")
    await expect(wall(ana, "I wonder")).to_have_count(1)
    await expect(ana.get_by_text("Clara is typing…")).to_be_hidden()


async def test_what_is_written_to_the_team_is_not_announced_to_the_client(
    three: tuple[Page, Page, Page], agency: Agency
) -> None:
    admin, ana, client = three
    frames = heard_by(client)
    await client.reload()
    await expect(composer(client)).to_be_visible()
    await ana.get_by_role("switch", name="Team only").click()
    await composer(ana).press_sequentially("About the price")
    await composer(ana).press("Enter")
    await expect(wall(admin, "About the price")).to_have_count(1)
    await say(admin, "Good morning")
    await expect(wall(client, "Good morning")).to_have_count(1)
    assert not any("signal.sent" in frame and str(agency.ana.id) in frame for frame in frames)


async def test_a_dot_says_who_is_here(three: tuple[Page, Page, Page]) -> None:
    admin, _ana, client = three
    here = admin.locator("room-header .presence[data-state=online]")
    await expect(here).to_have_count(3)
    await client.close()
    await expect(here).to_have_count(2)


async def test_cc78_cc95_cc96_a_timer_ticks_on_every_screen_until_it_is_stopped(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, _client = three
    await start_timer(ana)
    await expect(pill(ana)).to_contain_text("Website")
    for page in three:
        await expect(strip(page)).to_contain_text("Ana")
        clock = strip(page).locator("ticking-clock")
        shown = await clock.inner_text()
        await expect(clock).not_to_have_text(shown)
    await pill(ana).get_by_role("button", name="Stop the timer").click()
    await expect(pill(ana)).to_have_count(0)
    for page in three:
        await expect(strip(page).locator("ticking-clock")).to_have_count(0)


async def test_cc83_cc112_a_task_is_created_moved_and_completed_on_every_screen(three: tuple[Page, Page, Page]) -> None:
    admin, ana, _client = three
    for page in three:
        await go_to(page, "Tasks")
    await add_task(ana, "Order form")
    for page in three:
        await expect(column(page, "To do")).to_contain_text("Order form")
    await choose(admin, "What to do with Order form", "In progress")
    for page in three:
        await expect(column(page, "In progress")).to_contain_text("Order form")
        await expect(column(page, "To do")).not_to_contain_text("Order form")
    await choose(ana, "What to do with Order form", "Complete")
    for page in three:
        await expect(column(page, "Done")).to_contain_text("Order form")
        await expect(page.get_by_role("log")).to_contain_text("Order form is done")


async def test_a_long_description_is_fetched_when_its_task_is_opened(
    three: tuple[Page, Page, Page], agency: Agency
) -> None:
    _admin, ana, client = three
    for title, letters in (("Short", 100), ("Long", 19_000), ("Longest", 19_900)):
        words = f"{'ș' * letters} **the end**"
        await agency.run(agency.ana, "task.create", room_id=agency.room_id, title=title, description=words)
    for page in (ana, client):
        await page.reload()
        await page.route("**/api/v1/rooms/*/tasks/*", lambda route: route.abort())
        await go_to(page, "Tasks")
        await page.get_by_role("button", name="Short", exact=True).click()
        await page.get_by_role("dialog", name="Short").get_by_role("button", name="Close").click()
        await page.get_by_role("button", name="Longest", exact=True).click()
        await expect(page.get_by_text("The description couldn't be loaded.")).to_be_visible()
    seen = client.get_by_role("dialog")
    await client.unroute("**/api/v1/rooms/*/tasks/*")
    await seen.get_by_role("button", name="Try again").click()
    await expect(seen.locator("strong")).to_have_text("the end")
    await expect(seen.locator(".description")).to_be_focused()

    sheet = ana.get_by_role("dialog")
    await sheet.get_by_label("Title").fill("Longest of all")  # what couldn't be read is left as it is
    await sheet.get_by_role("button", name="Save").click()
    await expect(seen.get_by_role("heading")).to_have_text("Longest of all")
    await expect(seen.locator("strong")).to_have_text("the end")
    await ana.get_by_role("button", name="Longest of all", exact=True).click()
    await expect(sheet.get_by_label("Description")).to_have_value(re.compile(r"ș{19900} \*\*the end\*\*"))
    await sheet.get_by_label("Description").fill("Now **short**")
    await sheet.get_by_role("button", name="Save").click()
    await expect(seen.locator("strong")).to_have_text("short")


async def test_what_two_write_of_one_task_is_neither_lost_unseen_nor_thrown_away(
    three: tuple[Page, Page, Page], agency: Agency
) -> None:
    admin, ana, _client = three
    await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Menu", description="First")
    sheets = [page.get_by_role("dialog", name="Menu") for page in (admin, ana)]
    for page in (admin, ana):
        await go_to(page, "Tasks")
        await page.get_by_role("button", name="Menu", exact=True).click()
    theirs, own = (sheet.get_by_label("Description") for sheet in sheets)
    await own.fill("Mine")
    await ana.keyboard.press("Escape")
    await ana.get_by_role("dialog", name="Discard what you wrote?").get_by_role("button", name="Cancel").click()
    await expect(own).to_have_value("Mine")
    await theirs.fill("Theirs")
    await sheets[0].get_by_role("button", name="Save").click()
    await expect(sheets[1].get_by_text("Someone has changed this in the meantime.")).to_be_visible()
    await expect(own).to_have_value("Mine")
    await sheets[1].get_by_role("button", name="Show their version").click()
    await expect(own).to_have_value("Theirs")
    await expect(sheets[1].get_by_text("Someone has changed this in the meantime.")).to_have_count(0)
    await ana.keyboard.press("Escape")
    await expect(sheets[1]).to_have_count(0)


async def test_cc110_a_file_that_is_dropped_is_on_every_screen(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, client = three
    for page in three:
        await go_to(page, "Files")
    await drop_file(client, "room-files", "plan.txt", "First the homepage, then the shop.")
    for page in three:
        await expect(file_line(page, "plan.txt")).to_be_visible()
    await drop_file(ana, "room-files", "costs.txt", "What it costs us.")
    await expect(file_line(ana, "costs.txt")).to_contain_text("Team only")  # until someone shares it
    await drop_file(ana, "room-wall", "draft.txt", "Good morning!")
    await expect(ana.get_by_text("Only the team sees this")).to_be_visible()
    await ana.get_by_role("switch", name="Team only").click()
    await say(ana, "Here is a draft")
    for page in three:
        await expect(wall(page, "Here is a draft").get_by_role("link", name="draft.txt")).to_be_visible()
    await expect(file_line(client, "costs.txt")).to_have_count(0)


async def test_a_file_makes_a_message_the_team_s_and_not_the_next(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, client = three
    await drop_file(ana, "room-wall", "costs.txt", "What it costs us.")
    await expect(ana.get_by_text("Only the team sees this")).to_be_visible()
    await ana.get_by_role("button", name="Leave costs.txt out").click()
    await expect(ana.get_by_text("Everyone here sees this")).to_be_visible()
    await drop_file(ana, "room-wall", "costs.txt", "What it costs us.")
    await say(ana, "What it costs us")
    await expect(wall(ana, "What it costs us").get_by_role("link", name="costs.txt")).to_be_visible()
    await expect(ana.get_by_text("Everyone here sees this")).to_be_visible()
    await ana.reload()
    await say(ana, "Good morning, all")
    await expect(wall(client, "Good morning, all")).to_be_visible()
    await expect(wall(client, "What it costs us")).to_have_count(0)


async def test_cc22_another_business_is_told_that_there_is_no_such_room(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.outsider, f"/rooms/{agency.room_id}")
    there = await page.locator("main").inner_text()
    await page.goto(f"/rooms/{agency.outsider.id}")
    assert await page.locator("main").inner_text() == there
    await expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
