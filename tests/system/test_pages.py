"""Every page for each kind of person: on a phone, a tablet and a wide screen, light and dark, in three languages."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import ConsoleMessage, Page, expect

from hub.parts import TABS
from tests.system.audits import faults, untranslated
from tests.system.browsers import Windows
from tests.web.houses import House

pytestmark = pytest.mark.browser

WIDTHS = (390, 1024, 1600)
THEIR_OWN = {"Homepage copy"}  # a task's title; the sign-in page says it too, as an example
ROOM = tuple(f"/rooms/{{room}}/{tab.name}" for tab in TABS.all)
PAGES = {
    "nobody": ("/sign-in", "/offline"),
    "root": ("/", "/account", "/nothing"),
    "admin": ("/", "/rooms", "/rooms/new", "/people", "/account", *ROOM),
    "ana": ("/", "/rooms", "/account", *ROOM),
    "client": ("/", "/rooms", "/account", "/nothing", *ROOM),
}

OTHERS = {
    "nobody": ("/reset", "/reset/no-such-link", "/sign-in/with"),
    "root": ("/installation/mail", "/installation/security", "/installation/vocabulary", "/journal", "/help/group"),
    "admin": (
        *("/people/new", "/people/{mihai}", "/people/{mihai}/lock", "/people/{mihai}/promote", "/people/{mihai}/card"),
        *("/leave", "/departments", "/settings/security", "/settings/leave", "/settings/rights", "/settings/roles"),
        *("/settings/services", "/journal"),
    ),
    "ana": ("/companies", "/departments", "/leave", "/account/security", "/account/tokens", "/help"),
    "client": ("/account/security", "/account/tokens", "/help/rooms"),
}
"""What is looked at on a phone alone."""
OF_ENGLISH = ("/installation/vocabulary",)  # where each text stands beside its translation


@pytest.fixture
async def busy(house: House) -> House:
    """A house in which a clock runs, a task is late, another is done, and a room is archived."""
    agency, scene = house.scene.agency, house.scene
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    late = {"due_on": str(yesterday), "assignee_id": str(agency.ana.id)}
    await agency.run(agency.ana, "task.change", task_id=scene.task, **late)
    done = await agency.run(agency.ana, "task.create", room_id=house.room, title="Sitemap")
    await agency.run(agency.ana, "task.complete", task_id=done.result["id"])
    await agency.post(agency.client, "Could the *logo* be [larger](https://example.org)?")
    await agency.run(agency.ana, "timer.start", room_id=house.room, task_id=scene.task)
    await agency.run(agency.mihai, "timer.start", room_id=house.room)
    await agency.run(agency.admin, "room.archive", room_id=scene.spare_room)
    return house


@pytest.mark.parametrize("who", PAGES)
async def test_pages_are_clean_at_each_width_in_light_and_dark(busy: House, windows: Windows, who: str) -> None:
    found: list[str] = []
    person = None if who == "nobody" else busy.person(who)

    async def look(paths: list[str]) -> None:
        page = await windows.of(person, "/offline", reduced_motion="reduce")
        page.on("console", _noted(found))
        for path in paths:
            await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            await page.emulate_media(color_scheme="light")
            await page.goto(path)
            await _settled(page)
            found.extend(f"{path} {fault}" for fault in await faults(page, *WIDTHS))

    paths = addressed(PAGES[who], busy)
    await asyncio.gather(look(paths[::2]), look(paths[1::2]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", OTHERS)
async def test_the_other_pages_are_clean_on_a_phone(busy: House, windows: Windows, who: str) -> None:
    person = None if who == "nobody" else busy.person(who)
    found: list[str] = []

    async def look(paths: list[str]) -> None:
        page = await windows.of(person, "/offline", reduced_motion="reduce", viewport={"width": 390, "height": 844})
        for path in paths:
            await page.goto(path)
            await _settled(page)
            found.extend(f"{path} {fault}" for fault in await faults(page, 390))

    paths = addressed(OTHERS[who], busy)
    await asyncio.gather(look(paths[::2]), look(paths[1::2]))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["ro", "uk"])
@pytest.mark.parametrize("who", PAGES)
async def test_pages_say_nothing_in_english_to_who_reads_another_language(
    busy: House, windows: Windows, who: str, language: str
) -> None:
    person = None if who == "nobody" else busy.person(who)
    if person:
        await busy.scene.agency.run(person, "account.change", language=language)
    locale = {"ro": "ro-RO", "uk": "uk-UA"}[language]
    found: list[str] = []

    async def read(paths: list[str]) -> None:
        page = await windows.of(person, "/offline", locale=locale)
        for path in paths:
            await page.goto(path)
            await _settled(page)
            found.extend(f"{path}: {text}" for text in await untranslated(page, language) if text not in THEIR_OWN)

    paths = [path for path in addressed((*PAGES[who], *OTHERS[who]), busy) if path not in OF_ENGLISH]
    await asyncio.gather(*(read(paths[nr::3]) for nr in range(3)))
    assert not found, "\n".join(found)


def addressed(paths: Iterable[str], house: House) -> list[str]:
    return [path.format(room=house.room, mihai=house.person("mihai").id) for path in paths]


def _noted(found: list[str]) -> Callable[[ConsoleMessage], None]:
    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _of_a_missing_page(message):
            found.append(f"{message.page and message.page.url} says: {message.text}")

    return note


def _of_a_missing_page(message: ConsoleMessage) -> bool:
    return "404" in message.text and message.location["url"].endswith("/nothing")


async def _settled(page: Page) -> None:
    """Wait until the page's scripts have drawn what they draw."""
    if await page.locator("room-page").count():
        await expect(page.locator("room-page room-header")).to_be_attached()
    elif await page.locator("theme-toggle").count():
        await expect(page.locator("theme-toggle button")).to_be_visible()
    await page.wait_for_load_state("networkidle")
