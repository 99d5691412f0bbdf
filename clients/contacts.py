"""Contacts: whom to call at a company. No client sees them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company
from clients.events import ContactAdded, ContactChanged, ContactRemoved
from clients.forms import ContactForm
from people.actors import Actor
from people.mailboxes import EmailIfAny
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden
from store.events import Gone
from store.log import erase
from store.own_rows import change, own_row
from store.rows import Row
from store.texts.sorting import by_name


class Contact(Row):
    """Someone of a company who doesn't sign in."""

    __tablename__ = "contacts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class AddContact(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID
    name: str = Field(min_length=1, max_length=120)
    role: str = Field("", max_length=120)
    phone: str = Field("", max_length=60)
    email: EmailIfAny = ""


async def add_contact(tx: Transaction, actor: Actor, command: AddContact) -> ContactForm:
    """Note whom to call or write to at a company. They get no account.

    Raises:
        NotFound: there is no such company.
    """
    business_id = actor.here
    await known_company(tx, business_id, command.company_id)
    contact = Contact(id=tx.new_id(), business_id=business_id, added_at=tx.now, **command.model_dump())
    tx.add(contact)
    await tx.flush()
    form = ContactForm.model_validate(contact)
    tx.record(business_stream(business_id), ContactAdded(contact=form), by=actor.id, audience="team")
    return form


class ChangeContact(Command, touches="work", needs="clients", area="companies"):
    contact_id: UUID
    name: str | None = Field(None, min_length=1, max_length=120)
    role: str | None = Field(None, max_length=120)
    phone: str | None = Field(None, max_length=60)
    email: EmailIfAny | None = None


async def change_contact(tx: Transaction, actor: Actor, command: ChangeContact) -> ContactForm:
    """Change a company's contact.

    Raises:
        NotFound: there is no such contact.
    """
    contact = await own_row(tx, Contact, actor.here, command.contact_id)
    changed = change(contact, command.changes("contact_id"))
    await tx.flush()
    form = ContactForm.model_validate(contact)
    if changed:
        event = ContactChanged(contact=form, changed=changed)
        tx.record(business_stream(contact.business_id), event, by=actor.id, audience="team")
    return form


class RemoveContact(Command, touches="work", needs="clients", area="companies"):
    contact_id: UUID


async def remove_contact(tx: Transaction, actor: Actor, command: RemoveContact) -> None:
    """Remove a company's contact; the log forgets who it was.

    Raises:
        NotFound: there is no such contact.
    """
    contact = await own_row(tx, Contact, actor.here, command.contact_id)
    stream = business_stream(contact.business_id)
    await tx.delete(contact)
    await erase(tx, stream, "contact", contact.id)
    tx.record(stream, ContactRemoved(contact=Gone(id=contact.id)), by=actor.id, audience="team")


async def contacts(tx: Transaction, actor: Actor, company_id: UUID) -> list[ContactForm]:
    """These are a company's contacts, by name.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.scalars(
        select(Contact)
        .where(Contact.company_id == company_id, Contact.business_id == actor.business_id)
        .order_by(Contact.id)
        .limit(500)
    )
    return [ContactForm.model_validate(row) for row in by_name(rows, actor.language)]
