"""PostgreSQL's disk is full: commands are refused clearly, nothing is acknowledged falsely, and all goes on by itself
when there is room again."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from store.engines import EmbeddedEngines
from store.migrations import migrate
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import Load, posting
from tests.faults.machines import database_at
from tests.faults.small_disks import SmallDisk, has_own_disks, small_disk
from tests.hub.agencies import Agency, open_agency, open_room
from tests.hubs import HubProcess
from tests.patience import PATIENT_SECONDS, browser_at, promised

HEALED_SECONDS = promised(10.0)
WAYS = ["full disk", pytest.param("quota", marks=pytest.mark.faults_long)] if has_own_disks() else ["quota"]


@pytest.mark.parametrize("way", WAYS)
async def test_a_full_disk_under_postgres_is_said_and_healed(tmp_path: Path, way: str) -> None:
    async with EmbeddedEngines(tmp_path / "valkey", postgres=False) as valkey, small_disk(tmp_path / "d", way) as disk:
        await migrate(disk.database_url)
        urls = {"HUB_DATABASE_URL": disk.database_url, "HUB_REDIS_URL": valkey.redis_url}
        async with (
            HubProcess(tmp_path / "data", **urls) as hub,
            database_at(disk.database_url) as database,
        ):
            agency = await open_agency(database)
            room, elsewhere = agency.room_id, await open_room(agency, "Elsewhere", [])
            async with (
                Follower([hub.url], agency.ana, room) as ana,
                Follower([hub.url], agency.client, room) as clara,
                Caller([hub.url], agency.mihai, room) as mihai,
            ):
                async with posting(ana, mihai, pause_seconds=0.05) as load:
                    await load.more(20)
                    await disk.fill()
                    refused = await until_refused(hub, agency, elsewhere)
                    assert refused.status_code == 503
                    assert refused.json()["error"]["code"] == "unavailable"
                    assert "space" in refused.json()["error"]["message"]
                    assert (await hub_reads(hub, agency)).status_code == 200
                    await heals(disk, load)
                    if way == "full disk":
                        await disk.fill()
                        await until_postgres_gives_up(disk)
                        await heals(disk, load)
                await database.engine.dispose()
                await check(database, room, [mihai], [ana, clara])


async def until_refused(hub: HubProcess, agency: Agency, room: str) -> httpx.Response:
    """This is the answer to the first large message that isn't taken."""
    signed = {"authorization": f"Bearer {agency.admin.token}"}
    async with (
        browser_at(hub.url, headers=signed) as client,
        asyncio.timeout(PATIENT_SECONDS),
    ):
        while True:
            body = os.urandom(4500).hex()
            answer = await client.post("/api/v1/commands/message.post", json={"room_id": room, "body": body})
            if answer.status_code not in {200, 429}:
                return answer


async def hub_reads(hub: HubProcess, agency: Agency) -> httpx.Response:
    async with browser_at(hub.url) as client:
        signed = {"authorization": f"Bearer {agency.ana.token}"}
        return await client.get(f"/api/v1/rooms/{agency.room_id}", headers=signed)


async def until_postgres_gives_up(disk: SmallDisk) -> None:
    """Use up what PostgreSQL's own log had left: then it can't go on at all."""
    url = disk.database_url
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        async with asyncio.timeout(PATIENT_SECONDS):
            connection = await asyncpg.connect(url)
            for _megabyte in range(1000):
                await connection.execute("select pg_logical_emit_message(false, 'x', repeat('x', 1000000))")
        raise AssertionError("there was room")


async def heals(disk: SmallDisk, load: Load) -> None:
    await disk.free()
    free_at = time.monotonic()
    await load.more(20)
    assert time.monotonic() - free_at < HEALED_SECONDS
