"""The disk is full while a file goes up: it doesn't appear, the hub goes on, and later the upload does."""

import os
import resource
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import Agency, open_agency
from tests.hubs import HubProcess
from tests.patience import browser_at
from tests.web.tus import Tus

ROOM_BYTES = 2_000_000


@contextmanager
def full_disk(hub: HubProcess) -> Iterator[None]:
    """Meanwhile no file of this hub's grows beyond a size: writing fails as it does on a full disk."""
    assert hub.process
    soft, hard = resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (ROOM_BYTES, hard))
    try:
        yield
    finally:
        resource.prlimit(hub.process.pid, resource.RLIMIT_FSIZE, (soft, hard))


@asynccontextmanager
async def desk(engines: EmbeddedEngines, folder: Path) -> AsyncIterator[tuple[HubProcess, Agency, Tus]]:
    (hub,) = hubs_on(engines, folder, 1)
    async with (
        hub,
        database_at(engines.database_url) as database,
        browser_at(hub.url) as client,
    ):
        agency = await open_agency(database)
        yield hub, agency, Tus(client, agency.ana, agency.room_id)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prlimit is Linux's")
async def test_a_full_disk_refuses_an_upload_that_goes_on_later(own_engines: EmbeddedEngines, tmp_path: Path) -> None:
    content = os.urandom(3 * ROOM_BYTES)
    async with desk(own_engines, tmp_path) as (hub, agency, ana):
        location = (await ana.create(len(content), "Film.bin")).headers["location"]
        async with Caller([hub.url], agency.ana, agency.room_id) as caller:
            with full_disk(hub):
                refused = await ana.patch(location, 0, content)
                assert refused.status_code == 503, refused.text
                assert refused.json()["error"]["code"]
                await caller.post("the wall goes on")
                assert not [event for event in await caller.log() if event["name"] == "file.added"]

            offset = int((await ana.head(location)).headers["upload-offset"])
            assert (await ana.patch(location, offset, content[offset:])).status_code == 204
            assert [event["name"] for event in await caller.log()].count("file.added") == 1
        file_id = location.rpartition("/")[2]
        got = await ana.client.get(
            f"/files/{file_id}/Film.bin", headers={"authorization": f"Bearer {agency.ana.token}"}
        )
        assert got.content == content
