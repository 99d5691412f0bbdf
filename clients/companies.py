"""Companies: the firms that work is done for. They have a name and perhaps an e-mail; they can't sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, field_validator
from sqlalchemy import ForeignKey, Select, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from clients.announcements import CompanyRenamed
from clients.events import CompanyAdded, CompanyArchived, CompanyChanged, CompanyRestored
from clients.forms import CompanyForm
from people.actors import Actor
from people.mailboxes import Email
from people.parties import NamesParty, Party, email_taken, page_by_name
from people.streams import business_stream
from people.web_addresses import web_address
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Forbidden, Invalid, NotFound, _
from store.rows import Row
from store.texts.sorting import by_name
from store.texts.texts import Lines

DETAILS = ("phone", "address", "tax_id", "website", "note")


class Company(Row):
    """What is known of a company beside its name and e-mail, which stand among the parties."""

    __tablename__ = "companies"

    id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    phone: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    tax_id: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[datetime | None]


class CompanyIsArchived(Conflict):
    code = "company_archived"
    message = _("This company is archived. Restore it to keep working for it.")


class AddCompany(NamesParty, touches="work", needs="clients", area="companies"):
    name: str = Field(min_length=1, max_length=120)
    email: Email | None = None
    phone: str = Field("", max_length=60)
    address: Lines = Field("", max_length=500)
    tax_id: str = Field("", max_length=60)
    website: str = Field("", max_length=300)
    note: Lines = Field("", max_length=2000)

    @field_validator("website")
    @classmethod
    def address_of_the_web(cls, text: str) -> str:
        return web_address(text)


async def add_company(tx: Transaction, actor: Actor, command: AddCompany) -> CompanyForm:
    """Add a company. Admins do, and staff who manage clients.

    Raises:
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    business_id = actor.here
    party = Party(
        id=tx.new_id(),
        business_id=business_id,
        kind="company",
        name=command.name,
        email=command.email,
        added_at=tx.now,
    )
    async with tx.refusing("uq_parties_email", email_taken()):
        tx.add(party)
    details = {field: getattr(command, field) for field in DETAILS}
    company = Company(id=party.id, business_id=business_id, **details)
    tx.add(company)
    await tx.flush()
    form = company_form(party, company)
    tx.record(business_stream(business_id), CompanyAdded(company=form), by=actor.id, audience="team")
    return form


class ChangeCompany(NamesParty, touches="work", needs="clients", area="companies"):
    company_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    email: Email | None = None
    phone: str | None = Field(None, max_length=60)
    address: Lines | None = Field(None, max_length=500)
    tax_id: str | None = Field(None, max_length=60)
    website: str | None = Field(None, max_length=300)
    note: Lines | None = Field(None, max_length=2000)

    @field_validator("website")
    @classmethod
    def address_of_the_web(cls, text: str | None) -> str | None:
        return text if text is None else web_address(text)


async def change_company(tx: Transaction, actor: Actor, command: ChangeCompany) -> CompanyForm:
    """Change a company. A new name is told in each of its rooms.

    Raises:
        NotFound: there is no such company.
        EmailTaken: the e-mail belongs to someone, of whatever kind.
    """
    party, company = await _company_to_change(tx, actor, command.company_id)
    given = command.changes("company_id", null=("email",))
    places: dict[str, Any] = {field: company if field in DETAILS else party for field in given}
    changed = [field for field, value in given.items() if getattr(places[field], field) != value]
    async with tx.refusing("uq_parties_email", email_taken()):
        for field in changed:
            setattr(places[field], field, given[field])
    form = company_form(party, company)
    if changed:
        event = CompanyChanged(company=form, changed=changed)
        tx.record(business_stream(company.business_id), event, by=actor.id, audience="team")
    if "name" in changed:
        await tx.announce(CompanyRenamed(party.id, actor.id))
    return form


class ArchiveCompany(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID


async def archive_company(tx: Transaction, actor: Actor, command: ArchiveCompany) -> CompanyForm:
    """Archive a company: it leaves the lists and is offered for no new room; its rooms and history stay.

    Raises:
        NotFound: there is no such company.
        CompanyIsArchived: it is archived already.
    """
    party, company = await _company_to_change(tx, actor, command.company_id)
    if company.archived_at is not None:
        raise CompanyIsArchived()
    company.archived_at = tx.now
    await tx.flush()
    form = company_form(party, company)
    tx.record(business_stream(company.business_id), CompanyArchived(company=form), by=actor.id, audience="team")
    return form


class RestoreCompany(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID


async def restore_company(tx: Transaction, actor: Actor, command: RestoreCompany) -> CompanyForm:
    """Take an archived company up again. Restoring another changes nothing.

    Raises:
        NotFound: there is no such company.
    """
    party, company = await _company_to_change(tx, actor, command.company_id)
    if company.archived_at is None:
        return company_form(party, company)
    company.archived_at = None
    await tx.flush()
    form = company_form(party, company)
    tx.record(business_stream(company.business_id), CompanyRestored(company=form), by=actor.id, audience="team")
    return form


async def _company_to_change(tx: Transaction, actor: Actor, company_id: UUID) -> tuple[Party, Company]:
    business_id = actor.here
    await known_company(tx, business_id, company_id)
    # A company that an older hub added has no row of its own yet.
    await tx.execute(insert(Company).values(id=company_id, business_id=business_id).on_conflict_do_nothing())
    party, company = await tx.get(Party, company_id, lock=True), await tx.get(Company, company_id, lock=True)
    if party is None or company is None:
        raise NotFound()
    return party, company


async def known_company(tx: Transaction, business_id: UUID | None, company_id: UUID) -> CompanyForm:
    """This is a company of the business.

    Raises:
        NotFound: there is none such.
    """
    found = (await tx.execute(_companies(business_id).where(Party.id == company_id))).first()
    if found is None:
        raise NotFound()
    return company_form(*found)


async def companies(tx: Transaction, actor: Actor) -> list[CompanyForm]:
    """These are the business's companies that aren't archived, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    found = _companies(actor.business_id).where(Company.archived_at.is_(None))
    names = found.with_only_columns(Party.id, Party.name)
    ids = await page_by_name(tx, names, actor.language, None, 1000)
    rows = await tx.execute(found.where(Party.id.in_(ids)))
    return by_name((company_form(*row) for row in rows), actor.language)


def _companies(business_id: UUID | None) -> Select[Party, Company]:
    return (
        select(Party, Company)
        .outerjoin(Company, Company.id == Party.id)
        .where(Party.business_id == business_id, Party.kind == "company")
    )


def company_form(party: Party, company: Company | None) -> CompanyForm:
    """This is a company as the wire shows it."""
    details = {field: getattr(company, field) if company else "" for field in DETAILS}
    archived_at = company.archived_at if company else None
    return CompanyForm(id=party.id, name=party.name, email=party.email, archived_at=archived_at, **details)


async def own_company(tx: Transaction, business_id: UUID, company_id: UUID) -> Party:
    """This is a company of the business that isn't archived: one to work for. It stays until the transaction ends.

    Raises:
        Invalid: there is none such, on the field ``company_id``.
    """
    wanted = _companies(business_id).where(Party.id == company_id)
    found = (await tx.execute(wanted.with_for_update(read=True, key_share=True, of=Party))).first()
    if found is None:
        raise Invalid(fields={"company_id": _("There is no such company.")})
    party, company = found
    if company is not None and company.archived_at is not None:
        raise Invalid(fields={"company_id": CompanyIsArchived.message})
    return party  # type: ignore[no-any-return]  # the first of two columns
