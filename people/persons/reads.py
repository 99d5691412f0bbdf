"""What is read of people."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.accounts import State
from people.actors import Actor, Kind
from people.persons.persons import people as own_people
from store.database import Transaction
from store.errors import Forbidden
from store.reads import read


class ListedPerson(BaseModel):
    """A person as their business's team sees them."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: str
    kind: Kind
    email: str | None
    active: bool
    state: State
    company_name: str | None


class People(BaseModel):
    people: list[ListedPerson]


@read("/people", area="people", answer=People, refuses=(Forbidden,))
async def people(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """The business's people, for its team."""
    return {"people": await own_people(tx, actor)}


READS = (people,)
