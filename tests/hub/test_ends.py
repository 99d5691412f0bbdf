"""An end is an end: after it nothing by which somebody came in lets anybody in, within five seconds, on both nodes.

Two hubs in processes of their own, on one PostgreSQL and one Redis, as a firm of some size has them.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest
import redis.asyncio as redis

from hub.parts import ANSWERS
from people.signing.sessions import open_session
from staff.leave.feeds import own_feed
from store.database import Database
from store.engines import EmbeddedEngines
from store.scopes import EVERYWHERE
from tests.databases import Template
from tests.hub.agencies import Person
from tests.hub.clients import Client
from tests.hub.test_main import hub
from tests.hubs import HubProcess
from tests.keys import CIPHER_KEY
from tests.mail import MailServer, mail_server
from tests.patience import browser_at, promised
from tests.people.acting import acting_as
from tests.people.offices import PASSWORD, Office, open_office, with_password
from tests.web.houses import csrf_of

WITHIN_SECONDS = promised(5.0)
NEW = "another long enough one"


@dataclass
class Firm:
    """An office with two hubs that serve it."""

    database: Database
    office: Office
    urls: list[str]
    mail: MailServer


@pytest.fixture(scope="module")
async def firm(
    template: Template, engines: EmbeddedEngines, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Firm]:
    async with redis.Redis.from_url(engines.redis_url) as bus:
        await bus.flushall()
    async with template.copy() as url, AsyncExitStack() as stack:
        database = Database(url, within=EVERYWHERE, answers=ANSWERS)
        stack.push_async_callback(database.close)
        office = await open_office(database)
        mail = await stack.enter_async_context(mail_server())
        await mail.set_up(database)
        shared = {"HUB_DATABASE_URL": url, "HUB_REDIS_URL": engines.redis_url, "HUB_LIMITS": "false"}
        hubs = [HubProcess(tmp_path_factory.mktemp("node") / "data", **shared) for _ in range(2)]
        for each in hubs:
            each.start()
            stack.callback(each.kill)
        await asyncio.gather(*(each.wait_until_ready() for each in hubs))
        yield Firm(database, office, [each.url for each in hubs], mail)


@dataclass
class Access:
    """All by which somebody comes in, or others as them, on either node: what each is asked with."""

    firm: Firm
    person: Person
    bearers: dict[str, str]
    paths: dict[str, str]
    sockets: dict[str, Client]

    async def open(self, but: frozenset[str] = frozenset()) -> set[str]:
        """What of it is still good somewhere."""
        found = {name for name, client in self.sockets.items() if client.connected}
        for nr, url in enumerate(self.firm.urls):
            async with browser_at(url) as browser:
                for name, token in self.bearers.items():
                    answer = await browser.get("/api/v1/rooms", headers={"Authorization": f"Bearer {token}"})
                    assert answer.status_code in (200, 401), answer.text
                    found |= {f"{name} on {nr}"} if answer.status_code == 200 else set()
                for name, path in self.paths.items():
                    answer = await browser.get(path)
                    assert answer.status_code in (200, 404), answer.text
                    found |= {f"{name} on {nr}"} if answer.status_code == 200 else set()
        return {name for name in found if name.rpartition(" on ")[0] not in but}

    @property
    def all(self) -> set[str]:
        return {f"{name} on {nr}" for name in (*self.bearers, *self.paths) for nr in (0, 1)} | set(self.sockets)


@pytest.fixture
async def access(firm: Firm) -> AsyncIterator[Access]:
    """Ana's: two sign-ins, a token, her calendar's address, a superadmin's sitting as her, and a socket by each."""
    ana, office = firm.office.agency.ana, firm.office
    await with_password(firm.database, ana)
    bearers = {}
    for name in ("this sign-in", "another sign-in"):
        async with firm.database.transaction() as tx:
            actor, bearers[name] = await open_session(tx, ana.id, address="127.0.0.1", agent="test")
        if name == "this sign-in":
            ana = Person(actor, bearers[name])
    made = await office.agency.run(ana, "api_token.make", name="Bot", scopes=["rooms:read"], password=PASSWORD)
    bearers["token"] = made.result["secret"]
    bearers["sitting"] = (await acting_as(firm.database, office.root, ana)).token
    await office.agency.run(ana, "calendar_feed.renew")
    async with firm.database.reading(EVERYWHERE) as tx:
        feed = await own_feed(tx, ana.actor)
    assert feed
    async with AsyncExitStack() as stack:
        sockets = {}
        for name, token in bearers.items():
            for nr, url in enumerate(firm.urls):
                client = sockets[f"socket of {name} on {nr}"] = Client(token=token)
                stack.push_async_callback(client.disconnect)
                await client.connect(url)
        access = Access(firm, ana, bearers, {"calendar": f"/calendar/{feed[0]}.ics"}, sockets)
        assert await access.open() == access.all, "it all works before"
        yield access


End = Callable[[Access], Awaitable[float]]


async def by_letter(access: Access) -> float:
    """She asks for a letter on one node, and uses its link on the other."""
    one, other = access.firm.urls
    earlier = letters(access)
    async with browser_at(one, headers={"accept": "text/html"}) as browser:
        page = await browser.get("/reset")
        form = {"csrf": csrf_of(page.text), "email": access.person.actor.email}
        assert (await browser.post("/reset", data=form)).status_code == 303
    return await chosen(other, await link_of(access, earlier))


async def by_admin(access: Access) -> float:
    """An admin has the letter sent."""
    one, other = access.firm.urls
    earlier = letters(access)
    await commanded(one, access.firm.office.agency.admin, "reset.send", person_id=str(access.person.id))
    return await chosen(other, await link_of(access, earlier))


async def by_console(access: Access) -> float:
    """Whoever operates the machine makes the link."""
    variables = {"HUB_DATABASE_URL": access.firm.database.url, "HUB_CIPHER_KEY": CIPHER_KEY}
    done = await asyncio.to_thread(hub, "person", "reset", access.person.actor.email, **variables)
    assert done.returncode == 0, done.stderr
    return await chosen(access.firm.urls[0], urlsplit(done.stderr.split()[-1]).path)


async def by_new_password(access: Access) -> float:
    fields = {"old_password": PASSWORD, "new_password": NEW}
    return await commanded(access.firm.urls[0], access.person, "password.change", **fields)


async def by_signing_out_elsewhere(access: Access) -> float:
    return await commanded(access.firm.urls[0], access.person, "other_sessions.revoke")


async def by_signing_out_everywhere(access: Access) -> float:
    return await commanded(access.firm.urls[0], access.person, "all_sessions.revoke")


async def by_lock(access: Access) -> float:
    admin, whom = access.firm.office.agency.admin, {"person_id": str(access.person.id)}
    ended_at = await commanded(access.firm.urls[0], admin, "person.lock", **whom)
    await commanded(access.firm.urls[1], admin, "person.unlock", **whom)
    return ended_at


async def commanded(url: str, person: Person, name: str, **fields: str) -> float:
    """When a command is done."""
    async with browser_at(url, headers={"Authorization": f"Bearer {person.token}"}) as browser:
        done = await browser.post(f"/api/v1/commands/{name}", json=fields)
    assert done.status_code == 200, done.text
    return time.monotonic()


async def link_of(access: Access, earlier: int) -> str:
    """This is the link in the next letter that has one."""
    number = earlier
    while True:
        number += 1
        letter = await access.firm.mail.letter_to(access.person.actor.email, number=number)
        body = letter.get_body(("plain",))
        assert body
        if found := re.search(r"/reset/\S+", str(body.get_content())):
            return found[0]


def letters(access: Access) -> int:
    return len(access.firm.mail.letters_to(access.person.actor.email))


async def chosen(url: str, path: str) -> float:
    """When a new password was chosen by a link."""
    async with browser_at(url, headers={"accept": "text/html"}) as browser:
        page = await browser.get(path)
        done = await browser.post(path, data={"csrf": csrf_of(page.text), "password": NEW})
    assert done.status_code == 303, done.text
    return time.monotonic()


THIS = frozenset({"this sign-in", "socket of this sign-in"})


@pytest.mark.parametrize(
    ("end", "but"),
    [
        (by_letter, frozenset()),
        (by_admin, frozenset()),
        (by_console, frozenset()),
        (by_new_password, THIS),
        (by_signing_out_elsewhere, THIS),
        (by_signing_out_everywhere, frozenset()),
        (by_lock, frozenset()),
    ],
)
async def test_after_an_end_nothing_of_before_lets_anybody_in(access: Access, end: End, but: frozenset[str]) -> None:
    ended_at = await end(access)
    while still := await access.open(but):
        assert time.monotonic() - ended_at < WITHIN_SECONDS, still
    kept = {f"{name} on {nr}" for name in but for nr in (0, 1)}
    assert await access.open() == kept, "who changed something goes on"


async def test_a_superadmin_s_reset_ends_their_sittings_and_nobody_else_s(firm: Firm, access: Access) -> None:
    root = firm.office.root
    async with firm.database.transaction() as tx:
        _actor, own = await open_session(tx, root.id, address="127.0.0.1", agent="test")
    ended_at = await by_console(replace(access, person=root))
    gone = {f"{what}sitting on {nr}" for what in ("", "socket of ") for nr in (0, 1)}
    while still := await access.open() & gone:
        assert time.monotonic() - ended_at < WITHIN_SECONDS, still
    assert await access.open() == access.all - gone, "Ana herself goes on"
    for url in firm.urls:
        async with browser_at(url, headers={"Authorization": f"Bearer {own}"}) as browser:
            assert (await browser.get("/api/v1/session")).status_code == 401
