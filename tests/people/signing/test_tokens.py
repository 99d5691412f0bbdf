"""API tokens: they do what their scopes cover, and nothing after their end."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, text

from commands.token_scopes import scope_of_command
from hub.contract import openapi
from hub.contract.classes import COMMANDS
from hub.parts import READS
from hub.settings import Settings
from people.forms import ApiTokenForm
from people.hands import BY_A_PROGRAM
from people.signing.tokens import SCOPES, ApiToken, actor_by
from store.database import Database
from store.errors import Invalid
from tests.hub.agencies import Person
from tests.hub.clients import connected
from tests.hubs import running_hub
from tests.patience import browser_at
from tests.people.offices import PASSWORD, Office, open_office, with_password
from tests.stages import staged

office = staged(open_office)


@pytest.fixture
async def url(settings: Settings, office: Office) -> AsyncIterator[str]:
    async with running_hub(settings) as url:
        yield url


async def made(office: Office, who: str, *scopes: str, **fields: Any) -> str:
    await with_password(office.agency.commands.database, office.person(who))
    fields |= {"name": "Bot", "scopes": list(scopes), "password": PASSWORD}
    done = await office.agency.run(office.person(who), "api_token.make", **fields)
    return str(done.result["secret"])


def program(url: str, token: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return browser_at(url, headers=headers)


def speaking(person: Person, token: str) -> Person:
    return Person(person.actor, token)


def test_every_command_has_a_scope_or_is_for_own_hands() -> None:
    for name, entry in COMMANDS.items():
        scope = scope_of_command(entry.command)
        assert (scope in SCOPES) if entry.command.touches in BY_A_PROGRAM else scope is None, name


async def test_a_token_is_kept_as_a_digest_and_shown_once(database: Database, office: Office) -> None:
    fields = {"name": "Bot", "scopes": ["rooms:read"], "password": PASSWORD}
    run, ana = office.agency.commands.run, office.agency.ana.actor
    first = await run(ana, "api_token.make", fields, key="one")
    again = await run(ana, "api_token.make", fields, key="one")
    secret = first.result["secret"]
    assert secret.startswith("atr_")
    assert again.result == {"api_token": first.result["api_token"], "secret": None}
    async with database.reading() as tx:
        for table in ("api_tokens", "idempotency_keys", "events", "journal"):
            query = text(f"select 1 from {table} as held where held::text like :secret")
            assert (await tx.execute(query, {"secret": f"%{secret}%"})).first() is None, table
    actor = await actor_by(database, secret)
    assert actor
    assert (actor.id, actor.scopes) == (ana.id, frozenset({"rooms:read"}))
    async with database.reading() as tx:
        assert await tx.scalar(select(ApiToken.used_at).where(ApiToken.id == actor.token_id))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": ["rooms:own"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["rooms:read"], "expires_on": "2020-01-01"}, "expires_on"),
        ({"scopes": ["rooms:read"], "expires_on": "9999-12-31"}, "expires_on"),
        ({"scopes": ["rooms:read"], "password": "not hers at all"}, "password"),
    ],
)
async def test_what_cannot_be_made(office: Office, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await office.agency.run(office.agency.ana, "api_token.make", **{"name": "Bot", "password": PASSWORD} | fields)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("Europe/Bucharest", "2030-06-14T21:00:00+00:00"),
        ("America/Los_Angeles", "2030-06-15T07:00:00+00:00"),
        ("Pacific/Kiritimati", "2030-06-14T10:00:00+00:00"),
        ("UTC", "2030-06-15T00:00:00+00:00"),
    ],
)
async def test_a_token_works_through_its_last_day_where_its_owner_is(
    database: Database, office: Office, zone: str, ends: str
) -> None:
    ana, over = replace(office.agency.ana.actor, time_zone=zone), datetime.fromisoformat(ends)
    database.clock = partial(_same, over - timedelta(days=30))
    last_day = {"name": "Bot", "scopes": ["rooms:read"], "expires_on": "2030-06-14", "password": PASSWORD}
    made = (await office.agency.commands.run(ana, "api_token.make", last_day)).result
    form = ApiTokenForm.model_validate(made["api_token"])
    assert form.expires_at == over
    assert form.last_at
    assert form.last_at.astimezone(ZoneInfo(zone)).date() == date(2030, 6, 14)
    for at, works in ((over - timedelta(seconds=1), True), (over, False)):
        database.clock = partial(_same, at)
        assert (await actor_by(database, made["secret"]) is not None) is works


def _same(at: datetime) -> datetime:
    return at


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "2030-06-16"), ("Pacific/Pago_Pago", "2030-06-14")])
async def test_today_is_the_owner_s(database: Database, office: Office, zone: str, day: str) -> None:
    database.clock = lambda: datetime(2030, 6, 15, 10, 30, tzinfo=UTC)
    ana = replace(office.agency.ana.actor, time_zone=zone)
    fields = {"name": "Bot", "scopes": ["rooms:read"], "password": PASSWORD}
    await office.agency.commands.run(ana, "api_token.make", fields | {"expires_on": day})
    before = date.fromisoformat(day) - timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        await office.agency.commands.run(ana, "api_token.make", fields | {"expires_on": before.isoformat()})
    assert refused.value.fields.keys() == {"expires_on"}


async def test_scopes_hold_over_http(office: Office, url: str) -> None:
    room = office.agency.room_id
    async with program(url, await made(office, "ana", "rooms:read")) as reader:
        assert (await reader.get("/api/v1/session")).json()["person"]["name"] == "Ana"
        assert (await reader.get(f"/api/v1/rooms/{room}")).status_code == 200
        for refused in (
            await reader.get("/api/v1/people"),
            await reader.get("/api/v1/sessions"),
            await reader.delete("/api/v1/session"),
            await reader.post("/api/v1/commands/message.post", json={"room_id": room, "body": "Hello"}),
            await reader.post("/api/v1/commands/account.change", json={"theme": "dark"}),
            await reader.get("/parts/home"),
            await reader.get("/account"),
        ):
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing"), refused.url
    async with program(url, await made(office, "ana", "rooms:write")) as writer:
        assert (await writer.get(f"/api/v1/rooms/{room}")).status_code == 200
        posted = await writer.post("/api/v1/commands/message.post", json={"room_id": room, "body": "Hello"})
        assert posted.status_code == 200, posted.text


async def test_each_address_takes_the_scope_that_the_document_says(office: Office, url: str) -> None:
    asked: dict[str | None, list[tuple[str, str]]] = {}
    for path, item in openapi("1.0.0")["paths"].items():
        for method, said in item.items():
            if "x-scope" in said and not path.startswith("/api/v1/commands/"):
                asked.setdefault(said["x-scope"], []).append((method, re.sub(r"{\w+}", str(uuid4()), path)))
    assert {read.scope for read in READS} <= asked.keys() <= {*SCOPES, None}
    for scope, addresses in asked.items():
        area = scope and scope.partition(":")[0]
        others = [other for other in SCOPES if other not in (scope, f"{area}:write")]
        async with program(url, await made(office, "admin", *others)) as bot:
            for method, path in addresses:
                refused = await bot.request(method, path, headers={"Tus-Resumable": "1.0.0"})
                assert refused.status_code == 403, (method, path)
        if scope is None:
            continue
        async with program(url, await made(office, "admin", scope)) as bot:
            for method, path in addresses:
                taken = await bot.request(method, path, headers={"Tus-Resumable": "1.0.0"})
                assert taken.status_code != 403, (method, path)


async def test_a_token_never_touches_how_its_person_signs_in(office: Office, url: str) -> None:
    async with program(url, await made(office, "admin", *SCOPES)) as everything:
        for name, entry in COMMANDS.items():
            if entry.command.touches not in BY_A_PROGRAM:
                refused = await everything.post(f"/api/v1/commands/{name}", json={})
                assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing"), name


async def test_a_token_gives_nobody_rights(office: Office, url: str) -> None:
    newcomer = {"name": "New", "email": "new@firm.example", "password": "a long enough one"}
    role, ana = str(office.things["role"]), str(office.agency.ana.id)
    async with program(url, await made(office, "admin", *SCOPES)) as everything:

        async def ask(name: str, /, **fields: Any) -> int:
            return (await everything.post(f"/api/v1/commands/{name}", json=fields)).status_code

        assert await ask("person.add", kind="admin", **newcomer) == 403
        assert await ask("person.add", kind="staff", role_id=role, **newcomer) == 403
        assert await ask("person.add", kind="staff", permissions=["projects"], **newcomer) == 403
        assert await ask("person.invite", kind="admin", name="New", email="new@firm.example") == 403
        assert await ask("person.change", person_id=ana, permissions=["staff"]) == 403
        assert await ask("person.change", person_id=ana, role_id=role) == 403
        assert await ask("person.promote", person_id=ana) == 403
        assert await ask("person.change", person_id=ana, name="Ana Maria") == 200
        assert await ask("person.change", person_id=str(office.agency.client.id), company_ids=[office.company]) == 403
        assert await ask("person.add", kind="client", company_ids=[office.company], **newcomer) == 403
        assert await ask("client.link", company_id=str(office.company), person_id=str(office.agency.client.id)) == 403
        assert await ask("client.keep", name="New", company_ids=[office.company]) == 403
        assert await ask("client.keep", name="New") == 200
        unit = (await everything.post("/api/v1/commands/department.add", json={"name": "Field"})).json()["result"]["id"]
        assert await ask("department.add", name="Front", head_id=ana) == 403
        assert await ask("department.change", department_id=unit, deputy_ids=[ana]) == 403
        assert await ask("department.change", department_id=unit, name="Yard", head_id=None) == 200
        assert await ask("business.change", find_closed=True) == 403
        assert await ask("person.unlock", person_id=ana) == 403
        assert await ask("person.reactivate", person_id=ana) == 403
        assert await ask("person.invite", kind="staff", name="New", email="new@firm.example") == 200


async def test_what_is_found_is_what_the_scopes_cover(office: Office, url: str) -> None:
    await office.agency.run(office.agency.admin, "company.add", name="Harbour", email="post@harbour.example")
    await office.agency.run(office.agency.admin, "room.open", title="Harbour shop", member_ids=[])

    async def kinds(*scopes: str) -> set[str]:
        async with program(url, await made(office, "admin", *scopes)) as bot:
            found = (await bot.get("/api/v1/search", params={"q": "harbour"})).json()["results"]
        return {result["kind"] for result in found}

    assert await kinds("rooms:read") == {"room"}
    assert await kinds("rooms:read", "companies:write") == {"room", "company"}


async def test_a_token_may_no_more_than_its_person(office: Office, url: str) -> None:
    async with program(url, await made(office, "ana", "people:write", "installation:write")) as program_of_anas:
        for name, fields in (
            ("person.lock", {"person_id": str(office.agency.mihai.id)}),
            ("language.add", {"code": "fr"}),
        ):
            refused = await program_of_anas.post(f"/api/v1/commands/{name}", json=fields)
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden"), name


async def test_scopes_hold_on_sockets(office: Office, url: str) -> None:
    room, ana = office.agency.room_id, office.agency.ana
    async with connected(url, speaking(ana, await made(office, "ana", "rooms:read"))) as reader:
        entered = await reader.send("room.enter", {"room_id": room})
        process = {"stream": "process", "id": entered["snapshot"]["process"]["id"]}
        assert (await reader.send("stream.enter", process))["ok"]
        for name, fields in (
            ("message.post", {"room_id": room, "body": "Hello"}),
            ("stream.enter", {"stream": "business"}),
            ("stream.enter", {"stream": "person"}),
            ("signal.send", {"room_id": room, "kind": "typing", "data": {}}),
            ("api_token.make", {"name": "Another", "scopes": ["rooms:write"], "password": PASSWORD}),
            ("presence.set", {"state": "away"}),
        ):
            assert (await reader.send(name, fields))["error"]["code"] == "scope_missing", name
    async with connected(url, speaking(ana, await made(office, "ana", "people:read"))) as other:
        assert (await other.send("room.enter", {"room_id": room}))["error"]["code"] == "scope_missing"
        assert (await other.send("stream.enter", process))["error"]["code"] == "scope_missing"
        assert (await other.send("stream.enter", {"stream": "business"}))["ok"]


async def test_a_revoked_token_loses_its_socket(office: Office, url: str) -> None:
    ana, secret = office.agency.ana, await made(office, "ana", "rooms:read")
    async with program(url, secret) as bot, connected(url, speaking(ana, secret)) as client:
        assert (await client.send("room.enter", {"room_id": office.agency.room_id}))["ok"]
        listed = await office.agency.commands.database.driver.rows(
            "select id from api_tokens where name = 'Bot' and person_id = $1 order by made_at desc", ana.id, within="*"
        )
        await office.agency.run(ana, "api_token.revoke", token_id=str(listed[0]["id"]))
        assert (await bot.get("/api/v1/session")).status_code == 401
        await client.is_closed(5)


async def test_an_expired_token_loses_its_socket(database: Database, office: Office, url: str) -> None:
    ana, secret = office.agency.ana, await made(office, "ana", "rooms:read", expires_on="2199-12-31")
    async with program(url, secret) as bot, connected(url, speaking(ana, secret)) as client:
        assert (await bot.get("/api/v1/session")).status_code == 200
        async with database.transaction() as tx:
            await tx.execute(text("update api_tokens set expires_at = :at"), {"at": tx.now - timedelta(seconds=1)})
        assert (await bot.get("/api/v1/session")).status_code == 401
        await client.is_closed(5)


async def test_a_token_is_no_cookie(office: Office, url: str) -> None:
    secret = await made(office, "ana", "rooms:read")
    async with browser_at(url, cookies={"hub_session": secret}) as browser:
        assert (await browser.get("/api/v1/session")).status_code == 401
