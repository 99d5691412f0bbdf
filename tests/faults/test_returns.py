"""Everyone comes back at once after a restart, into one room: soon, without shutting out who signs in."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from people.accounts import Account
from people.signing.passwords.passwords import hashed
from store.database import Database
from store.engines import EmbeddedEngines
from tests.faults.crowds import Crowd, Someone, crowd_at, open_crowd
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import Agency, open_agency
from tests.patience import PATIENT_SECONDS, browser_at, promised

RETURN_SECONDS = promised(60.0)
SIGN_IN_SECONDS = promised(1.0)
PASSWORD = "Irina's own password"

logger = logging.getLogger(__name__)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.faults_long)])
async def test_everyone_comes_back_after_a_restart(own_engines: EmbeddedEngines, tmp_path: Path, count: int) -> None:
    (hub,) = hubs_on(own_engines, tmp_path, 1, HUB_LIMIT_SOCKETS_PER_ADDRESS="10000")
    async with hub, database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        people = await open_crowd(database, agency, count)
        async with Follower([hub.url], agency.client, agency.room_id) as clara:
            at = {"epoch": clara.at[0], "offset": clara.at[1]}
            async with crowd_at(hub.url, agency, people, at) as crowd:
                before = await crowd.all_in(300)
                hub.kill()
                hub.start()
                async with signing_in(hub.url, database, agency) as waits:
                    await hub.wait_until_ready()
                    ready_at = time.monotonic()
                    after = await crowd.all_in(300)
                took, told, forms = after.at - ready_at, after.packets - before.packets, after.forms - before.forms
                logger.info("%d back in %.1f s; told %d packets of %d presences", count, took, told, forms)
                logger.info("%d sign-ins took at most %.2f s", len(waits), max(waits))
                assert took < RETURN_SECONDS
                assert max(waits) < SIGN_IN_SECONDS or count < 5000, "a busy machine's sign-ins are another matter"
                assert told < count * count / 4, "each coming was told by itself"
                await all_are_seen(crowd, people)
            await clara.post("we are back")
            await check(database, agency.room_id, [], [clara])


@asynccontextmanager
async def signing_in(url: str, database: Database, agency: Agency) -> AsyncIterator[list[float]]:
    """Meanwhile Irina signs in again and again, from the first time that the hub answers; how long each time took."""
    hash = await hashed(PASSWORD)
    async with database.transaction() as tx:
        await tx.execute(update(Account).where(Account.person_id == agency.admin.id).values(password_hash=hash))
    credentials = {"email": f"irina@{agency.admin.actor.business_id}.example", "password": PASSWORD}
    waits: list[float] = []

    async def sign_in_always() -> None:
        while True:
            async with browser_at(url) as client:
                began = time.monotonic()
                with suppress(httpx.ConnectError):
                    answer = await client.post("/api/v1/session", json=credentials)
                    assert answer.status_code == 200, answer.text
                    waits.append(time.monotonic() - began)
            await asyncio.sleep(0.1)

    signing = asyncio.create_task(sign_in_always())
    try:
        yield waits
        assert waits
    finally:
        signing.cancel()
        await asyncio.gather(signing, return_exceptions=True)


async def all_are_seen(crowd: Crowd, people: list[Someone]) -> None:
    """Wait until everyone looked at sees everyone else here."""
    here = {someone.id: "online" for someone in people}
    async with asyncio.timeout(PATIENT_SECONDS):
        while not all(seen.items() >= here.items() for seen in await crowd.seen()):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
