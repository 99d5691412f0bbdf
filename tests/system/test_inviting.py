"""Inviting somebody by a real letter, from the form to their first page; and the mail settings, live."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from hub.settings import Settings
from tests.hubs import free_port
from tests.mail import MailServer, link_in, mail_server
from tests.system.audits import violations, wider_than_the_window
from tests.system.browsers import Windows
from tests.system.moves import see
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser

PETRU = "petru@new.example"
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hub that does jobs, and knows where people reach it."""
    port = free_port()
    return settings.model_copy(update={"worker": True, "port": port, "public_url": f"http://127.0.0.1:{port}"})


@pytest.fixture
async def mail(house: House) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        await server.set_up(house.scene.database)
        yield server


async def is_sound(page: Page) -> None:
    assert await violations(page) == []
    assert await wider_than_the_window(page) == []


async def test_somebody_is_invited_and_comes_in_by_keyboard(windows: Windows, house: House, mail: MailServer) -> None:
    admin = await windows.of(house.person("admin"), "/people/new")
    await admin.get_by_label("Name", exact=True).fill("Petru")
    await admin.get_by_label("Email").fill(PETRU)
    await admin.get_by_label("Email").press("Enter")
    await see(admin, "The invitation is on its way.")
    link = link_in(await mail.letter_to(PETRU))
    petru = await windows.of(None, link, **PHONE)
    await see(petru, "Welcome, Petru")
    await is_sound(petru)
    await expect(petru.get_by_label("Password")).to_be_focused()
    await petru.keyboard.type("seven quiet otters sing")
    await petru.keyboard.press("Enter")
    await petru.wait_for_url("**/")
    await see(admin, "accepted the invitation")
    again = await windows.of(None, link, **PHONE)
    await see(again, "This link no longer works")
    await is_sound(again)


async def test_a_test_of_the_mail_settings_says_live_how_it_went(
    windows: Windows, house: House, mail: MailServer
) -> None:
    mail.refused["nobody@new.example"] = "550 No such user here"
    page = await windows.of(house.root, "/installation/mail", **PHONE)
    await is_sound(page)
    await page.get_by_label("Send it to", exact=True).fill("nobody@new.example")
    await page.get_by_label("Send it to", exact=True).press("Enter")
    await see(page, "550 No such user here")
    await is_sound(page)
    await page.get_by_role("button", name="Send a test").click()
    await see(page, "The server accepted it for rita@root.example.")


async def test_a_token_is_made_by_keyboard(windows: Windows, house: House) -> None:
    page = await windows.of(house.person("ana"), "/account/tokens", **PHONE)
    await is_sound(page)
    await page.get_by_label("What it is for").fill("Time sheets")
    await page.get_by_label("Work in rooms").press("Space")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_label("What it is for").press("Enter")
    await see(page, "Copy it now: it is shown only this once.")
    await see(page, "Work in rooms")
    await is_sound(page)
    beside = await windows.of(house.person("ana"), "/account/tokens")
    await page.get_by_role("button", name="Revoke Time sheets").click()
    await see(page, "The token was revoked.")
    await see(beside, "No tokens")
