"""Who may read the metrics."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from hub.settings import Settings
from people.mail import send_letter
from people.persons.emails import EMAIL_KNOWN
from store.database import Database
from tests.hub.agencies import open_agency
from tests.hubs import running_hub
from tests.patience import browser_at


async def test_they_are_for_the_networks_named(settings: Settings) -> None:
    assert await status(settings) == 200
    assert await status(settings.model_copy(update={"metrics_from": "192.0.2.0/24"})) == 404
    assert await status(settings.model_copy(update={"metrics_from": "192.0.2.0/24, 127.0.0.1/32"})) == 200


async def test_letters_that_wait_are_counted(settings: Settings, database: Database) -> None:
    agency = await open_agency(database)
    async with database.transaction(now=datetime.now(UTC) - timedelta(hours=1)) as tx:
        await send_letter(tx, EMAIL_KNOWN, to_person_id=agency.ana.id)
    quiet = settings.model_copy(update={"database_url": database.url, "worker": False})
    async with running_hub(quiet) as url, browser_at(url) as client:
        figures = (await client.get("/metrics")).text
    assert "atrium_letters_waiting 1.0" in figures
    assert "atrium_letters_failed 0.0" in figures
    (oldest,) = re.findall(r"^atrium_letter_oldest_seconds (.+)$", figures, re.MULTILINE)
    assert 3600 <= float(oldest) < 3900


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="metrics_from"):
        Settings(metrics_from="everywhere")


async def status(settings: Settings) -> int:
    async with running_hub(settings) as url, browser_at(url) as client:
        return (await client.get("/metrics")).status_code
