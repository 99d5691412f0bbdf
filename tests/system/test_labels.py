"""Labels in the browser: made, put on a task and filtered by; a colleague sees each step, the client none."""

import re

import pytest
from playwright.async_api import Page, expect

from rooms.tasks.task_labels import ON_A_TASK
from tests.hub.agencies import Agency
from tests.system.audits import violations
from tests.system.browsers import Windows
from tests.system.moves import go_to

pytestmark = pytest.mark.browser
REFUSED = """() => dispatchEvent(new CustomEvent("atrium:toast", {detail: {text: "Not now.", kind: "error"}}))"""


async def made(page: Page) -> None:
    """Have a label made, and its name refused to another."""
    await page.get_by_role("button", name="Labels", exact=True).click()
    await page.get_by_role("menuitem", name="Edit labels…").click()
    sheet = page.get_by_role("dialog", name="Labels")
    await sheet.get_by_label("Name of the new label").fill("Design")
    await sheet.get_by_label("Colour of the new label").select_option("violet")
    await sheet.get_by_role("button", name="Add").click()
    await expect(sheet.get_by_label("Name of Design")).to_have_value("Design")
    await sheet.get_by_label("Name of the new label").press_sequentially("design")
    await sheet.get_by_label("Name of the new label").press("Enter")
    await expect(sheet.get_by_role("alert")).to_have_text("This name is already taken.")
    await expect(sheet.get_by_label("Name of the new label")).to_be_focused()
    assert await violations(page) == []
    await sheet.get_by_role("button", name="Close").click()


async def put_on(page: Page) -> None:
    """Have it put on a task."""
    await page.get_by_role("button", name="Homepage copy", exact=True).click()
    dialog = page.get_by_role("dialog", name="Homepage copy")
    await dialog.get_by_role("button", name="Labels of Homepage copy").click()
    await dialog.get_by_role("menuitemcheckbox", name="Design").click()
    await expect(dialog.get_by_role("menuitemcheckbox", name="Design", checked=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog.locator(".task-labels .label")).to_have_text("Design")
    assert await violations(page) == []
    await dialog.get_by_role("button", name="Save").click()


async def test_labels_are_made_put_on_tasks_and_filtered_by(windows: Windows, agency: Agency) -> None:
    for title in ("Homepage copy", "Order form"):
        await agency.run(agency.ana, "task.create", room_id=agency.room_id, title=title)
    tasks = f"/rooms/{agency.room_id}/tasks"
    admin, ana = await windows.of(agency.admin, tasks), await windows.of(agency.ana, tasks)
    client = await windows.of(agency.client, tasks)
    await expect(client.get_by_text("Homepage copy")).to_be_visible()
    await expect(ana.get_by_role("button", name="Labels", exact=True)).to_have_count(0)
    await made(admin)
    await put_on(ana)
    card = admin.locator(".task-card", has_text="Homepage copy")
    await expect(card.locator(".label")).to_have_text("Design")

    await admin.get_by_role("button", name="Labels", exact=True).click()
    await admin.get_by_role("menuitemcheckbox", name="Design").click()
    await expect(admin.locator(".task-card")).to_have_count(1)
    await admin.keyboard.press("Escape")
    await admin.get_by_role("button", name="Labels: Design").click()
    await admin.get_by_role("menuitem", name="Edit labels…").click()
    sheet = admin.get_by_role("dialog", name="Labels")
    await sheet.get_by_label("Name of Design").fill("Layout")
    await sheet.get_by_label("Name of Design").press("Enter")
    await expect(sheet.get_by_label("Name of Layout")).to_be_focused()
    await expect(ana.locator(".task-card .label")).to_have_text("Layout")
    await sheet.get_by_role("button", name="Remove Layout").click()
    await admin.get_by_role("dialog", name="Remove Layout?").get_by_role("button", name="Remove").click()
    await expect(ana.locator(".task-card .label")).to_have_count(0)
    await expect(admin.locator(".task-card")).to_have_count(2)
    assert "Design" not in await client.content()
    assert "Layout" not in await client.content()


async def test_what_is_filtered_stands_in_the_address(windows: Windows, agency: Agency) -> None:
    label = (await agency.run(agency.admin, "label.add", name="Design", color="violet")).result["id"]
    for title, person in (("Homepage copy", agency.ana), ("Order form", agency.mihai)):
        more = {"room_id": agency.room_id, "audience": "all", "assignee_id": str(person.id)}
        task = await agency.run(agency.ana, "task.create", title=title, **more)
        await agency.run(agency.ana, "task.label", task_id=task.result["id"], added=[label])
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks")
    await expect(ana.locator(".task-card")).to_have_count(2)
    await ana.get_by_role("button", name="Labels", exact=True).click()
    await ana.get_by_role("menuitemcheckbox", name="Design").click()
    await expect(ana).to_have_url(re.compile(rf"/tasks\?label={label}$"))
    await ana.get_by_role("button", name="Mine", exact=True).click()
    await expect(ana).to_have_url(re.compile(rf"/tasks\?show=mine&label={label}$"))
    await expect(ana.locator(".task-card")).to_have_count(1)

    await ana.reload()
    await expect(ana.get_by_role("button", name="Mine", exact=True)).to_have_attribute("aria-pressed", "true")
    await expect(ana.get_by_role("button", name="Labels: Design")).to_be_visible()
    await expect(ana.locator(".task-card")).to_have_count(1)
    await go_to(ana, "Files")
    await ana.go_back()
    await expect(ana.locator(".task-card")).to_have_count(1)
    client = await windows.of(agency.client, ana.url)
    await expect(client.locator(".task-card")).to_have_count(2)  # what isn't offered to them filters nothing

    await ana.get_by_role("button", name="Mine", exact=True).click()
    await ana.get_by_role("button", name="Labels: Design").click()
    await ana.get_by_role("menuitemcheckbox", name="Design").click()
    await expect(ana).to_have_url(re.compile(r"/tasks$"))


async def test_labels_in_a_task_s_dialog_wait_for_save(windows: Windows, agency: Agency) -> None:
    copy, _design, photos = [
        (await agency.run(agency.admin, "label.add", name=name)).result["id"] for name in ("Copy", "Design", "Photos")
    ]
    task = await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Order form")
    await agency.run(agency.ana, "task.label", task_id=task.result["id"], added=[copy])
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks")
    card, dialog = ana.locator(".task-card .label"), ana.get_by_role("dialog", name="Order form")
    for button, kept in (("Cancel", ["Copy", "Photos"]), ("Save", ["Photos", "Design"])):
        await ana.get_by_role("button", name="Order form", exact=True).click()
        await dialog.get_by_role("button", name="Labels of Order form").click()
        for name in ("Copy", "Design"):
            await dialog.get_by_role("menuitemcheckbox", name=name).click()
        await ana.keyboard.press("Escape")
        await agency.run(agency.mihai, "task.label", task_id=task.result["id"], added=[photos])
        await expect(dialog.locator(".task-labels .label")).to_have_text(["Photos", "Design"])
        await dialog.get_by_role("button", name=button, exact=True).click()
        await expect(card).to_have_text(kept)


async def test_a_new_task_is_created_with_its_labels(windows: Windows, agency: Agency) -> None:
    labels = [(await agency.run(agency.admin, "label.add", name=name)).result["id"] for name in ("Copy", "Design")]
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks")
    await ana.get_by_role("button", name="Task", exact=True).click()
    await ana.get_by_placeholder("What needs to be done?").first.fill("Order form")
    await ana.get_by_role("button", name="More…").click()
    dialog = ana.get_by_role("dialog", name="New task")
    await dialog.get_by_role("button", name="Labels of the new task").click()
    for name in ("Copy", "Design"):
        await dialog.get_by_role("menuitemcheckbox", name=name).click()
    await ana.keyboard.press("Escape")
    await expect(dialog.locator(".task-labels .label")).to_have_text(["Copy", "Design"])
    assert await violations(ana) == []
    await agency.run(agency.admin, "label.remove", label_id=labels[1])
    await expect(dialog.locator(".task-labels .label")).to_have_text(["Copy"])
    await dialog.get_by_role("button", name="Add task").click()
    await expect(dialog).to_be_hidden()
    await expect(ana.locator(".task-card", has_text="Order form").locator(".label")).to_have_text(["Copy"])


async def test_an_archived_room_s_task_shows_its_labels(windows: Windows, agency: Agency) -> None:
    label = (await agency.run(agency.admin, "label.add", name="Design")).result["id"]
    task = (await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Order form")).result["id"]
    await agency.run(agency.ana, "task.label", task_id=task, added=[label])
    await agency.run(agency.admin, "room.archive", room_id=agency.room_id)
    at = f"/rooms/{agency.room_id}/tasks#task-{task}"
    ana, client = await windows.of(agency.ana, at), await windows.of(agency.client, at)
    dialogs = [page.get_by_role("dialog", name="Order form") for page in (ana, client)]
    await expect(dialogs[0].locator(".task-labels .label")).to_have_text("Design")
    assert await violations(ana) == []
    await expect(dialogs[1].get_by_text("Nobody yet")).to_be_visible()
    await expect(dialogs[1].get_by_text("Labels")).to_have_count(0)


async def test_no_more_labels_are_offered_than_a_task_may_have(windows: Windows, agency: Agency) -> None:
    task = (await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Order form")).result["id"]
    named = [f"Label {nr:02}" for nr in range(ON_A_TASK + 1)]
    labels = [(await agency.run(agency.admin, "label.add", name=name)).result["id"] for name in named]
    await agency.run(agency.ana, "task.label", task_id=task, added=labels[:-1])
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks#task-{task}")
    dialog = ana.get_by_role("dialog", name="Order form")
    await dialog.get_by_role("button", name="Labels of Order form").click()
    last = dialog.get_by_role("menuitemcheckbox", name=named[-1])
    await expect(last).to_be_disabled()
    await expect(dialog.get_by_text(f"A task has at most {ON_A_TASK} labels.")).to_be_visible()
    await dialog.get_by_role("menuitemcheckbox", name=named[0]).click()
    await expect(last).to_be_enabled()


async def test_what_is_refused_in_a_dialog_is_said_in_it_once(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.ana, "task.create", room_id=agency.room_id, title="Order form")
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}/tasks")
    await ana.get_by_role("button", name="Order form", exact=True).click()
    dialog = ana.get_by_role("dialog", name="Order form")
    for _time in range(2):
        await ana.evaluate(REFUSED)
    await expect(dialog.get_by_text("Not now.")).to_have_count(1)
    await dialog.locator("toast-region").get_by_role("button", name="Close").click()
    await expect(ana.get_by_text("Not now.")).to_have_count(0)
    await ana.evaluate(REFUSED)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(ana.get_by_text("Not now.")).to_be_visible()
    await ana.locator("toast-region").get_by_role("button", name="Close").click()
    await expect(ana.get_by_text("Not now.")).to_have_count(0)
