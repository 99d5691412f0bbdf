"""Who may read the metrics."""

import httpx
import pytest
from pydantic import ValidationError

from hub.settings import Settings
from tests.hubs import running_hub


async def test_they_are_for_the_networks_named(settings: Settings) -> None:
    assert await status(settings) == 200
    assert await status(settings.model_copy(update={"metrics_from": "192.0.2.0/24"})) == 404
    assert await status(settings.model_copy(update={"metrics_from": "192.0.2.0/24, 127.0.0.1/32"})) == 200


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="metrics_from"):
        Settings(metrics_from="everywhere")


async def status(settings: Settings) -> int:
    async with running_hub(settings) as url, httpx.AsyncClient(base_url=url, verify=False) as client:
        return (await client.get("/metrics")).status_code
