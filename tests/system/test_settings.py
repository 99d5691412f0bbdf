"""Settings and companies in a browser: by keyboard, live in another window, clean on a phone."""

import pytest
from playwright.async_api import expect

from tests.hub.agencies import Agency
from tests.system.audits import faults
from tests.system.browsers import Windows
from tests.system.moves import column
from tests.web.houses import House

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/settings/business",
    "/settings/first-steps",
    "/settings/processes",
    "/settings/services",
    "/companies",
    "/companies/{company}",
    "/help",
    "/help/companies",
)


async def test_mc02_a_new_name_is_in_the_shell_of_the_team_at_once(windows: Windows, agency: Agency) -> None:
    admin, ana = await windows.of(agency.admin, "/"), await windows.of(agency.ana, "/account")
    await expect(ana.locator(".sidebar .business-mark")).to_have_text("Atelier")
    await admin.keyboard.press("g")
    await admin.keyboard.press("s")
    await admin.wait_for_url("**/settings/business")
    await admin.get_by_label("Name of the business", exact=True).fill("Atelier Nord")
    await admin.get_by_label("Where the team meets").fill("meet.example/atelier")
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    await expect(ana.locator(".sidebar .business-mark")).to_have_text("Atelier Nord")
    link = ana.locator(".sidebar").get_by_role("link", name="Meetings")
    await expect(link).to_have_attribute("href", "https://meet.example/atelier")


async def test_cc33_two_on_a_company_s_page_see_each_other_s_changes_and_lose_no_words(
    windows: Windows, agency: Agency
) -> None:
    nord = (await agency.run(agency.admin, "company.add", name="Nord Bakery")).result["id"]
    page = await windows.of(agency.admin, f"/companies/{nord}")
    ana = await windows.of(agency.ana, f"/companies/{nord}")
    await page.get_by_label("Add a note").fill("Half a thou")
    await page.get_by_text("Add a contact").click()
    role = page.locator("#contact-role")
    await role.focus()
    await agency.run(agency.admin, "contact.add", company_id=nord, name="Elena Pop")
    for window in (page, ana):
        await expect(window.get_by_role("region", name="Contacts").get_by_text("Elena Pop").first).to_be_visible()
    await expect(page.get_by_label("Add a note")).to_have_value("Half a thou")
    await expect(role).to_be_visible()
    await page.get_by_label("Add a note").fill("A whole thought")
    await page.get_by_role("button", name="Add note").click()
    await expect(ana.get_by_text("A whole thought")).to_be_visible()


async def test_mc01_a_step_ticks_itself_off_while_one_looks(windows: Windows, agency: Agency) -> None:
    page = await windows.of(agency.admin, "/settings/first-steps")
    step = page.get_by_role("listitem").filter(has_text="Add a client or a company")
    await expect(step.get_by_role("img", name="Done")).to_be_visible()
    step = page.get_by_role("listitem").filter(has_text="Complete your business profile")
    await expect(step.get_by_role("img", name="To do")).to_be_visible()
    await agency.run(agency.admin, "business.change", address="Strada Lungă 1", tax_id="RO1", phone="1")
    await expect(step.get_by_role("img", name="Done")).to_be_visible()


async def test_a_stage_is_renamed_and_the_open_room_says_so(windows: Windows, agency: Agency) -> None:
    room = await windows.of(agency.client, f"/rooms/{agency.room_id}")
    await expect(room.locator("room-page room-header")).to_contain_text("Planned")
    rooms = await windows.of(agency.client, "/rooms")
    await expect(rooms.locator("#rooms-list")).to_contain_text("Planned")
    await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Order form")
    board = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks")
    await expect(column(board, "In review")).to_be_visible()
    page = await windows.of(agency.admin, "/settings/processes")
    field = page.get_by_label("Name of the stage Planned")
    await field.fill("Agreed")
    await field.press("Enter")
    await expect(room.locator("room-page room-header")).to_contain_text("Agreed")
    await expect(rooms.locator("#rooms-list")).to_contain_text("Agreed")
    field = page.get_by_label("Name of the stage In review")
    await field.fill("Looked at")
    await field.press("Enter")
    await expect(column(board, "Looked at")).to_be_visible()
    await expect(column(board, "In review")).to_have_count(0)


async def test_pages_are_clean_on_a_phone_and_on_a_wide_screen(house: House, windows: Windows) -> None:
    agency, company = house.scene.agency, house.scene.company
    service = (await agency.run(agency.admin, "service.add", name="Care")).result["id"]
    await agency.run(agency.admin, "subscription.add", company_id=company, service_id=service)
    await agency.run(agency.admin, "contact.add", company_id=company, name="Elena", phone="+40 722", email="e@nord.ro")
    await agency.run(agency.admin, "company_note.add", company_id=company, body="Calls on Mondays")
    await agency.run(agency.admin, "client.link", company_id=company, person_id=str(agency.client.id))
    await agency.run(agency.admin, "meetings_key.renew")
    page = await windows.of(house.person("admin"), "/", reduced_motion="reduce")
    found: list[str] = []
    for path in PAGES:
        await page.goto(path.format(company=company))
        await page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
        found += [f"{path} {fault}" for fault in await faults(page, 390, 1280)]
    assert not found, "\n".join(found)
