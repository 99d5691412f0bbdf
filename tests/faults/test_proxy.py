"""Many machines, side by side on this one: two hubs with the settings of docker-compose.yml behind its Caddy, with TLS,
WebSocket only and no sticky sessions. Nodes come and go; people don't notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from socketio.exceptions import ConnectionError as NotConnected

from store.database import Database
from store.engines import EmbeddedEngines
from tests.faults.callers import Caller
from tests.faults.followers import Follower
from tests.faults.histories import check
from tests.faults.loads import posting
from tests.faults.machines import Proxy, caddy, database_at, hubs_on
from tests.hub.agencies import Agency, open_agency
from tests.hub.clients import Client
from tests.hubs import HubProcess, free_port
from tests.patience import browser_at


@dataclass(frozen=True)
class Site:
    """Two hubs behind a proxy, and an agency that works there."""

    hubs: list[HubProcess]
    proxy: Proxy
    database: Database
    agency: Agency


@pytest.fixture
async def site(own_engines: EmbeddedEngines, tmp_path: Path) -> AsyncIterator[Site]:
    port = free_port()
    hubs = hubs_on(
        own_engines,
        tmp_path,
        2,
        HUB_SECRET="the same on both",
        HUB_PUBLIC_URL=f"https://localhost:{port}",
        HUB_TRUSTED_PROXIES="127.0.0.0/8",
    )
    one, other = hubs
    async with (
        one,
        other,
        caddy(tmp_path / "caddy", port, hubs) as proxy,
        database_at(own_engines.database_url) as opened,
    ):
        yield Site(hubs, proxy, opened, await open_agency(opened))


@asynccontextmanager
async def at_work(site: Site) -> AsyncIterator[tuple[list[Follower], list[Caller]]]:
    """Ana, Mihai and the client have the room open; a bot and the admin call by HTTP. All come through the proxy."""
    agency, url, tls = site.agency, site.proxy.url, site.proxy.tls
    async with (
        Follower([url], agency.ana, agency.room_id, tls=tls) as ana,
        Follower([url], agency.mihai, agency.room_id, tls=tls) as mihai,
        Follower([url], agency.client, agency.room_id, tls=tls) as clara,
        Caller([url], agency.admin, agency.room_id, tls=tls) as irina,
        Caller([url], agency.ana, agency.room_id, tls=tls) as bot,
    ):
        yield [ana, mihai, clara], [irina, bot]


async def test_nodes_are_replaced_one_by_one_under_load_with_nothing_missed(site: Site) -> None:
    async with at_work(site) as (followers, callers):
        async with posting(*followers, *callers) as load:
            await load.more(100)
            for hub in site.hubs:
                assert await asyncio.to_thread(hub.stop) == 0
                await load.more(50)
                hub.start()
                await hub.wait_until_ready()
                await load.more(50)
        await check(site.database, site.agency.room_id, callers, followers)
        assert all(follower.away_seconds for follower in followers)
        assert max(seconds for follower in followers for seconds in follower.away_seconds) < 10


async def test_a_node_killed_under_load_is_left_with_nothing_missed(site: Site) -> None:
    async with at_work(site) as (followers, callers):
        async with posting(*followers, *callers) as load:
            await load.more(100)
            site.hubs[0].kill()
            await load.more(100)
        await check(site.database, site.agency.room_id, callers, followers)
        assert any(follower.away_seconds for follower in followers)
        assert max(seconds for follower in followers for seconds in follower.away_seconds) < 10


async def test_the_proxy_tells_where_people_are(site: Site) -> None:
    async with browser_at(site.proxy.url, verify=site.proxy.tls) as client:
        page = await client.get("/sign-in")
        assert "max-age" in page.headers["strict-transport-security"]
        assert "; secure" in page.headers["set-cookie"].lower()
        assert (await client.get("/metrics")).status_code == 404
    poller = Client(site.agency.ana, tls=site.proxy.tls)
    with pytest.raises(NotConnected):
        await poller.connect(site.proxy.url, transports=["polling"])
    await poller.disconnect()


async def test_by_plain_http_pages_lead_on_and_programs_are_told(site: Site) -> None:
    async with browser_at(site.proxy.plain) as client:
        page = await client.get("/rooms?q=x")
        assert (page.status_code, page.headers["location"]) == (308, "https://localhost/rooms?q=x")
        for place in ("/api/v1/rooms", "/calendar/secret.ics", "/socket.io/?EIO=4&transport=websocket"):
            refused = await client.get(place)
            assert (refused.status_code, "location" in refused.headers) == (403, False), place
            assert "https" in refused.text
