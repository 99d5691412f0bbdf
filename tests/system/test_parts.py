"""Parts of a room that are opened late: they are there at once, whole, and live from then on."""

import pytest
from playwright.async_api import expect

from rooms.announcements import GLANCED
from tests.hub.agencies import Agency
from tests.system.browsers import Windows
from tests.system.moves import composer, go_to, strip

pytestmark = pytest.mark.browser

MANY = GLANCED + 5


@pytest.fixture
async def full(agency: Agency) -> Agency:
    """The agency with more open tasks in its *Website* room than a glance takes in; none is Ana's."""
    for nr in range(MANY):
        fields = {"title": f"Page {nr}", "due_on": f"2027-{1 + nr // 28:02}-{1 + nr % 28:02}"}
        await agency.run(agency.mihai, "task.create", room_id=agency.room_id, **fields)
    return agency


async def test_a_part_that_is_opened_late_is_whole_and_lives(full: Agency, windows: Windows) -> None:
    page = await windows.of(full.ana, f"/rooms/{full.room_id}/files")
    await expect(composer(page)).to_be_visible()
    tab = page.locator("room-tabs").get_by_role("link", name="Tasks")
    await expect(tab).to_contain_text(f"{MANY}")
    before = await full.run(full.mihai, "task.create", room_id=full.room_id, title="Told before")
    await expect(tab).to_contain_text(f"{MANY + 1}")
    await go_to(page, "Tasks")
    cards = page.locator("room-board .task-card")
    await expect(cards).to_have_count(MANY + 1)
    await expect(cards.filter(has_text="Told before")).to_be_visible()
    await full.run(full.mihai, "task.create", room_id=full.room_id, title="Told after")
    await expect(cards.filter(has_text="Told after")).to_have_count(1)
    await full.run(full.mihai, "task.remove", task_id=before.result["id"])
    await expect(cards).to_have_count(MANY + 1)
    await expect(tab).to_contain_text(f"{MANY + 1}")


async def test_counts_and_clocks_live_though_their_tasks_are_not_here(full: Agency, windows: Windows) -> None:
    page = await windows.of(full.ana, f"/rooms/{full.room_id}/files")
    await expect(composer(page)).to_be_visible()
    last = await full.run(full.mihai, "task.create", room_id=full.room_id, title="Imprint", due_on="2028-01-01")
    await page.reload()
    await expect(composer(page)).to_be_visible()
    await full.run(full.mihai, "timer.start", room_id=full.room_id, task_id=last.result["id"])
    await expect(strip(page)).to_contain_text("Imprint")
    tab = page.locator("room-tabs").get_by_role("link", name="Tasks")
    await expect(tab).to_contain_text(f"{MANY + 1}")
    await full.run(full.mihai, "task.complete", task_id=last.result["id"])
    await expect(tab).to_contain_text(f"{MANY}")


async def test_the_overview_shows_all_open_tasks_in_its_counts(full: Agency, windows: Windows) -> None:
    page = await windows.of(full.ana, f"/rooms/{full.room_id}/overview")
    await expect(page.locator("room-overview .board-count")).to_have_text(f"{MANY}")


async def test_a_room_s_page_is_no_longer_than_its_window(agency: Agency, windows: Windows) -> None:
    for nr in range(6):
        fields = {"title": f"Page {nr}", "assignee_id": str(agency.ana.id)}
        await agency.run(agency.mihai, "task.create", room_id=agency.room_id, **fields)
    room = f"/rooms/{agency.room_id}/overview"
    page = await windows.of(agency.ana, room, viewport={"width": 1200, "height": 500})
    await expect(page.locator("room-overview room-task-list li")).to_have_count(6)
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
