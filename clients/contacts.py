"""Contacts and notes: whom to call at a company, and what the team remembers of it. Neither is for clients."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, field_validator
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company
from clients.events import CompanyNoteAdded, CompanyNoteRemoved, ContactAdded, ContactChanged, ContactRemoved
from clients.forms import CompanyNoteForm, ContactForm
from people.actors import Actor
from people.mailboxes import EmailIfAny
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, _
from store.events import Gone
from store.log import erase
from store.own_rows import change, own_row
from store.rows import Row, Signed
from store.texts.sorting import by_name
from store.texts.texts import AsTyped, is_seen

NOTES_AT_ONCE = 100


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


class CompanyNote(Signed, Row):
    """Something that someone of the team noted about a company."""

    __tablename__ = "company_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


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


class AddCompanyNote(Command, touches="work", needs="clients", area="companies"):
    company_id: UUID
    body: AsTyped = Field(min_length=1, max_length=5000)

    @field_validator("body")
    @classmethod
    def said(cls, body: str) -> str:
        if not is_seen(body):
            raise ValueError(_("This is required."))
        return body


async def add_company_note(tx: Transaction, actor: Actor, command: AddCompanyNote) -> CompanyNoteForm:
    """Note something about a company, for the team alone.

    Raises:
        NotFound: there is no such company.
    """
    business_id = actor.here
    await known_company(tx, business_id, command.company_id)
    note = CompanyNote(
        id=tx.new_id(),
        business_id=business_id,
        company_id=command.company_id,
        author_id=actor.id,
        body=command.body,
        written_at=tx.now,
    )
    tx.add(note)
    await tx.flush()
    form = CompanyNoteForm.model_validate(note)
    tx.record(business_stream(business_id), CompanyNoteAdded(company_note=form), by=actor.id, audience="team")
    return form


class RemoveCompanyNote(Command, touches="work", needs="clients", area="companies"):
    note_id: UUID


async def remove_company_note(tx: Transaction, actor: Actor, command: RemoveCompanyNote) -> None:
    """Remove a note about a company. Its author does, and admins do; its words leave the log too.

    Raises:
        Forbidden: another wrote it, and the asker isn't an admin.
        NotFound: there is no such note.
    """
    business_id = actor.here
    note = await own_row(tx, CompanyNote, business_id, command.note_id)
    if note.author_id != actor.id and actor.kind != "admin":
        raise Forbidden()
    stream = business_stream(business_id)
    await tx.delete(note)
    await erase(tx, stream, "company_note", note.id)
    tx.record(stream, CompanyNoteRemoved(company_note=Gone(id=note.id)), by=actor.id, audience="team")


async def company_notes(tx: Transaction, actor: Actor, company_id: UUID) -> list[CompanyNoteForm]:
    """These are the notes about a company, the newest first.

    Raises:
        Forbidden: a client asks.
    """
    if not actor.of_the_team:
        raise Forbidden()
    rows = await tx.scalars(
        select(CompanyNote)
        .where(CompanyNote.company_id == company_id, CompanyNote.business_id == actor.business_id)
        .order_by(CompanyNote.written_at.desc(), CompanyNote.id.desc())
        .limit(NOTES_AT_ONCE)
    )
    return [CompanyNoteForm.model_validate(row) for row in rows]
