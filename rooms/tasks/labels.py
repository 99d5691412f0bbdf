"""Labels: a business's own words for kinds of tasks, each with a colour. They are the team's: no client sees them.

Which labels stand on a task is a thing of its own beside it, since fewer may see it. A label is told to all processes
of its business, so that everyone who has a room open sees it under its new name at once.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from people.actors import Actor
from people.businesses import Business
from people.names import Names
from processes.announcements import ProcessShown
from processes.processes import Process, process_stream
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.events import Event, Gone, WireForm, wired
from store.own_rows import own_row
from store.rows import Row

LABELS_AT_MOST = 200
"""So many labels a business has at most."""

LabelColor = Literal["gray", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"]


class Label(Row):
    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(Text)
    color: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class LabelForm(WireForm):
    """A label that the team puts on tasks."""

    thing: ClassVar[str] = "label"
    things: ClassVar[str] = "labels"

    name: str
    color: LabelColor


class LabelAdded(Event, silent=True):
    """A label can be put on tasks."""

    label: LabelForm


class LabelChanged(Event, silent=True):
    """A label was renamed, or got another colour."""

    label: LabelForm
    changed: list[str]


class LabelRemoved(Event, silent=True):
    """A label was removed, from all tasks."""

    label: Gone


class LabelTaken(Conflict):
    code = "name_taken"
    message = _("This name is already taken.")

    def __init__(self) -> None:
        super().__init__(fields={"name": self.message})


NAMES = Names(Label, "uq_labels_business_id_name", LabelTaken)


class AddLabel(Command, touches="work", needs="projects", area="rooms", offered_in_rooms=True):
    name: str = Field(min_length=1, max_length=40)
    color: LabelColor = "gray"


async def add_label(tx: Transaction, actor: Actor, command: AddLabel) -> LabelForm:
    """Add a label to those of the business. Who manages projects does.

    Raises:
        LabelTaken: another has this name.
        Invalid: the business has as many as it may.
    """
    business_id = actor.here
    # Two at once don't both take the last place; who writes meanwhile doesn't wait.
    await tx.execute(select(Business.id).where(Business.id == business_id).with_for_update(key_share=True))
    held = await tx.scalar(select(func.count()).select_from(Label).where(Label.business_id == business_id))
    if held and held >= LABELS_AT_MOST:
        raise Invalid(fields={"name": _("That's enough labels. Remove one first.")})
    label = Label(id=tx.new_id(), business_id=business_id, name=command.name, color=command.color, added_at=tx.now)
    await NAMES.add(tx, label)
    form = LabelForm.model_validate(label)
    await _tell_processes(tx, actor, LabelAdded(label=form))
    return form


class ChangeLabel(Command, touches="work", needs="projects", area="rooms", offered_in_rooms=True):
    label_id: UUID
    name: str | None = Field(None, min_length=1, max_length=40)
    color: LabelColor | None = None


async def change_label(tx: Transaction, actor: Actor, command: ChangeLabel) -> LabelForm:
    """Rename a label, or give it another colour, on all tasks at once.

    Raises:
        NotFound: there is no such label.
        LabelTaken: another has this name.
    """
    label = await own_row(tx, Label, actor.here, command.label_id)
    changed = await NAMES.change(tx, label, command.changes("label_id"))
    form = LabelForm.model_validate(label)
    if changed:
        await _tell_processes(tx, actor, LabelChanged(label=form, changed=changed))
    return form


class RemoveLabel(Command, touches="work", needs="projects", area="rooms", offered_in_rooms=True):
    label_id: UUID


async def remove_label(tx: Transaction, actor: Actor, command: RemoveLabel) -> None:
    """Remove a label, from all tasks too.

    Raises:
        NotFound: there is no such label.
    """
    label = await own_row(tx, Label, actor.here, command.label_id)
    await tx.delete(label)
    await _tell_processes(tx, actor, LabelRemoved(label=Gone(id=label.id)))


async def show_labels_of_process(tx: Transaction, shown: ProcessShown) -> dict[str, Any]:
    """These are the labels of the process's business."""
    return {"labels": await label_forms(tx, shown.business_id) if shown.actor.of_the_team else []}


async def label_forms(tx: Transaction, business_id: UUID) -> list[dict[str, Any]]:
    return wired([LabelForm.model_validate(label) for label in await labels_of(tx, business_id)])


async def labels_of(tx: Transaction, business_id: UUID) -> list[Label]:
    own = select(Label).where(Label.business_id == business_id).order_by(Label.added_at, Label.id)
    return list(await tx.scalars(own))


async def _tell_processes(tx: Transaction, actor: Actor, event: Event) -> None:
    """Tell all who have a room of the business open, but clients."""
    for id in await tx.scalars(select(Process.id).where(Process.business_id == actor.here)):
        tx.record(process_stream(id, actor.here), event, by=actor.id, audience="team")
