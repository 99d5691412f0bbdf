"""Notes about a company, which its team alone reads."""

from datetime import datetime
from uuid import UUID

from pydantic import Field, field_validator
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from clients.companies import known_company
from clients.events import CompanyNoteAdded, CompanyNoteRemoved
from clients.forms import CompanyNoteForm
from people.actors import Actor
from people.streams import business_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Forbidden, _
from store.events import Gone
from store.log import erase
from store.own_rows import own_row
from store.rows import Row, Signed
from store.texts.texts import AsTyped, is_seen

NOTES_AT_ONCE = 100


class CompanyNote(Signed, Row):
    """Something that someone of the team noted about a company."""

    __tablename__ = "company_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


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
