"""Signing in with a browser's own passkeys, setting up a second factor by keyboard, and the journal that shows it."""

from collections.abc import AsyncIterator
from typing import Any

import pyotp
import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.system.audits import faults, violations, wider_than_the_window
from tests.system.browsers import Windows
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
async def named(windows: Windows) -> AsyncIterator[Windows]:
    """Windows on the hub by a name: passkeys know no numbers."""
    before, windows.url = windows.url, windows.url.replace("127.0.0.1", "localhost")
    yield windows
    windows.url = before


async def with_device(page: Page, **options: Any) -> tuple[CDPSession, str]:
    """Give the browser a device that keeps passkeys, whose owner always says yes."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | options})
    return session, added["authenticatorId"]


async def add_passkey(page: Page, name: str) -> None:
    await page.goto("/account/security")
    await page.get_by_label("Its name").last.fill(name)
    await page.locator("#passkey-password").fill(PASSWORD)
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("The passkey was added.")).to_be_visible()
    await expect(page.locator(".passkey-line").get_by_text(name, exact=True)).to_be_visible()


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Sign out", exact=True).first.click()
    await page.wait_for_url("**/sign-in")


async def test_rv43_a_passkey_signs_in_without_a_password_and_is_named_and_removed(
    named: Windows, house: House
) -> None:
    page = await named.of(house.person("ana"))
    session, device = await with_device(page)
    await add_passkey(page, "My laptop")
    kept = await session.send("WebAuthn.getCredentials", {"authenticatorId": device})
    assert [credential["isResidentCredential"] for credential in kept["credentials"]] == [True]
    await sign_out(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    await page.goto("/account")
    await expect(page.get_by_text("with a passkey")).to_be_visible()
    await page.goto("/account/security")
    await page.get_by_label("Change My laptop").click()
    await page.locator(".passkey-change").get_by_label("Its name").fill("The old one")
    await page.get_by_role("button", name="Rename").click()
    await expect(page.locator(".passkey-line").get_by_text("The old one")).to_be_visible()
    await page.get_by_label("Change The old one").click()
    await page.locator(".passkey-change").get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Remove", exact=True).click()
    await expect(page.get_by_text("The passkey was removed.")).to_be_visible()
    await sign_out(page)
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("This passkey isn't known here")


async def test_rv43_a_passkey_is_the_second_step_too_and_one_that_isn_t_unlocked_is_none(
    named: Windows, house: House
) -> None:
    page = await named.of(house.person("mihai"))
    session, device = await with_device(page)
    await add_passkey(page, "My phone")
    await sign_out(page)
    await page.get_by_label("Email").fill(await house.email("mihai"))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sign-in/code")
    await session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    await page.get_by_role("button", name="Use a passkey").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert page.url.endswith("/sign-in/code")
    await session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def test_an_app_is_set_up_by_keyboard_and_the_journal_shows_it_live(named: Windows, house: House) -> None:
    admin = await named.of(house.person("admin"), "/journal?what=all")
    page = await named.of(house.person("ana"), "/account/security")
    await page.get_by_role("button", name="Set up an authenticator app").focus()
    await page.keyboard.press("Enter")
    secret = await page.locator(".setup-steps code.secret").inner_text()
    await expect(page.get_by_role("img", name="QR code for the app")).to_be_visible()
    assert not await violations(page)
    await page.locator("#setup-code").fill(pyotp.TOTP(secret).now())
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".recovery-codes code")).to_have_count(10)
    assert not await violations(page)
    await expect(admin.get_by_text("added a second factor")).to_be_visible()


PAGES = {
    "nobody": ("/sign-in", "/sign-in/with"),
    "ana": ("/account", "/account/security"),
    "admin": ("/settings/security", "/journal"),
    "root": ("/installation/security", "/journal"),
}


@pytest.mark.parametrize("who", PAGES)
async def test_pages_of_signing_in_are_clean_on_a_phone_and_wide(windows: Windows, house: House, who: str) -> None:
    person = None if who == "nobody" else house.person(who)
    page = await windows.of(person, "/offline", reduced_motion="reduce")
    for path in PAGES[who]:
        await page.goto(path)
        assert not await faults(page, 390, 1280), path


async def test_who_needs_a_second_factor_sees_only_how_to_set_it_up(windows: Windows, house: House) -> None:
    ana = await windows.of(house.person("ana"), "/rooms")
    await house.scene.agency.run(house.person("admin"), "sign_in_policy.change", two_factors=True)
    await ana.wait_for_url("**/account/security")
    await expect(ana.get_by_text("Your business requires a second factor.")).to_be_visible()
    await expect(ana.get_by_role("link", name="Rooms")).to_have_count(0)
    assert not await violations(ana)
    await ana.set_viewport_size({"width": 390, "height": 844})
    assert not await wider_than_the_window(ana)


async def test_a_sign_in_from_a_new_device_is_told_at_once(windows: Windows, house: House) -> None:
    ana = await windows.of(house.person("ana"), "/account")
    await expect(ana.locator("connection-state")).to_be_attached()
    async with house.bot(**{"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"}) as phone:
        signed = await phone.post("/api/v1/session", json={"email": await house.email("ana"), "password": PASSWORD})
        assert signed.status_code == 200
    await expect(ana.locator("toast-region")).to_contain_text("New sign-in: Safari · iPhone")
    for act in ("Sign out Safari · iPhone", "Forget Safari · iPhone"):
        await expect(ana.get_by_role("button", name=act)).to_be_visible()
