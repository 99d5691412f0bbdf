"""Pages of the staff, as somebody sees them and sends their forms."""

from typing import Any
from uuid import uuid5

import httpx

from tests.clocks import monday_in
from tests.web.houses import House

MONDAY = monday_in(3)


async def send(house: House, who: str, page: str, action: str, **fields: Any) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.send_form(page, action, **fields)


async def shown(house: House, who: str | None, path: str) -> httpx.Response:
    async with house.browser(who) as browser:
        return await browser.get(path)


def kind(house: House, key: str = "annual") -> str:
    business_id = house.person("admin").actor.business_id
    assert business_id
    return str(uuid5(business_id, key))
