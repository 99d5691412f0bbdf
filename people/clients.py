"""Clients' companies: a client belongs to none, one or several of the firms that work is done for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from people.companies import own_company
from people.parties import Party
from store.database import Transaction
from store.rows import Row
from store.sorting import by_name


class ClientCompany(Row):
    """A client who is one of a company's people."""

    __tablename__ = "client_companies"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.person_id"), primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True, index=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    added_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company, by name."""

    id: UUID
    name: str


async def companies_of(tx: Transaction, person_id: UUID, language: str = "en") -> list[CompanyName]:
    """These are the companies that a client belongs to, by name."""
    return (await companies_of_all(tx, [person_id], language)).get(person_id, [])


async def companies_of_all(tx: Transaction, person_ids: Iterable[UUID], language: str) -> dict[UUID, list[CompanyName]]:
    """These are the companies of each of several clients, by name; who belongs to none is left out."""
    rows = await tx.execute(
        select(ClientCompany.person_id, Party.id, Party.name)
        .join(Party, Party.id == ClientCompany.company_id)
        .where(ClientCompany.person_id.in_(list(person_ids)))
        .order_by(Party.id)
    )
    found: dict[UUID, list[CompanyName]] = {}
    for person_id, id, name in by_name(rows, language):
        found.setdefault(person_id, []).append(CompanyName(id, name))
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
