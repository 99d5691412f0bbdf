"""Removals of companies: one that nothing is for goes, with what is known of it."""

from uuid import UUID

from sqlalchemy import delete, select, update

from clients.announcements import CompanyGoes
from clients.companies import known_company
from clients.company_clients import ClientCompany
from clients.contacts import Contact
from clients.events import CompanyRemoved
from clients.notes import CompanyNote
from people.accounts import Account
from people.actors import Actor
from people.parties import Party
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.events import Gone
from store.log import erase


class RemoveCompany(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID


async def remove_company(tx: Transaction, actor: Actor, command: RemoveCompany) -> None:
    """Remove a company that no room is for, with its contacts and notes. Its clients stay, without it.

    Raises:
        NotFound: there is no such company.
        CompanyHasRooms: a room is for it, perhaps an archived one.
    """
    business_id = actor.here
    company = await known_company(tx, business_id, command.company_id)
    await tx.get(Party, company.id, lock=True)  # who begins something for it meanwhile waits, and then finds it gone
    await tx.announce(CompanyGoes(company.id))
    await tx.execute(delete(ClientCompany).where(ClientCompany.company_id == company.id))
    await tx.execute(update(Account).where(Account.company_id == company.id).values(company_id=None))
    stream = business_stream(business_id)
    for thing, row in (("contact", Contact), ("company_note", CompanyNote)):
        await erase(tx, stream, thing, *await tx.scalars(select(row.id).where(row.company_id == company.id)))
    await tx.execute(delete(Party).where(Party.id == company.id))
    await erase(tx, stream, "company", company.id)
    tx.record(stream, CompanyRemoved(company=Gone(id=company.id)), by=actor.id, audience="team")
