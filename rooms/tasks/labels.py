"""Labels: a business's own words for kinds of tasks, each with a colour. They are the team's: no client sees them.

Which labels stand on a task is a thing of its own beside it, since fewer may see it. A label is told to all processes
of its business, so that everyone who has a room open sees it under its new name at once.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from people.names import Names
from processes.announcements import ProcessShown
from processes.processes import Process, process_stream
from rooms.announcements import RoomShown
from rooms.lenses import must_ask
from rooms.members import join_to_act
from rooms.tasks.announcements import TaskGoes, TaskShownTo
from rooms.tasks.tasks import Task, task_to_change
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, _
from store.events import Audience, Event, Form, Gone, wired
from store.log import erase, narrow
from store.own_rows import own_row
from store.rows import Row
from store.streams import Stream

LABELS_AT_MOST = 200
"""So many labels a business has at most."""
ON_A_TASK = 10
"""So many stand on one task at most."""

Color = Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]


class Label(Row):
    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(Text)
    color: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]


class TaskLabels(Row):
    """The labels of one task, in the order in which they were put there. A label that is gone may still be named."""

    __tablename__ = "task_labels"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), unique=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    label_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    audience: Mapped[str] = mapped_column(Text)


class LabelForm(Form):
    """A label that the team puts on tasks."""

    thing: ClassVar[str] = "label"
    things: ClassVar[str] = "labels"

    name: str
    color: Color


class TaskLabelsForm(Form):
    """The labels that stand on a task. One of them may be gone."""

    thing: ClassVar[str] = "task_labels"
    things: ClassVar[str] = "labels_of_tasks"

    task_id: UUID
    label_ids: list[UUID]
    audience: Audience


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


class TaskLabelled(Event, silent=True):
    """The labels of a task are others than before."""

    task_labels: TaskLabelsForm | Gone


class LabelTaken(Conflict):
    code = "name_taken"
    message = _("This name is already taken.")

    def __init__(self) -> None:
        super().__init__(fields={"name": self.message})


NAMES = Names(Label, "uq_labels_business_id_name", LabelTaken)


class AddLabel(Command, touches="work", needs="projects", area="rooms", lens="team"):
    name: str = Field(min_length=1, max_length=40)
    color: Color = "grey"


async def add_label(tx: Transaction, actor: Actor, command: AddLabel) -> LabelForm:
    """Add a label to those of the business. Who manages projects does.

    Raises:
        Forbidden: the asker doesn't manage projects.
        LabelTaken: another has this name.
        Invalid: the business has as many as it may.
    """
    must_ask(actor, AddLabel)
    business_id = actor.here
    held = await tx.scalar(select(func.count()).select_from(Label).where(Label.business_id == business_id))
    if held and held >= LABELS_AT_MOST:
        raise Invalid(fields={"name": _("That's enough labels. Remove one first.")})
    label = Label(id=tx.new_id(), business_id=business_id, name=command.name, color=command.color, added_at=tx.now)
    await NAMES.add(tx, label)
    form = LabelForm.model_validate(label)
    await _tell_processes(tx, actor, LabelAdded(label=form))
    return form


class ChangeLabel(Command, touches="work", needs="projects", area="rooms", lens="team"):
    label_id: UUID
    name: str | None = Field(None, min_length=1, max_length=40)
    color: Color | None = None


async def change_label(tx: Transaction, actor: Actor, command: ChangeLabel) -> LabelForm:
    """Rename a label, or give it another colour, on all tasks at once.

    Raises:
        Forbidden: the asker doesn't manage projects.
        NotFound: there is no such label.
        LabelTaken: another has this name.
    """
    label = await _own_label(tx, actor, ChangeLabel, command.label_id)
    changed = await NAMES.change(tx, label, command.changes("label_id"))
    form = LabelForm.model_validate(label)
    if changed:
        await _tell_processes(tx, actor, LabelChanged(label=form, changed=changed))
    return form


class RemoveLabel(Command, touches="work", needs="projects", area="rooms", lens="team"):
    label_id: UUID


async def remove_label(tx: Transaction, actor: Actor, command: RemoveLabel) -> None:
    """Remove a label, from all tasks too.

    Raises:
        Forbidden: the asker doesn't manage projects.
        NotFound: there is no such label.
    """
    label = await _own_label(tx, actor, RemoveLabel, command.label_id)
    await tx.delete(label)
    await _tell_processes(tx, actor, LabelRemoved(label=Gone(id=label.id)))


class LabelTask(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    task_id: UUID
    room_id: UUID | None = None
    label_ids: list[UUID] = Field(max_length=ON_A_TASK)


async def label_task(tx: Transaction, actor: Actor, command: LabelTask) -> TaskLabelsForm:
    """Have a task bear these labels, and no others.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        Invalid: one of the labels isn't there.
        RoomIsArchived: the room is read-only.
    """
    task, room = await task_to_change(tx, actor, LabelTask, command.task_id, command.room_id)
    wanted = list(dict.fromkeys(command.label_ids))
    known = {label.id for label in await _labels(tx, room.business_id)}
    if not known.issuperset(wanted):
        raise Invalid(fields={"label_ids": _("There is no such label.")})
    row = await _on_task(tx, task.id)
    if row is None:
        row = TaskLabels(id=tx.new_id(), business_id=room.business_id, task_id=task.id, room_id=room.id)
    elif [id for id in row.label_ids if id in known] == wanted:
        return TaskLabelsForm.model_validate(row)
    await join_to_act(tx, room, actor)
    row.label_ids, row.audience = wanted, _audience_of(task)
    tx.add(row)
    await tx.flush()
    return _tell(tx, room.stream, row, actor)


async def follow_labelled_task(tx: Transaction, shown: TaskShownTo) -> None:
    """Show a task's labels to those of the team who see the task."""
    row = await _on_task(tx, shown.task_id)
    audience = _of_the_team(shown.audience)
    if row is None or row.audience == audience:
        return
    if audience == "managers":
        await narrow(tx, shown.room.stream, [row.id], audience)
        tx.record(shown.room.stream, TaskLabelled(task_labels=Gone(id=row.id)), by=shown.by.id, audience=row.audience)
    row.audience = audience
    await tx.flush()
    _tell(tx, shown.room.stream, row, shown.by)


async def leave_labelled_task(tx: Transaction, going: TaskGoes) -> None:
    """Take the labels off a task that goes."""
    row = await _on_task(tx, going.task_id)
    if row is None:
        return
    await tx.delete(row)
    await tx.flush()
    gone = TaskLabelled(task_labels=Gone(id=row.id))
    await erase(tx, going.room.stream, "task_labels", row.id)
    tx.record(going.room.stream, gone, by=going.by.id, audience=row.audience)


async def show_labels(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the labels of the business, and those on the room's tasks."""
    if not shown.actor.of_the_team:
        return {"labels": [], "labels_of_tasks": []}
    room = shown.room
    query = select(TaskLabels).where(TaskLabels.room_id == room.id, TaskLabels.audience.in_(room.audiences))
    on_tasks: Iterable[TaskLabels] = await tx.scalars(query.order_by(TaskLabels.id))
    return {
        "labels": await _forms(tx, room.business_id),
        "labels_of_tasks": wired([TaskLabelsForm.model_validate(row) for row in on_tasks]),
    }


async def show_labels_of_process(tx: Transaction, shown: ProcessShown) -> dict[str, Any]:
    """These are the labels of the process's business."""
    return {"labels": await _forms(tx, shown.business_id) if shown.actor.of_the_team else []}


async def _on_task(tx: Transaction, task_id: UUID) -> TaskLabels | None:
    row: TaskLabels | None = await tx.scalar(select(TaskLabels).where(TaskLabels.task_id == task_id))
    return row


async def _forms(tx: Transaction, business_id: UUID) -> list[dict[str, Any]]:
    return wired([LabelForm.model_validate(label) for label in await _labels(tx, business_id)])


async def _labels(tx: Transaction, business_id: UUID) -> list[Label]:
    own = select(Label).where(Label.business_id == business_id).order_by(Label.added_at, Label.id)
    return list(await tx.scalars(own))


async def _own_label(tx: Transaction, actor: Actor, command: type[Command], label_id: UUID) -> Label:
    must_ask(actor, command)
    return await own_row(tx, Label, actor.here, label_id)


async def _tell_processes(tx: Transaction, actor: Actor, event: Event) -> None:
    """Tell all who have a room of the business open, but clients."""
    for id in await tx.scalars(select(Process.id).where(Process.business_id == actor.here)):
        tx.record(process_stream(id, actor.here), event, by=actor.id, audience="team")


def _tell(tx: Transaction, stream: Stream, row: TaskLabels, actor: Actor) -> TaskLabelsForm:
    form = TaskLabelsForm.model_validate(row)
    tx.record(stream, TaskLabelled(task_labels=form), by=actor.id, audience=row.audience)
    return form


def _audience_of(task: Task) -> Audience:
    return _of_the_team(task.audience)


def _of_the_team(audience: str) -> Audience:
    """Of those who see a task, the ones who see its labels."""
    return "team" if audience in ("all", "team") else "managers"
