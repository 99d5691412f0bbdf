"""An agency to test with: Ana and Mihai of the staff, an admin, a client, a room; and a second business."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from commands.runner import Answer, Commands
from hub.parts import VERBS
from people.accounts import Account
from people.actors import Actor
from people.businesses import Business
from people.first_roles import offer_roles
from people.parties import Party
from people.signing.sessions import open_session
from store.database import Database, Transaction
from store.ids import new_id


@dataclass
class Person:
    """Someone with a session."""

    actor: Actor
    token: str

    @property
    def id(self) -> UUID:
        return self.actor.id


@dataclass
class Agency:
    """Two businesses' people, and the *Website* room of the first with the client, Ana and Mihai in it."""

    commands: Commands
    admin: Person
    ana: Person
    mihai: Person
    client: Person
    outsider: Person
    """The admin of the other business."""
    room_id: str = ""

    async def run(self, person: Person, name: str, /, **fields: Any) -> Answer:
        return await self.commands.run(person.actor, name, fields)

    async def post(self, person: Person, body: str, **fields: Any) -> Answer:
        return await self.run(person, "message.post", room_id=self.room_id, body=body, **fields)


async def open_agency(database: Database) -> Agency:
    async with database.transaction() as tx:
        first, second = await _business(tx, "Atelier"), await _business(tx, "Other")
        agency = Agency(
            Commands(database, VERBS),
            admin=await _person(tx, first, "admin", "Irina"),
            ana=await _person(tx, first, "staff", "Ana"),
            mihai=await _person(tx, first, "staff", "Mihai"),
            client=await _person(tx, first, "client", "Clara"),
            outsider=await _person(tx, second, "admin", "Oleh"),
        )
    members = [str(person.id) for person in (agency.ana, agency.mihai, agency.client)]
    agency.room_id = await open_room(agency, "Website", members)
    return agency


async def open_room(agency: Agency, title: str, member_ids: list[str]) -> str:
    opened = await agency.run(agency.admin, "room.open", title=title, member_ids=member_ids)
    return str(opened.result["id"])


async def another_token(database: Database, person: Person) -> str:
    """This is the token of another session of someone's."""
    async with database.transaction() as tx:
        return (await open_session(tx, person.id, address="127.0.0.1", agent="test"))[1]


async def _business(tx: Transaction, name: str) -> UUID:
    business = Business(id=tx.new_id(), name=name, opened_at=tx.now)
    tx.add(business)
    await tx.flush()
    await offer_roles(tx, business.id)
    return business.id


async def _person(tx: Transaction, business_id: UUID, kind: str, name: str) -> Person:
    id = new_id(datetime.now(UTC))
    email = f"{name.lower()}@{business_id}.example"
    tx.add(Party(id=id, business_id=business_id, kind=kind, name=name, email=email, added_at=tx.now))
    await tx.flush()
    tx.add(
        Account(
            person_id=id,
            kind=kind,
            business_id=business_id,
            password_hash="-",
            permissions=[],
            language="en",
            time_zone="UTC",
        )
    )
    await tx.flush()
    actor, token = await open_session(tx, id, address="127.0.0.1", agent="test")
    await tx.flush()
    return Person(actor, token)
