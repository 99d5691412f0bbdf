"""Quotas over HTTP: set on a page, held over tus, shown to those whom they concern."""

from typing import Any

import httpx
import pytest

from tests.web.houses import Browser, House
from tests.web.tus import Tus

GB = 1_000_000_000
BUSINESSES, GENERAL, OWN = "/installation/businesses", "/installation/general", "/settings/business"


async def limit(root: Browser, house: House, gb: Any) -> httpx.Response:
    business_id = house.person("admin").actor.business_id
    fields = {"command": "quota.change", "business_id": str(business_id), "quota_gb": str(gb)}
    return await root.send_form(BUSINESSES, BUSINESSES, **fields)


def uploads_of(house: House, client: httpx.AsyncClient, who: str) -> Tus:
    return Tus(client, house.person(who), house.room)


async def test_what_is_over_the_quota_is_refused_before_it_is_sent(own_house: House) -> None:
    async with own_house.browser("root") as root, own_house.bot() as client:
        assert (await limit(root, own_house, 1)).headers["location"].startswith(f"{BUSINESSES}?done=quota.change")
        ana, clara = uploads_of(own_house, client, "ana"), uploads_of(own_house, client, "client")
        begun = await ana.create(GB - 400_000_000)
        assert begun.status_code == 201

        refused = await ana.create(400_000_001)
        assert refused.status_code == 413
        error = refused.json()["error"]
        assert error["code"] == "quota_reached"
        assert "400 MB of its 1 GB" in error["message"]
        assert error["message"].endswith(f"{own_house.person('admin').actor.name}.")
        assert error["fields"] == {"size": error["message"]}
        assert "MB" not in (await clara.create(400_000_001)).json()["error"]["message"]

        assert (await ana.delete(begun.headers["location"])).status_code == 204
        assert (await ana.create(400_000_001)).status_code == 201


async def test_it_is_said_in_the_reader_s_language(own_house: House) -> None:
    async with own_house.browser("root") as root, own_house.browser("ana") as browser, own_house.bot() as client:
        await limit(root, own_house, 1)
        await browser.send_form("/account", "/account", command="account.change", language="uk")
        refused = await uploads_of(own_house, client, "ana").create(GB + 1)
        assert "лишилося 1 ГБ із 1 ГБ" in refused.json()["error"]["message"]


async def test_admins_see_what_their_business_uses(own_house: House) -> None:
    async with own_house.browser("root") as root, own_house.browser("admin") as admin, own_house.bot() as client:
        await limit(root, own_house, 1)
        ana = uploads_of(own_house, client, "ana")
        location = (await ana.create(500_000_000)).headers["location"]
        for page in (OWN, "/parts/settings/storage"):
            shown = (await admin.get(page)).text
            assert "500 MB of 1 GB" in shown
            assert f'max="{GB}"' in shown
        assert "500 MB of 1 GB" in (await root.get(BUSINESSES)).text
        await ana.create(450_000_000)
        assert "Nearly full: 950 MB of 1 GB" in (await admin.get(OWN)).text
        await ana.delete(location)
        assert "450 MB of 1 GB" in (await admin.get(OWN)).text


async def test_every_business_s_number_is_a_setting_and_may_be_none(own_house: House) -> None:
    async with own_house.browser("root") as root, own_house.browser("admin") as admin, own_house.bot() as client:
        ana = uploads_of(own_house, client, "ana")
        for number, status, shown in (("1", 413, "of 1 GB"), ("2", 201, "of 2 GB"), ("", 201, "of files")):
            await root.send_form(GENERAL, GENERAL, command="installation.change", quota_gb=number)
            created = await ana.create(1_500_000_000)
            assert created.status_code == status
            assert shown in (await admin.get(OWN)).text
            if status == 201:
                await ana.delete(created.headers["location"])
        await limit(root, own_house, 1)
        assert (await ana.create(1_500_000_000)).status_code == 413, "its own number holds"
        await limit(root, own_house, "")
        assert (await ana.create(1_500_000_000)).status_code == 201


@pytest.mark.parametrize("number", ["0", "much", "1000001"])
async def test_a_number_that_can_not_be_is_refused_on_its_field(own_house: House, number: str) -> None:
    async with own_house.browser("root") as root:
        refused = await limit(root, own_house, number)
        assert refused.status_code == 422
        assert "whole number of GB" in refused.text
        assert f'value="{number}"' in refused.text
        general = await root.send_form(GENERAL, GENERAL, command="installation.change", quota_gb=number)
        assert general.status_code == 422
        assert "whole number of GB" in general.text
