"""A hub in a process of its own: it starts by itself, stops in order, and survives what kills it."""

import asyncio
import time
from pathlib import Path

import psutil
import pytest

from tests.hubs import HubProcess, LoadingHub
from tests.patience import PATIENT_SECONDS, browser_at, promised


async def test_a_hub_serves_its_sign_in_page(hub: str) -> None:
    async with browser_at(hub) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/sign-in")).status_code == 200


async def test_a_hub_with_its_own_engines_stops_in_order(tmp_path: Path) -> None:
    async with LoadingHub(tmp_path / "data") as hub:
        assert hub.process
        family = psutil.Process(hub.process.pid).children(recursive=True)
        assert family
        assert await asyncio.to_thread(hub.stop) == 0
    assert not [process for process in family if process.is_running()]
    assert "shut down" in (tmp_path / "data" / "logs" / "postgres.log").read_text().splitlines()[-1]


async def test_a_killed_hub_serves_again_within_seconds(tmp_path: Path) -> None:
    hub = LoadingHub(tmp_path / "data")
    async with hub:
        assert hub.process
        family = psutil.Process(hub.process.pid).children(recursive=True)
        hub.kill()
        started_at = time.monotonic()
        hub.start()
        await hub.wait_until_ready()
        assert time.monotonic() - started_at < promised(10)  # two or so on a machine that is free
        assert not psutil.wait_procs(family, timeout=PATIENT_SECONDS)[1]


async def test_a_second_hub_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub:
        second = LoadingHub(tmp_path / "data")
        second.start()
        assert second.process
        assert hub.process
        assert await asyncio.to_thread(second.process.wait, PATIENT_SECONDS) == 1
        assert f"in use by another hub (process {hub.process.pid})" in second.log.read_text()
        async with browser_at(hub.url) as client:
            assert (await client.get("/readyz")).status_code == 200


async def test_two_hubs_share_engines_that_are_named(
    database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    monkeypatch.setenv("HUB_REDIS_URL", redis_url)
    async with (
        HubProcess(tmp_path / "data") as one,
        HubProcess(tmp_path / "data") as other,
    ):
        assert one.url != other.url
