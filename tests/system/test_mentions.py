"""Mentions in the browser: chosen by keyboard, marked for whom they concern, gone once looked at (WO-08)."""

import pytest
from playwright.async_api import expect

from tests.hub.agencies import Agency
from tests.system.audits import violations
from tests.system.browsers import Windows
from tests.system.moves import choose, composer, wall

pytestmark = pytest.mark.browser


async def test_wo08_a_colleague_and_a_department_are_mentioned_by_keyboard(windows: Windows, agency: Agency) -> None:
    unit = (await agency.run(agency.admin, "department.add", name="Studio")).result["id"]
    await agency.run(agency.admin, "department_member.add", department_id=unit, person_id=str(agency.mihai.id))
    room = f"/rooms/{agency.room_id}"
    ana, client = await windows.of(agency.ana, room), await windows.of(agency.client, room)
    mihai, elsewhere = await windows.of(agency.mihai), await windows.of(agency.mihai, "/rooms")
    await expect(composer(ana)).to_be_visible()

    await composer(ana).press_sequentially("Hello @")
    names = ana.get_by_role("listbox", name="Mention")
    await expect(names.get_by_role("option")).to_have_count(4)
    await expect(names.get_by_role("option", name="Studio department")).to_be_visible()
    assert await violations(ana) == []
    await composer(ana).press_sequentially("st")
    await expect(names.get_by_role("option", name="Studio")).to_have_attribute("aria-selected", "true")
    await composer(ana).press("Enter")
    await expect(names).to_be_hidden()
    await expect(composer(ana)).to_have_value("Hello @Studio ")
    await composer(ana).press_sequentially("and @")
    await composer(ana).press("ArrowDown")
    await composer(ana).press("ArrowUp")
    await composer(ana).press("Tab")
    await expect(composer(ana)).to_have_value("Hello @Studio and @Clara ")
    await composer(ana).press("Enter")

    await expect(wall(ana, "Hello @Studio and @Clara")).to_have_count(1)
    await expect(wall(client, "Hello @the team and @Clara").locator(".mention-own")).to_have_text("@Clara")
    assert "Studio" not in await client.content()
    # At home, in the list of rooms and in the sidebar, until he looks at the wall; then in every window of his.
    for page in (mihai, elsewhere):
        await expect(page.get_by_text("You were mentioned").first).to_be_visible()
        await expect(page.locator("mention-count").first).to_contain_text("@1")
    assert await violations(mihai) == []
    await mihai.get_by_role("link", name="Hello @Studio and @Clara").first.click()
    await expect(wall(mihai, "Hello @Studio").locator(".mention-own")).to_have_text("@Studio")
    await expect(elsewhere.get_by_text("You were mentioned")).to_have_count(0)
    await expect(elsewhere.locator("mention-count").first).to_be_empty()


async def test_names_follow_a_renaming_and_a_message_is_edited_by_name(windows: Windows, agency: Agency) -> None:
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(composer(ana)).to_be_visible()
    await composer(ana).press_sequentially("@Mihai look")
    await composer(ana).press("Escape")
    await composer(ana).press("Enter")
    await expect(wall(ana, "@Mihai look")).to_have_count(1)
    await agency.run(agency.mihai, "account.change", name="Mihai Ene")
    await expect(wall(ana, "@Mihai Ene look")).to_have_count(1)
    await choose(ana, "What to do with this message", "Edit")
    field = ana.get_by_label("Edit the message")
    await expect(field).to_have_value("@Mihai Ene look")
    await field.press("End")
    await field.press_sequentially(" at it, @cl")
    await field.press("Enter")
    await field.press("Control+Enter")
    await expect(wall(ana, "@Mihai Ene look at it, @Clara")).to_contain_text("edited")


async def test_escape_leaves_the_word_as_it_is(windows: Windows, agency: Agency) -> None:
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(composer(ana)).to_be_visible()
    await composer(ana).press_sequentially("@m")
    names = ana.get_by_role("listbox", name="Mention")
    await expect(names).to_be_visible()
    await composer(ana).press("Escape")
    await expect(names).to_be_hidden()
    await composer(ana).press_sequentially("orrow")
    await expect(names).to_be_hidden()
    await composer(ana).press("Enter")
    await expect(wall(ana, "@morrow")).to_have_count(1)


async def test_what_stands_in_code_is_sent_as_it_was_typed(windows: Windows, agency: Agency) -> None:
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(composer(ana)).to_be_visible()
    await composer(ana).fill("~~~\n@mihai\n~~~\n``@mihai`` and @mihai!")
    await composer(ana).press("Enter")
    await expect(ana.locator(".wall-words code")).to_have_text(["@mihai\n", "@mihai"])
    await expect(ana.locator(".wall-words .mention")).to_have_text("@Mihai")


async def test_of_two_with_one_name_it_is_the_picked_who_is_mentioned(windows: Windows, agency: Agency) -> None:
    await agency.run(agency.client, "account.change", name="Mihai")
    ana = await windows.of(agency.ana, f"/rooms/{agency.room_id}")
    await expect(composer(ana)).to_be_visible()
    option = ana.get_by_role("listbox", name="Mention").get_by_role("option", name="Mihai")
    await composer(ana).press_sequentially("@mi")
    await expect(option).to_have_count(2)
    await composer(ana).press("Enter")
    await composer(ana).press_sequentially("@mi")
    await expect(option).to_have_count(2)
    await composer(ana).press("ArrowDown")
    await composer(ana).press("Enter")
    await composer(ana).press("Home")
    await composer(ana).press_sequentially("Look, ")
    await expect(composer(ana)).to_have_value("Look, @Mihai @Mihai ")
    await composer(ana).press("Enter")
    mentions = wall(ana, "Look, @Mihai @Mihai").locator(".mention")
    await expect(mentions).to_have_count(2)
    ids = {await mention.get_attribute("data-mention") for mention in await mentions.all()}
    assert ids == {str(agency.client.id), str(agency.mihai.id)}
