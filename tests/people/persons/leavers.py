"""People who come and go, and why a business refuses it."""

from typing import Any
from uuid import UUID

import pytest

from people.accounts import Account
from store.database import Database
from store.errors import Refusal
from tests.hub.agencies import Agency, Person
from tests.people.doors import with_passwords
from tests.stages import staged

agency = staged(with_passwords)


async def hire(agency: Agency, **fields: Any) -> str:
    person = {"kind": "staff", "name": "Petru", "email": "petru@atelier.example", "password": "a good long phrase"}
    return str((await agency.run(agency.admin, "person.add", **person | fields)).result["id"])


async def refusal(agency: Agency, by: Person, name: str, /, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await agency.run(by, name, **fields)
    return refused.value


async def account(database: Database, person: Person | str) -> Account:
    async with database.reading() as tx:
        found = await tx.get(Account, UUID(person) if isinstance(person, str) else person.id)
        assert found
        return found
