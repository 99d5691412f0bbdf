"""Checklists: the first steps of a new business, each ticked off by what is so, not by a click."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.events import ChecklistHidden
from people.streams import person_stream
from store.commands import Command
from store.database import Transaction
from store.rows import Row


class HiddenChecklist(Row):
    """An admin who doesn't want to see the first steps on their home."""

    __tablename__ = "hidden_checklists"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(primary_key=True)
    hidden_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps: what it is, whether it is done, and whether it can be done in Atrium yet."""

    key: str
    done: bool
    available: bool = True


class HideChecklist(Command, touches="work", needs="admin", area="business"):
    pass


async def hide_checklist(tx: Transaction, actor: Actor, command: HideChecklist) -> None:
    """Hide the first steps from your home; they stay among the settings."""
    business_id = actor.here
    hidden = await tx.scalar(
        insert(HiddenChecklist)
        .values(person_id=actor.id, business_id=business_id, hidden_at=tx.now)
        .on_conflict_do_nothing()
        .returning(HiddenChecklist.person_id)
    )
    if hidden is not None:
        tx.record(person_stream(actor), ChecklistHidden(hidden=True), by=actor.id)


class ShowChecklist(Command, touches="work", needs="admin", area="business"):
    pass


async def show_checklist(tx: Transaction, actor: Actor, command: ShowChecklist) -> None:
    """Show the first steps on your home again."""
    business_id = actor.here
    shown = await tx.scalar(
        delete(HiddenChecklist)
        .where(HiddenChecklist.person_id == actor.id, HiddenChecklist.business_id == business_id)
        .returning(HiddenChecklist.person_id)
    )
    if shown is not None:
        tx.record(person_stream(actor), ChecklistHidden(hidden=False), by=actor.id)


async def is_hidden(tx: Transaction, actor: Actor) -> bool:
    """Whether the asker has hidden the first steps from their home."""
    found = select(HiddenChecklist.person_id).where(
        HiddenChecklist.person_id == actor.id, HiddenChecklist.business_id == actor.business_id
    )
    return await tx.scalar(found) is not None
