"""An office to be refused in: an agency, who runs the installation, and somebody who manages clients and projects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from people.accounts import Account
from people.mail import send_letter
from people.persons.emails import EMAIL_KNOWN
from people.persons.invitations import Invitation
from people.persons.superadmins import add_superadmin
from people.signing.known_devices import device_token, know_device
from people.signing.passwords.passwords import hashed
from people.signing.sessions import open_session
from store.database import Database
from tests.hub.agencies import Agency, Person, open_agency
from tests.people.staffing import staffing

PASSWORD = "a long password"
SERVICE = {
    "name": "Keycloak",
    "issuer": "https://id.atelier.example",
    "client_id": "atrium",
    "client_secret": "s",
    "domains": ["atelier.example"],
    "password": PASSWORD,
}
ADMINS_ONLY = {"ana": "forbidden", "client": "forbidden"}
ELSEWHERE = {"outsider": "not_found"}
"""Whoever belongs to another business, and holds all there."""


@dataclass
class Office:
    """An agency, the superadmin, and somebody of the staff who manages clients and projects."""

    agency: Agency
    root: Person
    manager: Person
    lead: Person
    """Of the staff, and manages staff."""
    company: str
    things: dict[str, str]
    """What the company has, and what the business offers, by what it is."""

    def person(self, name: str) -> Person:
        found: Person = getattr(self, name, None) or getattr(self.agency, name)
        return found


@dataclass(frozen=True)
class Case:
    name: str
    by: str
    fields: Callable[[Office], dict[str, Any]]
    refused: dict[str, str] = field(default_factory=dict)
    """Who holds what the command needs and is refused all the same, with which code. Whoever doesn't hold it is asked
    for by the matrix of rights, and a stranger is refused always."""


def newcomer(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": "Petru", "email": "petru@new.example", "password": PASSWORD} | more


async def open_office(database: Database) -> Office:
    agency = await open_agency(database)
    added = await agency.run(
        agency.admin,
        "person.add",
        **newcomer("staff", email="manager@atelier.example", permissions=["clients", "projects"]),
    )
    lead = await agency.run(
        agency.admin, "person.add", **newcomer("staff", email="lead@atelier.example", permissions=["staff", "tickets"])
    )
    company = await agency.run(agency.admin, "company.add", name="Nord Bakery")
    await with_password(database, agency.admin)
    things = await _things(agency, company.result["id"]) | await staffing(agency) | await _written(database, agency)
    async with database.transaction() as tx:
        root = await add_superadmin(tx, "Rada", "rada@atrium.example", PASSWORD)
    return Office(
        agency,
        root=await _signed_in(database, root),
        manager=await _signed_in(database, UUID(added.result["id"])),
        lead=await _signed_in(database, UUID(lead.result["id"])),
        company=company.result["id"],
        things=things,
    )


async def _written(database: Database, agency: Agency) -> dict[str, str]:
    """Somebody who is invited, the letter to them, a token of Ana's, and a browser of hers."""
    person = {"kind": "staff", "name": "Petra", "email": "petra@new.example"}
    invited = await agency.run(agency.admin, "person.invite", **person)
    await with_password(database, agency.ana)
    making = {"name": "Bot", "scopes": ["rooms:read"], "password": PASSWORD}
    token = await agency.run(agency.ana, "api_token.make", **making)
    async with database.transaction() as tx:
        await tx.execute(
            update(Invitation).values(opened_at=tx.now - timedelta(hours=1))
        )  # so that it may be sent again
        letter = await send_letter(tx, EMAIL_KNOWN, to_person_id=agency.mihai.id)
        device = await know_device(tx, agency.ana.id, agency.ana.actor.business_id, device_token(None), "test")
    return {
        "invited": invited.result["id"],
        "letter": str(letter),
        "token": token.result["api_token"]["id"],
        "device": str(device),
    }


async def _things(agency: Agency, company: str) -> dict[str, str]:
    async def made(name: str, /, **fields: Any) -> str:
        return str((await agency.run(agency.admin, name, **fields)).result["id"])

    used = await made("service.add", name="Care")
    role = await made("role.add", name="Writers", permissions=["tickets"])
    plain = await made("role.add", name="Readers")
    return {
        "provider": await made("provider.add", **SERVICE),
        "role": role,
        "plain_role": plain,
        "hired": await made("person.add", **newcomer("staff", email="hired@atelier.example", role_id=plain)),
        "customer": await made("person.add", **newcomer("client", email="customer@nord.example", name="Crina")),
        "kept": await made("client.keep", name="Horia"),
        "company": await made("company.add", name="Casa Mica"),
        "contact": await made("contact.add", company_id=company, name="Elena"),
        "note": await made("company_note.add", company_id=company, body="Calls on Mondays"),
        "service": await made("service.add", name="Website"),
        "other_service": await made("service.add", name="Shop"),
        "subscription": await made("subscription.add", company_id=company, service_id=used),
    }


async def _signed_in(database: Database, person_id: UUID) -> Person:
    async with database.transaction() as tx:
        return Person(*await open_session(tx, person_id, address="127.0.0.1", agent="test"))


async def with_password(database: Database, person: Person) -> None:
    async with database.transaction() as tx:
        account = await tx.get(Account, person.id)
        assert account
        account.password_hash = await hashed(PASSWORD)
