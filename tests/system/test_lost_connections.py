"""A lost connection: said quietly, nothing typed is lost, and the page heals by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from hub.settings import Settings
from processes.stages import processes
from tests.hub.agencies import Agency
from tests.hubs import HubProcess
from tests.system.browsers import Windows
from tests.system.moves import column, composer, go_to, say, strip, wall

pytestmark = pytest.mark.browser


@pytest.fixture
async def hub_process(settings: Settings, tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A hub that can be killed, on engines that stay."""
    assert settings.database_url
    assert settings.redis_url
    urls = {"HUB_DATABASE_URL": settings.database_url, "HUB_REDIS_URL": settings.redis_url}
    async with HubProcess(tmp_path / "data", **urls) as hub:
        yield hub


@pytest.fixture
async def process_windows(browser: Browser, hub_process: HubProcess) -> AsyncIterator[Windows]:
    windows = Windows(browser, hub_process.url)
    yield windows
    await windows.close()
    assert not windows.faults


async def test_a_killed_hub_loses_nothing_and_the_page_heals_without_a_reload(
    hub_process: HubProcess, process_windows: Windows, agency: Agency
) -> None:
    path = f"/rooms/{agency.room_id}/tasks"
    ana, client = [await process_windows.of(person, path) for person in (agency.ana, agency.client)]
    for page in (ana, client):
        await expect(composer(page)).to_be_visible()
        await page.evaluate("() => { window.unbroken = true }")
    await say(ana, "Before")
    await expect(wall(client, "Before")).to_have_count(1)

    hub_process.kill()
    await composer(client).fill("Half a sent")
    await say(ana, "While it was away")
    await expect(ana.get_by_text("Waiting for a connection")).to_be_visible()
    for page in (ana, client):
        await expect(page.locator("connection-state")).to_have_text("Connecting…")
    await rename_the_first_stage_of_tasks(agency, "Looked at")
    hub_process.start()
    await hub_process.wait_until_ready()

    await expect(wall(client, "While it was away")).to_have_count(1)
    await agency.run(agency.admin, "task.create", room_id=agency.room_id, title="Order form")
    for page in (ana, client):
        await expect(page.locator("connection-state")).to_be_empty()
        await expect(page.locator("room-board")).to_contain_text("Order form")
        await expect(column(page, "Looked at")).to_be_visible()
        await expect(page.locator(".wall-message", has_text="While it was away")).to_have_count(1)
        assert await page.evaluate("window.unbroken")
    await expect(composer(client)).to_have_value("Half a sent")
    fresh = await process_windows.of(agency.client, path)
    await expect(composer(fresh)).to_be_visible()
    assert await _what_is_shown(client) == await _what_is_shown(fresh)


async def rename_the_first_stage_of_tasks(agency: Agency, name: str) -> None:
    async with agency.commands.database.reading() as tx:
        process = (await processes(tx, agency.admin.actor))[0]
    await agency.run(agency.admin, "stage.change", stage_id=str(process.task_stages[0].id), name=name)


async def test_who_was_offline_gets_what_was_missed_and_sends_what_was_written(
    windows: Windows, agency: Agency
) -> None:
    path = f"/rooms/{agency.room_id}"
    ana, client = [await windows.of(person, path) for person in (agency.ana, agency.client)]
    for page in (ana, client):
        await expect(composer(page)).to_be_visible()
    await client.context.set_offline(True)
    await expect(client.locator("connection-state")).to_have_text("Offline")
    await say(client, "Sent from a tunnel")
    await expect(client.get_by_text("Waiting for a connection")).to_be_visible()
    await say(ana, "While you were away")
    await composer(client).fill("Half a sent")

    await client.context.set_offline(False)
    await expect(wall(client, "While you were away")).to_have_count(1)
    for page in (ana, client):
        await expect(page.locator(".wall-message", has_text="Sent from a tunnel")).to_have_count(1)
    await expect(client.get_by_text("Waiting for a connection")).to_be_hidden()
    await expect(client.locator("connection-state")).to_be_empty()
    await expect(composer(client)).to_have_value("Half a sent")


async def test_what_was_typed_outlives_a_reload(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.client, f"/rooms/{agency.room_id}")
    await composer(page).fill("Half a sent")
    await page.reload()
    await expect(composer(page)).to_have_value("Half a sent")


async def test_a_page_asked_for_without_a_connection_says_so_in_our_words(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.ana, "/")
    await page.evaluate("() => navigator.serviceWorker.ready")
    await page.reload()
    await page.context.set_offline(True)
    await page.goto("/rooms")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Atrium" in await page.title()


async def _what_is_shown(page: Page) -> list[str]:
    """The room without what ticks, and without what only this visit knows."""
    shown = [
        await page.locator("room-header").inner_text(),
        await page.locator("room-tabs").inner_text(),
        await page.locator("room-board").inner_text(),
        await strip(page).locator(".live-people").inner_text(),
        *await page.locator("room-message").all_inner_texts(),
    ]
    await go_to(page, "Timeline")
    await expect(page.locator("room-timeline .timeline-line").first).to_be_visible()
    return [*shown, *await page.locator("room-timeline .timeline-words").all_inner_texts()]
