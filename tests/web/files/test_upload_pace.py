"""How fast one person begins to send files, over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from hub.settings import Settings
from tests.hub.agencies import Agency, open_agency
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.stages import staged
from tests.web.tus import Tus


@dataclass
class Desk:
    client: httpx.AsyncClient
    agency: Agency

    def of(self, who: str) -> Tus:
        return Tus(self.client, getattr(self.agency, who), self.agency.room_id)


agency = staged(open_agency)


@asynccontextmanager
async def desk(settings: Settings, agency: Agency, **limits: object) -> AsyncIterator[Desk]:
    async with running_hub(settings.model_copy(update=limits)) as url, browser_at(url) as client:
        yield Desk(client, agency)


async def test_files_are_begun_at_a_pace_and_clients_are_slower(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_uploads_burst=8, limit_uploads_per_minute=1) as open_desk:
        for who, most in (("ana", 8), ("client", 2), ("mihai", 8)):
            tus = open_desk.of(who)
            assert [(await tus.create(0)).status_code for _ in range(most)] == [201] * most
            refused = await tus.create(0)
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
            assert 0 < int(refused.headers["retry-after"]) <= 60 * (4 if who == "client" else 1)
            assert refused.headers["tus-resumable"] == "1.0.0"


async def test_what_was_begun_goes_on_whatever_the_pace(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_uploads_burst=1, limit_uploads_per_minute=0.01) as open_desk:
        ana = open_desk.of("ana")
        location = (await ana.create(10)).headers["location"]
        assert (await ana.create(10)).status_code == 429
        assert (await ana.patch(location, 0, b"12345")).status_code == 204
        assert (await ana.patch(location, 5, b"67890")).status_code == 204


async def test_so_many_are_on_their_way(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_uploads_at_once=4) as open_desk:
        ana = open_desk.of("ana")
        begun = [await ana.create(10) for _ in range(4)]
        refused = await ana.create(10)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_uploads")
        assert int(refused.headers["retry-after"]) > 0
        assert (await ana.delete(begun[0].headers["location"])).status_code == 204
        assert (await ana.create(10)).status_code == 201


async def test_so_many_are_being_sent_at_a_time(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_uploads_sending=1, limit_commands_burst=1_000_000) as open_desk:
        ana, begun, sent = open_desk.of("ana"), asyncio.Event(), asyncio.Event()
        first, second = [(await ana.create(10)).headers["location"] for _ in range(2)]

        async def slowly() -> AsyncIterator[bytes]:
            yield b"12345"
            begun.set()
            await sent.wait()
            yield b"67890"

        slow = asyncio.create_task(ana.patch(first, 0, slowly()))
        await begun.wait()
        while (refused := await ana.patch(second, 0, b"")).status_code != 429:
            assert refused.status_code == 204
        assert refused.json()["error"]["code"] == "too_many_senders"
        assert int(refused.headers["retry-after"]) > 0
        sent.set()
        assert (await slow).status_code == 204
        assert (await ana.patch(second, 0, b"1234567890")).status_code == 204


async def test_pieces_come_at_the_pace_of_commands(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_commands_burst=2, limit_commands_per_second=0.01) as open_desk:
        ana = open_desk.of("ana")
        location = (await ana.create(10)).headers["location"]
        sent = [(await ana.patch(location, nr, b"1")).status_code for nr in range(3)]
        assert sent == [204, 204, 429]
        assert (await ana.head(location)).headers["upload-offset"] == "2"


async def test_logos_are_files_too(settings: Settings, agency: Agency) -> None:
    async with desk(settings, agency, limit_uploads_burst=1, limit_uploads_per_minute=0.01) as open_desk:
        headers = {"cookie": f"hub_session={agency.admin.token}", "accept": "text/html"}
        page = (await open_desk.client.get("/settings/business", headers=headers)).text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        for status in (422, 429):  # what isn't a picture is looked at once
            form = {"logo": ("a.png", b"no picture")}
            answer = await open_desk.client.post("/settings/logo", headers=headers, data={"csrf": csrf}, files=form)
            assert answer.status_code == status


async def test_the_pace_can_be_lifted(settings: Settings, agency: Agency) -> None:
    lifted = {"limit_uploads_burst": 1, "limit_uploads_per_minute": 0.01, "limit_uploads_at_once": 1, "limits": False}
    async with desk(settings, agency, **lifted) as open_desk:
        assert {(await open_desk.of("ana").create(10)).status_code for _ in range(3)} == {201}
