"""A form that came back with what is wrong in it keeps that, though the page around it lives."""

import pytest
from playwright.async_api import expect

from tests.hub.agencies import Agency
from tests.system.browsers import Windows

pytestmark = pytest.mark.browser


async def test_what_is_wrong_stays_at_its_field_while_the_page_is_drawn_anew(windows: Windows, agency: Agency) -> None:
    company = (await agency.run(agency.admin, "company.add", name="Nord Bakery")).result["id"]
    page = await windows.of(agency.admin, f"/companies/{company}")
    await page.get_by_text("Change the company").click()
    website = page.get_by_label("Web address")
    await website.fill("not an address")
    await website.press("Enter")
    await expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    await expect(page.get_by_label("Web address")).to_be_focused()
    async with page.expect_response(lambda answer: "/parts/companies/" in answer.url):
        await agency.run(agency.admin, "company.change", company_id=company, note="Told to everyone")
    await expect(page.get_by_text("Told to everyone").first).to_be_attached()
    await expect(page.get_by_label("Web address")).to_have_value("not an address")
    await expect(page.locator("[aria-invalid=true]")).to_have_count(1)
