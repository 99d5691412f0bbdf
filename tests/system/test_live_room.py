"""Three people stand in one room with three browsers; what one does is on the others' screens at once."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.hub.agencies import Agency
from tests.system.browsers import Windows

pytestmark = pytest.mark.browser


async def say(page: Page, body: str) -> None:
    field = page.get_by_label("Message", exact=True)
    await field.fill(body)
    await field.press("Enter")


def wall(page: Page, body: str) -> Locator:
    return page.locator("room-message", has_text=body)


@pytest.fixture
async def three(windows: Windows, agency: Agency) -> tuple[Page, Page, Page]:
    """The admin's, Ana's and the client's windows, in the *Website* room."""
    path = f"/rooms/{agency.room_id}"
    pages = [await windows.of(person, path) for person in (agency.admin, agency.ana, agency.client)]
    for page in pages:
        await expect(page.get_by_label("Message", exact=True)).to_be_visible()
    return pages[0], pages[1], pages[2]


async def test_a_message_is_on_every_screen(three: tuple[Page, Page, Page]) -> None:
    admin, ana, client = three
    await say(ana, "The new homepage is up")
    for page in three:
        await expect(wall(page, "The new homepage is up")).to_have_count(1)
    await say(client, "Looks good to me")
    for page in three:
        await expect(wall(page, "Looks good to me")).to_have_count(1)
    await say(admin, "Then we go on")
    for page in three:
        await expect(wall(page, "Then we go on")).to_have_count(1)


async def test_what_is_for_the_team_never_reaches_the_client(three: tuple[Page, Page, Page]) -> None:
    admin, ana, client = three
    await ana.get_by_role("switch", name="Team only").click()
    await say(ana, "They have not paid")
    await expect(wall(admin, "They have not paid")).to_have_count(1)
    await ana.get_by_role("switch", name="Team only").click()
    await say(ana, "Good morning")
    await expect(wall(client, "Good morning")).to_have_count(1)
    assert "not paid" not in await client.content()
    await client.reload()
    await expect(wall(client, "Good morning")).to_have_count(1)
    assert "not paid" not in await client.content()


async def test_a_timer_ticks_on_every_screen_until_it_is_stopped(three: tuple[Page, Page, Page]) -> None:
    _admin, ana, _client = three
    await ana.get_by_role("button", name="Start timer").click()
    await ana.get_by_role("menuitem", name="The room in general").click()
    for page in three:
        strip = page.locator("room-now")
        await expect(strip).to_contain_text("Ana")
        clock = strip.locator("ticking-clock")
        shown = await clock.inner_text()
        await expect(clock).not_to_have_text(shown)
    await ana.locator("room-timer").get_by_role("button", name="Stop").click()
    for page in three:
        await expect(page.locator("room-now ticking-clock")).to_have_count(0)


async def test_a_task_that_is_done_is_done_everywhere(three: tuple[Page, Page, Page], agency: Agency) -> None:
    for page in three:
        await page.locator("room-tabs").get_by_role("link", name="Tasks").click()
        await page.get_by_role("button", name="List", exact=True).click()
    await agency.run(agency.admin, "task.create", room_id=agency.room_id, title="Order form")
    _admin, ana, _client = three
    for page in three:
        await expect(page.get_by_role("checkbox", name="Order form is done")).not_to_be_checked()
    await ana.get_by_role("checkbox", name="Order form is done").click()
    for page in three:
        await expect(page.get_by_role("checkbox", name="Order form is done")).to_have_count(0)
        await expect(page.get_by_role("log")).to_contain_text("Order form is done")


async def test_a_file_that_is_dropped_is_on_every_screen(three: tuple[Page, Page, Page], tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_text("First the homepage, then the shop.")
    _admin, ana, _client = three
    await ana.locator("room-composer input[type=file]").set_input_files(plan)
    await say(ana, "Here is the plan")
    for page in three:
        await expect(wall(page, "Here is the plan")).to_contain_text("plan.txt")


async def test_a_lost_connection_heals_with_what_was_missed_and_keeps_what_was_typed(
    three: tuple[Page, Page, Page],
) -> None:
    _admin, ana, client = three
    await client.get_by_label("Message", exact=True).fill("Half a sent")
    await client.context.set_offline(True)
    await expect(client.locator("connection-state")).to_contain_text("Offline", timeout=60_000)
    await say(ana, "While you were away")
    await expect(wall(ana, "While you were away")).to_have_count(1)
    await client.context.set_offline(False)
    await expect(wall(client, "While you were away")).to_have_count(1)
    await expect(client.locator("connection-state")).to_be_empty()
    await expect(client.get_by_label("Message", exact=True)).to_have_value("Half a sent")


async def test_another_business_is_told_that_there_is_no_such_room(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.outsider, f"/rooms/{agency.room_id}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Website" not in await page.content()
