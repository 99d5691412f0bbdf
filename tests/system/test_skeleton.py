"""What stands in a room's place until its script runs: its shape, of which nothing moves when it is drawn."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from tests.hub.agencies import Agency
from tests.patience import promised
from tests.system.browsers import Windows
from tests.system.moves import composer, say, wall

pytestmark = pytest.mark.browser
FRAME = ".room-head, .live-strip, .room-body, .room-pane, .room-aside"
DRAWN_WITHIN_SECONDS = 0.1
SECONDS_TO_DRAW = """() => {
  const [drawn] = performance.getEntriesByName("room-drawn");
  const script = performance.getEntriesByType("resource").find(({ name }) => /\\/static\\/room-\\w+\\.js$/.test(name));
  return (drawn.startTime - script.responseEnd) / 1000;
}"""
NEAR = 2
PLACES = "all => all.map(one => one.getBoundingClientRect().toJSON())"
ALL_THERE = "() => [...document.querySelectorAll('.wall-picture img')].every(one => one.complete && one.naturalWidth)"


async def frame(page: Page) -> list[dict[str, float]]:
    boxes: list[dict[str, float]] = await page.locator(FRAME).evaluate_all(
        "found => found.map(one => one.getBoundingClientRect()).map(({x, y, width}) => ({x, y, width}))"
    )
    return boxes


@pytest.mark.parametrize("tab", ["overview", "tasks"])
@pytest.mark.parametrize("width", [390, 1440])
async def test_nothing_moves_when_the_room_is_drawn(windows: Windows, agency: Agency, width: int, tab: str) -> None:
    page = await windows.of(agency.ana, "/offline", service_workers="block", viewport={"width": width, "height": 900})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/static/room-*.js", hold)
    await page.goto(f"/rooms/{agency.room_id}/{tab}", wait_until="commit")
    await expect(page.locator(".room-wait").first).to_be_attached()
    waiting = await frame(page)
    assert await page.get_by_text("Website").count() == 0
    for route in held:
        await route.continue_()
    await expect(page.locator("room-header")).to_be_visible()
    drawn = await frame(page)
    assert len(drawn) == len(waiting)
    for one, other in zip(waiting, drawn, strict=True):
        assert all(abs(one[side] - other[side]) <= NEAR for side in one), (waiting, drawn)


async def test_a_room_is_drawn_soon_after_its_script_is_there(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(composer(page)).to_be_visible()
    await page.reload()
    await expect(composer(page)).to_be_visible()
    assert await page.evaluate(SECONDS_TO_DRAW) <= promised(DRAWN_WITHIN_SECONDS)


@pytest.mark.parametrize("width", [390, 1440])
async def test_nothing_moves_when_pictures_come(windows: Windows, agency: Agency, tmp_path: Path, width: int) -> None:
    sizes = ((1600, 900), (300, 1500), (48, 32))
    pictures = [tmp_path / f"{nr}.png" for nr in range(len(sizes))]
    for picture, size in zip(pictures, sizes, strict=True):
        Image.new("RGB", size, "navy").save(picture)
    page = await windows.of(agency.ana, f"/rooms/{agency.room_id}/wall", viewport={"width": width, "height": 900})
    await page.locator("room-composer input[type=file]").set_input_files(pictures)
    await say(page, "Three drafts")
    shown = wall(page, "Three drafts").locator(".wall-picture img")
    await expect(shown).to_have_count(len(sizes))

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await page.route("**/files/*/preview", hold)
    await page.reload()
    await expect(shown).to_have_count(len(sizes))
    waiting = await shown.evaluate_all(PLACES)
    for route in held:
        await route.continue_()
    await page.unroute("**/files/*/preview")
    await page.wait_for_function(ALL_THERE)
    assert await shown.evaluate_all(PLACES) == waiting
    assert min(place["height"] for place in waiting) > min(height for _, height in sizes)
