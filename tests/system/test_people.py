"""Hiring, roles, locking and letting go, in a browser: by keys, and live for another admin."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.hub.agencies import Agency
from tests.patience import promised
from tests.system.audits import violations, wider_than_the_window
from tests.system.browsers import Windows
from tests.system.moves import see

pytestmark = pytest.mark.browser
SOON_MILLISECONDS = promised(5) * 1000


async def test_cc31_who_is_invited_by_keys_stands_in_another_admin_s_list(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    other = await windows.of(agency.mihai, "/people?show=invited")
    await see(other, "No open invitations")
    page = await windows.of(agency.admin, "/people")
    await page.keyboard.press("n")
    await expect(page).to_have_url(re.compile("/people/new$"))
    await page.get_by_label("Name").fill("Petru Lungu")
    await page.keyboard.press("Tab")
    await page.keyboard.type("petru@new.example")
    await page.get_by_label("Role", exact=True).select_option(label="Support (Own leave, Tickets)")
    await page.get_by_role("button", name="Send the invitation").press("Enter")
    await expect(page.get_by_role("heading", name="Petru Lungu")).to_be_visible()
    await see(page, "no email can be sent yet")
    await expect(other.get_by_role("link", name="Petru Lungu")).to_be_visible()
    assert await violations(page) == []
    assert await violations(other) == []


async def test_mc_p07_a_successor_is_asked_for_and_both_admins_see_it(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.admin, "person.promote", person_id=str(agency.mihai.id))
    path = f"/people/{agency.ana.id}"
    other = await windows.of(agency.mihai, path)
    leaving = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    page = await windows.of(agency.admin, path)
    await page.get_by_role("link", name="Deactivate…").click()
    await see(page, "1 open room")
    assert await violations(page) == []
    await page.get_by_label("Who takes over").select_option(label="Mihai")
    await page.get_by_role("button", name="Deactivate").click()
    await expect(page.get_by_role("heading", name="Ana")).to_be_visible()
    await expect(other.get_by_text("Has left").first).to_be_visible()
    await expect(leaving).to_have_url(re.compile("/sign-in"), timeout=SOON_MILLISECONDS)


async def test_cc35_a_role_that_changes_is_seen_in_the_table_of_rights(windows: Windows, agency: Agency) -> None:
    table = await windows.of(agency.admin, "/settings/rights")
    row = table.get_by_role("row").filter(has_text="Ana")
    await expect(row.get_by_text("role", exact=True)).to_have_count(0)
    page = await windows.of(agency.admin, "/settings/roles")
    await page.get_by_label("Its name", exact=True).last.fill("Planners")
    await page.get_by_role("checkbox", name="Projects").last.check()
    await page.get_by_role("button", name="Add the role").click()
    await see(page, "The role was added.")
    await page.goto(f"/people/{agency.ana.id}")
    await page.get_by_label("Role", exact=True).select_option(label="Planners")
    await page.get_by_role("button", name="Save").click()
    await see(page, "from the role Planners")
    await expect(row).to_contain_text("Planners")
    await expect(row.get_by_text("role", exact=True)).to_have_count(1)
    assert await violations(table) == []


@pytest.mark.parametrize("path", ["/people", "/people/new", "/settings/roles", "/settings/rights", "person", "let-go"])
async def test_people_s_pages_fit_a_phone(windows: Windows, agency: Agency, path: str) -> None:
    ana = f"/people/{agency.ana.id}"
    where = {"person": ana, "let-go": f"{ana}/let-go"}.get(path, path)
    page: Page = await windows.of(agency.admin, where, viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert await wider_than_the_window(page) == []
    assert await violations(page) == []


async def test_what_permissions_allow_stands_under_each_other(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.admin, "/settings/rights")
    opens = page.get_by_role("region", name="What each permission allows")
    boxes: list[list[float]] = await opens.locator(".role-lines > li").evaluate_all(
        """lines => lines.map(line => [line.querySelector("b"), line].map(each => each.getBoundingClientRect()))
            .map(([words, line]) => [words.x, line.height])"""
    )
    assert await opens.locator(".role-lines > li:not(:has(details))").count() > 0
    assert len({x for x, _ in boxes}) == 1, boxes
    assert max(height for _, height in boxes) - min(height for _, height in boxes) <= 1, boxes
