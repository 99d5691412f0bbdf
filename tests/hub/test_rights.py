"""Rights: who loses one is out of what they had open within five seconds, on every node, with Redis or without."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import update

from hub.gateway import revocations
from hub.settings import Settings
from people.accounts import Account
from people.signing.sessions import Session
from store.database import Database
from tests.hub.agencies import Agency, another_token
from tests.hub.clients import Client, connected, in_room
from tests.hub.nodes import Node, running_node
from tests.hubs import running_hub
from tests.patience import browser_at, promised
from tests.people.acting import acting_as
from tests.people.offices import open_office

WITHIN_SECONDS = promised(5.0)


@pytest.fixture
async def deaf_node(settings: Settings) -> AsyncIterator[Node]:
    """A node whose Redis isn't there."""
    async with running_node(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})) as node:
        yield node


async def test_who_is_removed_is_told_and_then_hears_nothing(node: Node, agency: Agency, deaf_node: Node) -> None:
    async with (
        in_room(node.url, agency.client, agency.room_id) as clara,
        in_room(deaf_node.url, agency.client, agency.room_id) as clara_elsewhere,
        in_room(node.url, agency.ana, agency.room_id) as ana,
    ):
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.client.id)
        for client in (clara, clara_elsewhere):
            assert (await client.hears("room.closed", WITHIN_SECONDS))["room_id"] == agency.room_id
            names = [name for name, _payload in client.heard if name != "presence.changed"]
            assert names == ["member.removed", "room.closed"]
        await agency.post(agency.ana, "among us")
        await ana.hears("message.posted")
        answer = await clara.send("room.enter", {"room_id": agency.room_id})
        assert answer["error"]["code"] == "not_found"
        assert not clara.bodies()
        assert not clara_elsewhere.bodies()


async def test_an_admin_who_is_removed_comes_in_anew(node: Node, agency: Agency) -> None:
    async with in_room(node.url, agency.admin, agency.room_id) as irina:
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.admin.id)
        await irina.hears("room.reset")
        assert not irina.named("room.closed")
        await irina.enter(agency.room_id)


async def test_who_was_removed_while_entering_hears_nothing(node: Node, agency: Agency) -> None:
    """The removal lies between what was read and the joining: it is told from the ring, and ends the subscription."""
    async with connected(node.url, agency.client) as clara:
        streams = node.gateway._streams
        joined = streams._join

        def join_later(*what: Any) -> None:
            removal.append(what)

        removal: list[tuple[Any, ...]] = []
        streams._join = join_later  # type: ignore[method-assign,assignment]
        await clara.enter(agency.room_id)
        await agency.run(agency.admin, "member.remove", room_id=agency.room_id, person_id=agency.client.id)
        joined(*removal[0])
        await agency.post(agency.ana, "among us")
        await clara.hears("room.closed")
        assert await clara.send("room.leave", {"room_id": agency.room_id}) == {"ok": True}
        assert not clara.bodies()


async def test_a_revoked_session_is_out(node: Node, agency: Agency, database: Database, deaf_node: Node) -> None:
    token = await another_token(database, agency.ana)
    phone, elsewhere = Client(token=token), Client(token=token)
    await phone.connect(node.url)
    await elsewhere.connect(deaf_node.url)
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        assert (await ana.send("other_sessions.revoke"))["ok"]
        for client in (phone, elsewhere):
            await client.hears("session.ended", WITHIN_SECONDS)
            await client.is_closed()
        await ana.send("message.post", {"room_id": agency.room_id, "body": "still here"})
        await ana.hears("message.posted")
    await phone.disconnect()
    await elsewhere.disconnect()


@pytest.mark.parametrize("how", ["stopped", "signed out"])
async def test_acting_that_ends_on_one_node_is_out_on_the_other_before_any_sweep(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(revocations, "SWEEP_SECONDS", 3600.0)
    office = await open_office(database)
    as_ana = await acting_as(database, office.root, office.agency.ana)
    async with (
        running_hub(settings) as here,
        running_hub(settings) as there,
        connected(there, as_ana) as acting,
        connected(there, office.agency.ana) as ana,
        browser_at(here, headers={"authorization": f"Bearer {as_ana.token}"}) as browser,
    ):
        ending = (
            ("DELETE", "/api/v1/session") if how == "signed out" else ("POST", "/api/v1/commands/impersonation.end")
        )
        assert (await browser.request(*ending)).status_code == 200
        await acting.hears("session.ended", WITHIN_SECONDS)
        await acting.is_closed()
        assert (await browser.get("/api/v1/session")).status_code == 401
        assert ana.connected, "she herself stays"


@pytest.mark.parametrize("how", ["ended", "deactivated"])
async def test_whoever_ends_a_session_it_is_out(node: Node, agency: Agency, database: Database, how: str) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        async with database.transaction() as tx:
            if how == "ended":
                await tx.execute(update(Session).where(Session.person_id == agency.ana.id).values(ended_at=tx.now))
            else:
                await tx.execute(update(Account).where(Account.person_id == agency.ana.id).values(active=False))
        await ana.hears("session.ended", WITHIN_SECONDS)
        await ana.until(lambda: not ana.connected)


async def test_a_changed_lens_has_its_person_come_in_anew(node: Node, agency: Agency, database: Database) -> None:
    async with in_room(node.url, agency.ana, agency.room_id) as ana:
        entered = await ana.send("stream.enter", {"stream": "business"})
        assert entered["ok"]
        async with database.transaction() as tx:
            grown = update(Account).where(Account.person_id == agency.ana.id).values(permissions=["invoicing"])
            await tx.execute(grown)
        assert (await ana.hears("room.reset", WITHIN_SECONDS))["room_id"] == agency.room_id
        assert (await ana.hears("stream.reset"))["stream"] == f"business:{agency.ana.actor.business_id}"
        at = (await ana.enter(agency.room_id))["at"]
        answer = await ana.enter(agency.room_id, epoch=at["epoch"], after=at["offset"], lens="staff")
        assert answer["snapshot"]["me"]["lens"] == "manager"
        assert "events" in await ana.enter(agency.room_id, epoch=at["epoch"], after=at["offset"], lens="manager")
