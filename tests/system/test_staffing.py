"""Departments, cards and leave in browsers: by keyboard, live, and readable for everyone on any screen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest
from playwright.async_api import Page, expect

from tests.clocks import monday_in
from tests.hub.agencies import Agency
from tests.system.audits import faults
from tests.system.browsers import Windows

pytestmark = pytest.mark.browser
MONDAY = monday_in(3)
OUTSIDE = """row => {
    const box = row.getBoundingClientRect();
    return [...row.querySelectorAll("*")]
        .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden"))
        .filter((element) => {
            const { left, right, bottom } = element.getBoundingClientRect();
            return left < box.left || right > box.right + 1 || bottom > box.bottom + 1;
        })
        .map((element) => element.outerHTML.slice(0, 120));
}"""
"""What of a list's row stands outside of it."""


def annual(agency: Agency, key: str = "annual") -> str:
    assert agency.admin.actor.business_id
    return str(uuid5(agency.admin.actor.business_id, key))


async def away_from_today(agency: Agency, key: str = "annual") -> None:
    today = datetime.now(UTC).date()
    week: dict[str, Any] = {"starts_on": today, "ends_on": today + timedelta(days=6)}
    await agency.run(agency.admin, "leave.record", person_id=str(agency.ana.id), kind_id=annual(agency, key), **week)


async def by_keyboard(page: Page, name: str) -> None:
    """Press a button that has the focus's turn."""
    button = page.get_by_role("button", name=name, exact=True).first
    await button.focus()
    await page.keyboard.press("Enter")


async def test_cc92_cc93_leave_is_asked_for_and_decided_live(windows: Windows, agency: Agency) -> None:
    admin = await windows.of(agency.admin, "/leave")
    ana = await windows.of(agency.ana, "/leave")
    await expect(admin.get_by_text("No requests are waiting for your decision.")).to_be_visible()
    await ana.get_by_label("First day").first.fill(str(MONDAY))
    await ana.get_by_label("Last day").first.fill(str(MONDAY + timedelta(days=1)))
    await by_keyboard(ana, "Send request")
    await expect(ana.get_by_text("Waiting", exact=True)).to_be_visible()
    approve = admin.get_by_role("button", name="Approve the leave of Ana")
    await expect(approve).to_be_visible()
    await approve.focus()
    await admin.keyboard.press("Enter")
    await expect(admin.get_by_text("The leave is approved.")).to_be_visible()
    await expect(ana.get_by_text("Approved", exact=True)).to_be_visible()


async def test_wo05_a_tree_is_made_by_keyboard_and_seen_live(windows: Windows, agency: Agency) -> None:
    mihai = await windows.of(agency.mihai, "/departments")
    admin = await windows.of(agency.admin, "/departments")
    await admin.get_by_label("Its name", exact=True).fill("Design")
    await admin.keyboard.press("Enter")
    await expect(mihai.get_by_role("link", name="Design")).to_be_visible()
    await admin.get_by_label("Its name", exact=True).last.fill("Web")
    await admin.get_by_label("Part of").last.select_option(label="Design")
    await by_keyboard(admin, "Add the department")
    await expect(mihai.get_by_role("link", name="Web")).to_be_visible()
    await expect(mihai.locator("li[data-depth='1']")).to_contain_text("Web")
    await admin.get_by_label("Part of").first.select_option(label="Nothing: it's at the top")
    await by_keyboard(admin, "Save")
    await expect(mihai.locator("li[data-depth='1']")).to_have_count(0)


async def test_wo07_deputies_are_chosen_on_any_screen(windows: Windows, agency: Agency) -> None:
    added = await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.ana.id))
    for width in (390, 1152, 1440):
        size: Any = {"width": width, "height": 800}
        admin = await windows.of(agency.admin, f"/departments?department={added.result['id']}", viewport=size)
        choice = admin.get_by_role("group", name="Deputies").last
        for line in await choice.locator("label").all():
            box = await line.bounding_box()
            assert box is not None
            assert box["width"] > 120, width
        await choice.get_by_text("Mihai").click()
        await expect(choice.get_by_label("Mihai")).to_be_checked()


async def test_a_long_note_has_its_row_to_itself_on_a_phone(windows: Windows, agency: Agency) -> None:
    note = (
        "My sister's wedding in Suceava, a long way; I answer the phone after lunch: https://example.com/" + "way" * 30
    )
    days = {"starts_on": MONDAY, "ends_on": MONDAY + timedelta(days=1)}
    await agency.run(agency.ana, "leave.request", kind_id=annual(agency), note=note, **days)
    for width in (390, 1440):
        for person in (agency.ana, agency.admin):  # who asked, and who decides
            page = await windows.of(person, "/leave", viewport={"width": width, "height": 844})
            row = page.locator("li", has_text="My sister's wedding")
            assert await row.locator(".plain-line-what").evaluate("what => what.clientWidth") > 270, width
            assert await row.evaluate(OUTSIDE) == [], width


async def test_a_reading_of_one_s_card_is_seen_at_once(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.admin, "employee.change", person_id=str(agency.ana.id), address="Strada Florilor 7")
    path = f"/people/{agency.ana.id}/card"
    ana, admin = await windows.of(agency.ana, path), await windows.of(agency.admin, path)
    await expect(ana.get_by_text("Strada Florilor 7")).to_be_visible()
    await expect(admin.get_by_text("Strada Florilor 7")).to_have_count(0)
    await by_keyboard(admin, "Show the personal part")
    await expect(admin.get_by_text("Strada Florilor 7").first).to_be_visible()
    await expect(ana.get_by_text("Irina read the personal part")).to_be_visible()


async def test_cc58_a_week_and_an_exchange_are_said_by_keyboard_and_seen_live(windows: Windows, agency: Agency) -> None:
    card = f"/people/{agency.ana.id}/card"
    ana, mihai = await windows.of(agency.ana, card), await windows.of(agency.mihai, f"/leave?month={MONDAY:%Y-%m}")
    await expect(ana.get_by_text("Same as the business.")).to_be_visible()
    admin = await windows.of(agency.admin, card)
    await admin.get_by_label("By the business's working week").press("Space")
    await admin.get_by_label("Friday").focus()
    await admin.keyboard.press("End")
    await by_keyboard(admin, "Save the week")
    await admin.wait_for_url("**/card?done=*")
    await expect(ana.get_by_text("Monday, Tuesday, Wednesday, Thursday")).to_be_visible()
    await admin.goto(f"/settings/leave?year={MONDAY.year}")
    await admin.get_by_label("The day worked").fill(str(MONDAY + timedelta(days=5)))
    await admin.get_by_label("The day off in return").fill(str(MONDAY + timedelta(days=11)))
    await admin.get_by_label("The day off in return").press("Enter")
    await expect(admin.get_by_role("button", name="Remove the working day")).to_be_visible()
    await expect(mihai.locator("th", has_text="Working day, for")).to_have_count(1)
    await expect(mihai.locator("th", has_text="Day off in exchange")).to_have_count(1)


async def test_who_is_on_leave_shows_in_rooms_to_the_team_alone(windows: Windows, agency: Agency) -> None:
    path = f"/rooms/{agency.room_id}"
    mihai, client = await windows.of(agency.mihai, path), await windows.of(agency.client, path)
    await away_from_today(agency, "medical")
    await mihai.get_by_role("button", name="Members").first.click()
    await expect(mihai.locator("room-members").get_by_text("On leave until")).to_be_visible()
    await mihai.keyboard.press("Escape")
    await mihai.goto(f"{path}/tasks")
    await mihai.keyboard.press("n")
    dialog = mihai.locator("task-dialog")
    await mihai.get_by_placeholder("What needs to be done?").first.fill("Draw the map")
    await mihai.keyboard.press("Enter")
    await mihai.get_by_text("Draw the map").first.click()
    await dialog.get_by_label("Who does it").select_option(value=str(agency.ana.id))
    await expect(dialog.get_by_text("Ana is on leave from")).to_be_visible()
    await client.get_by_role("button", name="Members").first.click()
    await expect(client.locator("room-members").get_by_text("Ana")).to_be_visible()
    assert "leave" not in (await client.locator("room-members").inner_text()).lower()


async def test_pages_of_staff_are_for_everyone_on_any_screen(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.admin, "calendar.change", country="RO")
    department = (await agency.run(agency.admin, "department.add", name="Design", head_id=str(agency.ana.id))).result
    await agency.run(agency.admin, "employee.change", person_id=str(agency.ana.id), position="Designer", rating=4)
    await away_from_today(agency)
    await agency.run(
        agency.mihai, "leave.request", kind_id=annual(agency), starts_on=MONDAY, ends_on=MONDAY + timedelta(days=1)
    )
    paths = (
        f"/departments?department={department['id']}",
        f"/people/{agency.ana.id}/card",
        "/leave",
        "/settings/leave",
    )
    page = await windows.of(agency.admin, "/", reduced_motion="reduce")
    for path in paths:
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await faults(page, 1280, 390) == [], path
