"""What is read of people, their companies and their own sign-ins."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.accounts import State
from people.actors import Actor
from people.companies import companies as own_companies
from people.forms import CompanyForm, DeviceForm, SessionForm
from people.persons import people as own_people
from people.sessions import sessions as own_sessions
from people.signing.known_devices import own_devices
from store.database import Transaction
from store.errors import Forbidden
from store.reads import read


class ListedPerson(BaseModel):
    """A person as their business's team sees them."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: str
    kind: Literal["superadmin", "admin", "staff", "client"]
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


class Companies(BaseModel):
    companies: list[CompanyForm]


@read("/companies", area="companies", refuses=(Forbidden,))
async def companies(tx: Transaction, actor: Actor) -> Companies:
    """The business's companies, for its team."""
    return Companies(companies=await own_companies(tx, actor))


class Sessions(BaseModel):
    sessions: list[SessionForm]
    devices: list[DeviceForm]


@read("/sessions")
async def sessions(tx: Transaction, actor: Actor) -> Sessions:
    """My own sign-ins, and the browsers that are known as mine."""
    known = await own_devices(tx, actor)
    return Sessions(sessions=await own_sessions(tx, actor), devices=known)


READS = (people, companies, sessions)
