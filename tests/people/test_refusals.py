"""Commands about people and new rooms: each refused twin, over HTTP and over the socket, beside its success."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from hub.contract.classes import COMMANDS
from hub.settings import Settings
from people.passwords import hashed
from people.persons import Account, add_superadmin
from people.sessions import open_session
from store.database import Database
from tests.hub.agencies import Agency, Person, open_agency
from tests.hub.clients import connected
from tests.hubs import running_hub
from tests.rooms.cases import CASES

PASSWORD = "a long password"
STATUS = {"not_found": 404, "forbidden": 403, "invalid": 422}
ADMINS_ONLY = {"ana": "forbidden", "client": "forbidden"}


@dataclass
class Office:
    """An agency, the superadmin, and somebody of the staff who manages clients and projects."""

    agency: Agency
    root: Person
    manager: Person
    company: str

    def person(self, name: str) -> Person:
        found: Person = getattr(self, name, None) or getattr(self.agency, name)
        return found


@dataclass(frozen=True)
class Case:
    name: str
    by: str
    fields: Callable[[Office], dict[str, Any]]
    refused: dict[str, str]


def newcomer(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": "Petru", "email": "petru@new.example", "password": PASSWORD} | more


OWN = [
    Case("business.open", "root", lambda _o: {"business_name": "Third"}, {**ADMINS_ONLY, "admin": "forbidden"}),
    Case("person.add", "admin", lambda _o: newcomer("admin"), {**ADMINS_ONLY, "manager": "forbidden"}),
    Case("person.add", "admin", lambda _o: newcomer("staff"), {**ADMINS_ONLY, "manager": "forbidden"}),
    Case(
        "person.add",
        "manager",
        lambda o: newcomer("client", company_id=o.company),
        {**ADMINS_ONLY, "outsider": "invalid", "root": "forbidden"},
    ),
    Case(
        "person.add",
        "admin",
        lambda o: newcomer("staff", business_id=str(o.agency.admin.actor.business_id)),
        {"outsider": "not_found", "client": "forbidden"},
    ),
    Case("company.add", "manager", lambda _o: {"name": "Casa Verde"}, {**ADMINS_ONLY, "root": "forbidden"}),
    Case(
        "room.open",
        "manager",
        lambda o: {"title": "Shop", "company_id": o.company},
        {**ADMINS_ONLY, "outsider": "invalid", "root": "forbidden"},
    ),
    Case(
        "password.change",
        "ana",
        lambda _o: {"old_password": PASSWORD, "new_password": PASSWORD * 2},
        {"mihai": "invalid"},
    ),
    Case(
        "session.revoke",
        "ana",
        lambda o: {"session_id": str(o.agency.ana.actor.session_id)},
        {"mihai": "not_found", "admin": "not_found", "client": "not_found", "outsider": "not_found"},
    ),
]


@pytest.fixture
async def office(database: Database) -> Office:
    agency = await open_agency(database)
    added = await agency.run(
        agency.admin,
        "person.add",
        **newcomer("staff", email="manager@atelier.example", permissions=["clients", "projects"]),
    )
    company = await agency.run(agency.admin, "company.add", name="Nord Bakery")
    async with database.transaction() as tx:
        root = await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
    return Office(
        agency,
        root=await _signed_in(database, root),
        manager=await _signed_in(database, UUID(added.result["id"])),
        company=company.result["id"],
    )


async def _signed_in(database: Database, person_id: UUID) -> Person:
    async with database.transaction() as tx:
        return Person(*await open_session(tx, person_id, address="127.0.0.1", agent="test"))


@pytest.fixture
async def url(settings: Settings, office: Office) -> AsyncIterator[str]:
    async with running_hub(settings) as url:
        yield url


async def test_each_is_refused_and_done(database: Database, office: Office, url: str) -> None:
    await _with_password(database, office.agency.ana)
    for case in OWN:
        fields = case.fields(office)
        for name, code in case.refused.items():
            asker = office.person(name)
            by_http = await over_http(url, asker.token, case.name, fields)
            assert (by_http.status_code, by_http.json()["error"]["code"]) == (STATUS[code], code), (case.name, name)
            async with connected(url, asker) as client:
                assert await client.send(case.name, fields) == by_http.json(), (case.name, name)
        stranger = await over_http(url, None, case.name, fields)
        assert (stranger.status_code, stranger.json()["error"]["code"]) == (401, "not_signed_in")
        done = await over_http(url, office.person(case.by).token, case.name, _fresh(fields))
        assert done.status_code == 200, (case.name, done.text)


def test_every_command_is_refused_somewhere() -> None:
    everyones = {"other_sessions.revoke"}  # one's own, and nobody else's
    assert {case.name for case in OWN} | {case.name for case in CASES} | everyones == set(COMMANDS)


async def _with_password(database: Database, person: Person) -> None:
    async with database.transaction() as tx:
        account = await tx.get(Account, person.id)
        assert account
        account.password_hash = await hashed(PASSWORD)


_numbers = iter(range(1000))


def _fresh(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with an e-mail that nobody has."""
    return fields | {"email": f"person{next(_numbers)}@new.example"} if "email" in fields else fields


async def over_http(url: str, token: str | None, name: str, fields: dict[str, Any]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(base_url=url, headers=headers) as client:
        return await client.post(f"/api/v1/commands/{name}", json=fields)
