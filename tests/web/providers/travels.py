"""Travels to the service and back, of somebody whom it knows as Ana."""

from typing import Any

import httpx
from sqlalchemy import select

from people.journal import JournalEntry
from store.scopes import EVERYWHERE
from tests.patience import browser_at
from tests.web.houses import PASSWORD, Browser, House
from tests.web.openid import CLIENT, SECRET, OpenId


async def add(house: House, openid: OpenId, by: str = "root", **fields: Any) -> str:
    service = {
        "name": "Keycloak",
        "issuer": openid.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "password": PASSWORD,
    } | fields
    return str((await house.scene.agency.run(house.person(by), "provider.add", **service)).result["id"])


async def travel(browser: Browser, openid: OpenId, provider_id: str, onward: str = "") -> httpx.Response:
    """Go to the service and come back."""
    gone = await browser.get(f"/sign-in/with/{provider_id}?next={onward}")
    assert gone.status_code == 303, gone.text
    async with browser_at() as there:
        back = await there.get(gone.headers["location"])
    return await browser.get(back.headers["location"])


async def is_ana(house: House, openid: OpenId, **claims: Any) -> None:
    openid.person = {"sub": "ana-1", "email": await house.email("ana"), "email_verified": True} | claims


async def why(house: House) -> str:
    async with house.scene.database.reading(EVERYWHERE) as tx:
        query = (
            select(JournalEntry.details["why"].astext)
            .where(JournalEntry.what == "sign_in_failed")
            .order_by(JournalEntry.id.desc())
            .limit(1)
        )
        return str(await tx.scalar(query))


async def change(house: House, provider_id: str, **fields: Any) -> None:
    await house.scene.agency.run(
        house.person("root"), "provider.change", password=PASSWORD, provider_id=provider_id, **fields
    )
