"""Homes and lists change by themselves, for whom the change is."""

import pytest
from playwright.async_api import expect

from tests.hub.agencies import Agency, open_room
from tests.system.browsers import Windows

pytestmark = pytest.mark.browser


async def test_cc95_cc96_cc123_work_that_starts_is_on_the_homes_of_client_and_admin(
    windows: Windows, agency: Agency
) -> None:
    client, admin = await windows.of(agency.client, "/"), await windows.of(agency.admin, "/")
    await expect(client.get_by_text("Nobody is working on your projects")).to_be_visible()
    await agency.run(agency.ana, "timer.start", room_id=agency.room_id, note="Homepage")
    await expect(client.locator(".live-strip")).to_contain_text("Ana · Website · Homepage")
    await expect(admin.locator(".team-day.is-working")).to_contain_text("Website · Homepage")
    await agency.run(agency.ana, "timer.stop")
    await expect(client.locator(".live-strip")).to_have_count(0)
    await expect(admin.locator(".team-day.is-working")).to_have_count(0)


async def test_a_message_is_on_the_homes_of_those_who_may_see_it(windows: Windows, agency: Agency) -> None:
    client, ana = await windows.of(agency.client, "/"), await windows.of(agency.ana, "/")
    await expect(client.locator("connection-state")).to_be_attached()
    await agency.post(agency.mihai, "Between us", audience="team")
    await agency.post(agency.mihai, "Good morning")
    await expect(client.locator(".activity")).to_contain_text("Good morning")
    await expect(ana.locator(".activity")).to_contain_text("Between us")
    await expect(client.get_by_text("Between us")).to_have_count(0)


async def test_a_room_that_someone_is_added_to_is_on_their_home_and_is_heard(windows: Windows, agency: Agency) -> None:
    client = await windows.of(agency.client, "/")
    await expect(client.get_by_role("link", name="Website", exact=True)).to_be_visible()
    packaging = await open_room(agency, "Packaging", [str(agency.client.id)])
    await expect(client.get_by_role("link", name="Packaging", exact=True)).to_be_visible()
    await agency.run(agency.admin, "message.post", room_id=packaging, body="Welcome")
    await expect(client.locator(".project-note")).to_contain_text("Welcome")
    await agency.run(agency.admin, "member.remove", room_id=packaging, person_id=str(agency.client.id))
    await expect(client.get_by_role("link", name="Packaging", exact=True)).to_have_count(0)
