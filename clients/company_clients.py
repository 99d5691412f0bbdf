"""A company's clients: those of its people who sign in. A client may belong to several companies, or to none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company, own_company
from clients.events import ClientLinked, ClientUnlinked
from people.accounts import Account
from people.actors import Actor
from people.announcements import ClientsListed, CompaniesChosen, PersonForgotten
from people.forms import PersonForm
from people.parties import Party, PartyName
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, NotFound, _
from store.rows import Row
from store.texts.sorting import by_name


class ClientCompany(Row):
    """A client who is one of a company's people."""

    __tablename__ = "client_companies"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True, index=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    added_at: Mapped[datetime]


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


async def companies_of(tx: Transaction, person_id: UUID, language: str = "en") -> list[PartyName]:
    """These are the companies that a client belongs to, by name."""
    return (await companies_of_all(tx, [person_id], language)).get(person_id, [])


async def companies_of_all(tx: Transaction, person_ids: Iterable[UUID], language: str) -> dict[UUID, list[PartyName]]:
    """These are the companies of each of several clients, by name; who belongs to none is left out."""
    rows = await tx.execute(
        select(ClientCompany.person_id, Party.id, Party.name)
        .join(Party, Party.id == ClientCompany.company_id)
        .where(ClientCompany.person_id.in_(list(person_ids)))
        .order_by(Party.id)
    )
    found: dict[UUID, list[PartyName]] = {}
    for person_id, id, name in by_name(rows, language):
        found.setdefault(person_id, []).append(PartyName(id, name))
    return found


async def put_in_companies(tx: Transaction, business_id: UUID, person_id: UUID, company_ids: Iterable[UUID]) -> bool:
    """Let a client belong to these companies and no others; this is whether that changed anything.

    Raises:
        Invalid: one of them isn't the business's.
    """
    wanted = dict.fromkeys(company_ids)
    known = {company.id for company in await companies_of(tx, person_id)}
    for company_id in wanted:
        if company_id not in known:
            await own_company(tx, business_id, company_id)
            tx.add(ClientCompany(person_id=person_id, company_id=company_id, business_id=business_id, added_at=tx.now))
    gone = known - set(wanted)
    if gone:
        left = (ClientCompany.person_id == person_id) & ClientCompany.company_id.in_(gone)
        await tx.execute(delete(ClientCompany).where(left))
    await tx.flush()
    return known != set(wanted)


async def companies_by_client(tx: Transaction, listed: ClientsListed) -> dict[UUID, list[PartyName]]:
    """These are the companies of clients who are listed."""
    return await companies_of_all(tx, listed.person_ids, listed.language)


async def belong_to(tx: Transaction, chosen: CompaniesChosen) -> bool:
    """Let a client belong to the companies that were chosen for them; this is whether that changed anything.

    Raises:
        Invalid: one of them isn't the business's.
    """
    return await put_in_companies(tx, chosen.business_id, chosen.person_id, chosen.company_ids)


async def forget_client(tx: Transaction, forgotten: PersonForgotten) -> None:
    """Forget to which companies somebody belonged."""
    await tx.execute(delete(ClientCompany).where(ClientCompany.person_id == forgotten.person_id))
