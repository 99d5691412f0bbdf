"""What people do in a room's page, and what they look at."""

from pathlib import Path

from playwright.async_api import Locator, Page, expect

DROP = """([element, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, {type: "text/plain"}));
    for (const type of ["dragenter", "dragover", "drop"]) {
        element.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
    }
}"""


def composer(page: Page) -> Locator:
    """Where one writes, once the page's script has taken over what the server drew."""
    return page.locator("room-composer").get_by_label("Message", exact=True)


async def say(page: Page, body: str) -> None:
    await composer(page).fill(body)
    await composer(page).press("Enter")


def wall(page: Page, body: str) -> Locator:
    """The messages on the wall that have these words."""
    return page.locator("room-message", has_text=body)


def pill(page: Page) -> Locator:
    """The clock in the top bar."""
    return page.locator("running-timer .timer-pill")


def strip(page: Page) -> Locator:
    """The line that says who works here now."""
    return page.locator("room-now")


async def start_timer(page: Page, on: str = "The room in general") -> None:
    await page.locator("room-header").get_by_role("button", name="Start timer").click()
    await page.get_by_role("menuitem", name=on).click()


async def go_to(page: Page, tab: str) -> None:
    await page.locator("room-tabs").get_by_role("link", name=tab).click()


def column(page: Page, stage: str) -> Locator:
    return page.get_by_role("region", name=stage, exact=True)


async def add_task(page: Page, title: str) -> None:
    field = page.get_by_label("Title of the new task")
    if not await field.is_visible():
        await page.locator("room-tasks").get_by_role("button", name="Task", exact=True).click()
    await field.fill(title)
    await field.press("Enter")


async def choose(page: Page, menu: str, line: str) -> None:
    await page.get_by_role("button", name=menu, exact=True).click()
    await page.get_by_role("menu", name=menu).get_by_text(line, exact=True).click()


async def drop_file(page: Page, on: str, name: str, text: str) -> None:
    await page.evaluate(DROP, [await page.locator(on).element_handle(), name, text])


async def add_file(page: Page, path: Path) -> None:
    await page.locator("room-files input[type=file]").set_input_files(path)


def file_line(page: Page, name: str) -> Locator:
    return page.locator("room-files .file-line", has_text=name)


async def see(page: Page, words: str) -> None:
    await expect(page.get_by_text(words).first).to_be_visible()
