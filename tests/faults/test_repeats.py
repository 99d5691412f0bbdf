"""One command many times at once, over both nodes and both transports: one effect, one answer."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from hub.settings import Settings
from store.database import Database
from tests.hub.agencies import Agency, open_agency
from tests.hub.clients import Client, connected
from tests.hubs import running_hub
from tests.patience import PATIENT_SECONDS
from tests.reads import read_log
from tests.stages import staged

TIMES = 50
KEY = "the same"


agency = staged(open_agency)


@pytest.fixture
async def urls(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    async with running_hub(settings) as one, running_hub(settings) as other:
        yield one, other


async def test_one_command_fifty_times_at_once_has_one_effect(
    urls: tuple[str, str], agency: Agency, database: Database
) -> None:
    fields = {"room_id": agency.room_id, "body": "once"}
    async with (
        httpx.AsyncClient(headers={"authorization": f"Bearer {agency.ana.token}"}, timeout=PATIENT_SECONDS) as http,
        connected(urls[0], agency.ana) as near,
        connected(urls[1], agency.ana) as far,
    ):
        answers = await asyncio.gather(
            *(by_http(http, urls[nr % 2], fields) for nr in range(TIMES // 2)),
            *(by_socket((near, far)[nr % 2], fields) for nr in range(TIMES // 2)),
        )
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["ok"]
        others = await asyncio.gather(
            *(by_http(http, urls[nr % 2], fields | {"body": "another"}) for nr in range(TIMES // 2)),
            *(by_socket((near, far)[nr % 2], fields | {"body": "another"}) for nr in range(TIMES // 2)),
        )
        assert Counter(answer["error"]["code"] for answer in others) == {"key_reused": TIMES}
    async with database.reading() as tx:
        events = await read_log(tx, f"room:{agency.room_id}", 0)
    assert [event.body["message"]["body"] for event in events if event.name == "message.posted"] == ["once"]


async def by_http(client: httpx.AsyncClient, url: str, fields: dict[str, Any]) -> Any:
    answer = await client.post(f"{url}/api/v1/commands/message.post", json=fields, headers={"idempotency-key": KEY})
    return answer.json()


async def by_socket(client: Client, fields: dict[str, Any]) -> Any:
    return await client.send("message.post", fields | {"key": KEY})
