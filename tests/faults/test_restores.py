"""A restore of an older backup: a new epoch, in which everyone starts afresh instead of trusting their memory."""

import asyncio
from pathlib import Path

from hub.operations import backups
from store.engines import EmbeddedEngines
from store.files.blobs import Blobs
from tests.faults.followers import SNAPSHOT, Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import database_at, hubs_on
from tests.hub.agencies import open_agency


async def test_after_a_restore_everyone_sees_what_was_restored(own_engines: EmbeddedEngines, tmp_path: Path) -> None:
    hubs = hubs_on(own_engines, tmp_path, 2)
    blobs, archive = Blobs.at(tmp_path / "data" / "blobs"), tmp_path / "atrium.tar"
    async with hubs[0], hubs[1], database_at(own_engines.database_url) as database:
        agency = await open_agency(database)
        room = agency.room_id
        urls = [hub.url for hub in hubs]
        async with Follower(urls, agency.ana, room) as ana, Follower(urls[::-1], agency.client, room) as clara:
            async with posting(ana) as load:
                await load.more(30)
                await backups.back_up(database.url, blobs, archive)
                await load.more(30)
            await check(database, room, [], [ana, clara])
            lost, epoch = set(ana.acknowledged), ana.at[0]

            for hub in hubs:
                assert await asyncio.to_thread(hub.stop) == 0
            await database.engine.dispose()
            await backups.restore(database.url, blobs, archive, replace=True)
            for hub in hubs:
                hub.start()
                await hub.wait_until_ready()

            for follower in (ana, clara):
                await follower.until(lambda: follower.at[0] != epoch)  # noqa: B023 - used before the next one
                assert follower.told[-1].name == SNAPSHOT
            kept = {message["body"] for message in clara.state["messages"]}
            assert kept < lost
            ana.asked.clear()
            ana.acknowledged.clear()  # the restore took it back, as it was asked to
            since = clara.at[1]
            await ana.post("after the restore")
            await check(database, room, [], [ana, clara], since=since)
