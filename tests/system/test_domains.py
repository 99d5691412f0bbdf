"""Domains in a browser: proven by keyboard, vouched for while the other looks, clean on a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.names import NameServer, asked_name_server
from tests.people.offices import SERVICE as OFFICES
from tests.system.audits import faults
from tests.system.browsers import Windows
from tests.web.houses import PASSWORD, House

pytestmark = pytest.mark.browser

BUSINESS, INSTALLATION = "/settings/security", "/installation/security"
DOMAIN = "atelier.example"
SERVICE = OFFICES | {"password": PASSWORD}


@pytest.fixture
async def names(hub: str) -> AsyncIterator[NameServer]:
    async with asked_name_server() as server:
        yield server


async def test_a_domain_is_proven_by_keyboard(windows: Windows, house: House, names: NameServer) -> None:
    agency = house.scene.agency
    await agency.run(agency.admin, "provider.add", **SERVICE)
    page = await windows.of(agency.admin, BUSINESS)
    line = page.locator(f"[data-domain='{DOMAIN}']")
    record = await line.get_by_label("Name of the TXT record").input_value()
    value = await line.get_by_label("Its value").input_value()
    await line.get_by_role("button", name="Check now").focus()
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("status").filter(has_text=f"No TXT record was found at {record} yet.")
    ).to_be_visible()
    await line.get_by_role("button", name="Copy the value").focus()
    await page.keyboard.press("Enter")
    names.texts[record] = [value]
    await line.get_by_role("button", name="Check now").focus()
    await page.keyboard.press("Enter")
    await expect(
        page.get_by_role("status").filter(has_text=f"The record was found: {DOMAIN} is verified.")
    ).to_be_visible()
    await expect(line.get_by_text("Verified", exact=True)).to_be_visible()


async def test_each_sees_what_becomes_of_a_domain(windows: Windows, house: House) -> None:
    agency = house.scene.agency
    await agency.run(agency.admin, "provider.add", **SERVICE)
    admin, root = await windows.of(agency.admin, BUSINESS), await windows.of(house.root, INSTALLATION)
    for button, state in (
        (f"Verify manually that {DOMAIN} belongs to Atelier", "Verified manually"),
        (f"Remove verification of {DOMAIN} for Atelier", "It doesn't lead anyone to a service yet."),
    ):
        await root.locator(f"summary[aria-label='{button}']").press("Enter")
        await root.get_by_role("button", name=button, exact=True).press("Enter")
        for page in (admin, root):
            await expect(page.get_by_text(state)).to_be_visible()


async def test_pages_with_domains_are_clean(windows: Windows, house: House, names: NameServer) -> None:
    agency = house.scene.agency
    many = SERVICE | {"domains": [DOMAIN, f"{'long-' * 9}name.{'sub-' * 12}domain.example"]}
    await agency.run(agency.admin, "provider.add", **many)
    for person, address in ((agency.admin, BUSINESS), (house.root, INSTALLATION)):
        page = await windows.of(person, address)
        await expect(page.get_by_text(DOMAIN, exact=True).first).to_be_visible()
        assert not await faults(page, 390, 1440), address
