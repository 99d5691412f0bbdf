"""The first people of an installation, whom nobody who is signed in could add."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from people import persons
from people.actors import Actor
from people.businesses import Business, OpenBusiness, open_business
from people.persons import AddPerson
from store.database import Database, Transaction
from store.scopes import EVERYWHERE

CONSOLE = UUID(int=0)
"""Who acts on the command line, in the logs."""


async def add_superadmin(database: Database, name: str, email: str, password: str) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        await persons.add_superadmin(tx, name, email, password)


async def add_to_business(database: Database, business: str, person: dict[str, Any]) -> None:
    """Adds a person to the business of that name, which is opened when there is none."""
    command = AddPerson.model_validate(person)
    async with database.transaction(EVERYWHERE) as tx:
        business_id = await business_named(tx, business)
        await persons.add_person(tx, Actor(CONSOLE, "admin", business_id, "Console"), command)


async def business_named(tx: Transaction, name: str) -> UUID:
    known: UUID | None = await tx.scalar(select(Business.id).where(Business.name == name).order_by(Business.id))
    if known:
        return known
    opened = await open_business(tx, Actor(CONSOLE, "superadmin", None, "Console"), OpenBusiness(business_name=name))
    return opened.id
