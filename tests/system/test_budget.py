"""A room's page is light: at most 90 KB of script and 40 KB of styles, as they are sent."""

import pytest
from playwright.async_api import Request, expect

from hub.parts import TABS
from tests.hub.agencies import Agency
from tests.system.browsers import Windows
from tests.system.moves import composer

pytestmark = pytest.mark.browser
BYTES = {"script": 90_000, "stylesheet": 40_000}


@pytest.mark.parametrize("tab", [tab.name for tab in TABS.all])
async def test_a_room_s_page_is_within_its_budget(windows: Windows, agency: Agency, tab: str) -> None:
    page = await windows.of(agency.ana, "/offline", service_workers="block")
    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    await page.goto("about:blank")
    await page.goto(f"{windows.url}/rooms/{agency.room_id}/{tab}", wait_until="networkidle")
    await expect(composer(page)).to_be_visible()
    for kind, most in BYTES.items():
        sizes = {each.url: (await each.sizes())["responseBodySize"] for each in loaded if each.resource_type == kind}
        assert 0 < sum(sizes.values()) <= most, (kind, sizes)
