"""Companies: the firms that work is done for. They have a name and perhaps an e-mail; they can't sign in."""

from uuid import UUID

from pydantic import EmailStr, Field
from sqlalchemy import select

from people.actors import Actor
from people.businesses import business_stream
from people.events import CompanyAdded
from people.forms import CompanyForm
from people.parties import Party, email_taken
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, Invalid, _


class AddCompany(Command):
    name: str = Field(min_length=1, max_length=120)
    email: EmailStr | None = None


async def add_company(tx: Transaction, actor: Actor, command: AddCompany) -> CompanyForm:
    """Add a company. Admins do, and staff who manage clients.

    Raises:
        Forbidden: the permission ``clients`` isn't held.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    business_id = actor.must("clients")
    company = Party(
        id=tx.new_id(),
        business_id=business_id,
        kind="company",
        name=command.name,
        email=command.email,
        added_at=tx.now,
    )
    async with tx.refusing("uq_parties_email", email_taken()):
        tx.add(company)
    form = CompanyForm.model_validate(company)
    tx.record(business_stream(business_id), CompanyAdded(company=form), by=actor.id, audience="team")
    return form


async def companies(tx: Transaction, actor: Actor) -> list[CompanyForm]:
    """These are the business's companies, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.scalars(
        select(Party)
        .where(Party.business_id == actor.business_id, Party.kind == "company")
        .order_by(Party.name)
        .limit(1000)
    )
    return [CompanyForm.model_validate(row) for row in rows]


async def own_company(tx: Transaction, business_id: UUID, company_id: UUID) -> Party:
    """This is a company of the business.

    Raises:
        Invalid: there is none such, on the field ``company_id``.
    """
    company: Party | None = await tx.scalar(
        select(Party).where(Party.id == company_id, Party.business_id == business_id, Party.kind == "company")
    )
    if company is None:
        raise Invalid(fields={"company_id": _("There is no such company.")})
    return company
