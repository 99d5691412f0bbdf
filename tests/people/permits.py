"""Permits: a permission given to someone of an agency, as far as verbs see it."""

from dataclasses import replace

from sqlalchemy import update

from people.accounts import Account
from people.actors import Permission
from store.database import Database
from tests.hub.agencies import Person


async def permit(database: Database, person: Person, *permissions: Permission) -> Person:
    """This is the person, who now holds these permissions and no others."""
    async with database.transaction() as tx:
        await tx.execute(update(Account).where(Account.person_id == person.id).values(permissions=sorted(permissions)))
    return Person(replace(person.actor, permissions=frozenset(permissions)), person.token)
