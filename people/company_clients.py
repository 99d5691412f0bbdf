"""A company's clients: those of its people who sign in. A client may belong to several companies, or to none."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from people.accounts import Account
from people.actors import Actor
from people.clients import ClientCompany
from people.companies import known_company
from people.events import ClientLinked, ClientUnlinked
from people.forms import PersonForm
from people.parties import Party
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.sorting import by_name


class LinkClient(Command, touches="rights", needs="clients"):
    company_id: UUID
    person_id: UUID


async def link_client(tx: Transaction, actor: Actor, command: LinkClient) -> PersonForm:
    """Link a client with a company. Which rooms they see follows from the rooms, not from this.

    Raises:
        NotFound: there is no such company.
        Invalid: there is no such client.
    """
    business_id = actor.here
    await known_company(tx, business_id, command.company_id)
    person: Party | None = await tx.scalar(
        select(Party)
        .join(Account, Account.person_id == Party.id)
        .where(Party.id == command.person_id, Party.business_id == business_id, Party.kind == "client", Account.active)
    )
    if person is None:
        raise Invalid(fields={"person_id": _("There is no such client.")})
    linked = await tx.scalar(
        insert(ClientCompany)
        .values(person_id=person.id, company_id=command.company_id, business_id=business_id, added_at=tx.now)
        .on_conflict_do_nothing()
        .returning(ClientCompany.person_id)
    )
    form = PersonForm.model_validate(person)
    if linked is not None:
        event = ClientLinked(person=form, company_id=command.company_id)
        tx.record(business_stream(business_id), event, by=actor.id, audience="team")
    return form


class UnlinkClient(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID
    person_id: UUID


async def unlink_client(tx: Transaction, actor: Actor, command: UnlinkClient) -> None:
    """Let a client no longer belong to a company; the rooms that they are in stay theirs.

    Raises:
        NotFound: they don't belong to it.
    """
    business_id = actor.here
    link = await tx.get(ClientCompany, (command.person_id, command.company_id), lock=True)
    person = await tx.get(Party, command.person_id)
    if link is None or person is None or link.business_id != business_id:
        raise NotFound()
    await tx.execute(
        delete(ClientCompany).where(
            ClientCompany.person_id == command.person_id, ClientCompany.company_id == command.company_id
        )
    )
    event = ClientUnlinked(person=PersonForm.model_validate(person), company_id=command.company_id)
    tx.record(business_stream(business_id), event, by=actor.id, audience="team")


@dataclass(frozen=True, slots=True)
class LinkedClient:
    id: UUID
    name: str
    email: str | None
    active: bool


async def linked_clients(tx: Transaction, actor: Actor, company_id: UUID) -> list[LinkedClient]:
    """These are the clients who belong to a company, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.execute(
        select(Party.id, Party.name, Party.email, Account.active)
        .join(ClientCompany, ClientCompany.person_id == Party.id)
        .join(Account, Account.person_id == Party.id)
        .where(
            ClientCompany.company_id == company_id,
            ClientCompany.business_id == actor.business_id,
            Account.erased_at.is_(None),
        )
        .order_by(Party.id)
    )
    return by_name((LinkedClient(*row) for row in rows), actor.language)
