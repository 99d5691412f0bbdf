"""What is done twice by a nervous hand is done once, and two windows of one person agree."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.hub.agencies import Agency, Person
from tests.system.browsers import Windows
from tests.system.moves import composer, pill, start_timer, strip, wall
from tests.web.houses import House

pytestmark = pytest.mark.browser


async def snapshot(page: Page, room_id: str) -> dict[str, Any]:
    answer = await page.request.get(f"/api/v1/rooms/{room_id}")
    found: dict[str, Any] = await answer.json()
    return found


async def test_a_message_sent_twice_at_once_is_posted_once(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await composer(page).fill("Only once")
    await page.get_by_role("button", name="Send").dblclick()
    await expect(wall(page, "Only once")).to_have_count(1)
    await composer(page).fill("And once more")
    await composer(page).press("Enter")
    await composer(page).press("Enter")
    await expect(wall(page, "And once more")).to_have_count(1)
    await page.reload()
    await expect(page.locator("room-message")).to_have_count(2)


async def test_a_timer_started_twice_at_once_runs_once(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await page.locator("room-header").get_by_role("button", name="Start timer").click()
    await page.get_by_role("menuitem", name="The room in general").dblclick()
    await expect(pill(page)).to_contain_text("Website")
    found = await snapshot(page, agency.room_id)
    assert [entry["stopped_at"] for entry in found["entries"]] == [None]


async def test_a_form_sent_twice_at_once_starts_one_clock(house: House, windows: Windows) -> None:
    agency, scene = house.scene.agency, house.scene
    await agency.run(agency.ana, "task.change", task_id=scene.task, assignee_id=str(agency.ana.id))
    page = await windows.of(agency.ana, "/")
    await page.get_by_role("button", name="Start the timer on Homepage copy").dblclick()
    await expect(page.get_by_role("region", name="You are working on")).to_contain_text("Homepage copy")
    found = await snapshot(page, house.room)
    assert [entry["stopped_at"] for entry in found["entries"]] == [None]


async def test_two_windows_of_one_person_show_one_clock(windows: Windows, agency: Agency) -> None:
    room = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    home = await windows.beside(await room.context.new_page(), "/")
    await expect(home.get_by_text("No timer is running.")).to_be_visible()
    await start_timer(room)
    for page in (room, home):
        await expect(pill(page)).to_contain_text("Website")
    await expect(home.get_by_role("region", name="You are working on")).to_contain_text("Website")
    clocks = [await pill(page).locator("ticking-clock").inner_text() for page in (room, home)]
    assert abs(_seconds(clocks[0]) - _seconds(clocks[1])) <= 1
    await pill(home).get_by_role("button", name="Stop the timer").click()
    for page in (room, home):
        await expect(pill(page)).to_have_count(0)
    await expect(strip(room).locator("ticking-clock")).to_have_count(0)


def _seconds(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + seconds


async def sign_in_beside(page: Page, person: Person, url: str) -> None:
    """Have somebody sign in in another window of the same browser."""
    await page.context.clear_cookies()
    await page.context.add_cookies([{"name": "hub_session", "value": person.token, "url": url}])


async def test_what_waits_in_a_window_is_not_done_by_who_signs_in_beside_it(windows: Windows, agency: Agency) -> None:
    posted = await agency.post(agency.mihai, "The draft is here")
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(wall(page, "The draft is here")).to_be_visible()
    await page.context.set_offline(True)
    await composer(page).fill("Ana's own words")
    await composer(page).press("Enter")
    await expect(page.locator("room-unsent")).to_have_count(1)
    await sign_in_beside(page, agency.mihai, windows.url)
    async with page.expect_navigation(url="**/rooms/**"):  # by signing in, where Mihai is known
        await page.context.set_offline(False)
    await expect(wall(page, "The draft is here")).to_be_visible()
    await expect(page.locator("room-unsent")).to_have_count(0)
    found = await snapshot(page, agency.room_id)
    assert [message["id"] for message in found["messages"]] == [posted.result["id"]]
    await sign_in_beside(page, agency.ana, windows.url)
    await page.goto(f"/rooms/{agency.room_id}")
    await expect(wall(page, "Ana's own words")).to_be_visible()
    found = await snapshot(page, agency.room_id)
    assert [message["author_id"] for message in found["messages"]] == [str(agency.mihai.id), str(agency.ana.id)]
