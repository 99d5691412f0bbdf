"""Browsers: one real Chromium, with a window of its own for each person."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocket, async_playwright

from tests.hub.agencies import Person
from tests.patience import PATIENT_SECONDS

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is the same engine without the windows around it, which cost twice as much as the pages in them."""
PATIENCE_MILLISECONDS = PATIENT_SECONDS * 1000


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """This is the system's Chromium, or the one that Playwright has fetched."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    async with async_playwright() as playwright:
        # Without a sandbox, as Playwright starts it: containers often allow none, and it only sees our own pages.
        browser = await playwright.chromium.launch(executable_path=found, args=["--disable-gpu"])
        yield browser
        await browser.close()


class Windows:
    """The windows of the people in one test. A script that fails in any of them fails the test."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.faults: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    async def of(self, person: Person | None, path: str = "/", **options: Any) -> Page:
        """This is a window of a browser of its own in which a person is signed in, at a path."""
        context = await self._browser.new_context(base_url=self.url, **options)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        if person is not None:
            await context.add_cookies([{"name": "hub_session", "value": person.token, "url": self.url}])
        return await self.beside(await context.new_page(), path)

    async def beside(self, page: Page, path: str) -> Page:
        """This is a window at a path, whose faults count."""
        page.on("pageerror", lambda error: self.faults.append(f"{path}: {error}"))
        page.on("console", self._read)
        await page.goto(path)
        return page

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _read(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.faults.append(message.text)


def heard_by(page: Page) -> list[str]:
    """These are the frames that a page hears on its socket, from its next load on."""
    frames: list[str] = []

    def note(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", note)
    return frames
