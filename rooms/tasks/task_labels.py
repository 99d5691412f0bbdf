"""The labels that stand on tasks: a thing of its own beside each task, since fewer may see it: no client does."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey, Select, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from rooms.access import SeenRoom
from rooms.announcements import RoomShown
from rooms.members import join_to_act
from rooms.tasks.announcements import TaskGoes, TaskShownTo
from rooms.tasks.labels import label_forms, labels_of
from rooms.tasks.tasks import GLANCED_IDS, Task, task_to_change
from store.commands import Command
from store.database import Transaction
from store.errors import Invalid, _
from store.events import Audience, Event, Gone, WireForm, wired
from store.log import erase, narrow
from store.rows import Row
from store.streams import Stream

ON_A_TASK = 10
"""So many stand on one task at most."""


class TaskLabels(Row):
    """The labels of one task, in the order in which they were put there. A label that is gone may still be named."""

    __tablename__ = "task_labels"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), unique=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), index=True)
    label_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    audience: Mapped[str] = mapped_column(Text)


class TaskLabelsForm(WireForm):
    """The labels that stand on a task. One of them may be gone."""

    thing: ClassVar[str] = "task_labels"
    things: ClassVar[str] = "labels_of_tasks"
    speaks_of: ClassVar[Mapping[str, str]] = {"task_id": "tasks"}

    task_id: UUID
    label_ids: list[UUID]
    audience: Audience


class TaskLabelled(Event, silent=True):
    """The labels of a task are others than before."""

    task_labels: TaskLabelsForm | Gone


class LabelTask(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    task_id: UUID
    room_id: UUID | None = None
    added: list[UUID] = Field([], max_length=ON_A_TASK)
    removed: list[UUID] = Field([], max_length=ON_A_TASK)


async def label_task(tx: Transaction, actor: Actor, command: LabelTask) -> None:
    """Put labels on a task, or take some off.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        Invalid: a label isn't there, or more would stand on the task than may.
        RoomIsArchived: the room is read-only.
    """
    task, room = await task_to_change(tx, actor, LabelTask, command.task_id, command.room_id)
    known = {label.id for label in await labels_of(tx, room.business_id)}
    if not known.issuperset(command.added):
        raise Invalid(fields={"added": _("There is no such label.")})
    row = await _on_task(tx, task.id)
    there = [id for id in row.label_ids if id in known] if row else []
    wanted = list(dict.fromkeys([*(id for id in there if id not in command.removed), *command.added]))
    if wanted == there:
        return
    if len(wanted) > ON_A_TASK:
        most = _("A task has at most %(most)s labels.")
        raise Invalid(most, fields={"added": most}, most=ON_A_TASK)
    await join_to_act(tx, room, actor)
    if row is None:
        row = TaskLabels(id=tx.new_id(), business_id=room.business_id, task_id=task.id, room_id=room.id)
    row.label_ids, row.audience = wanted, _audience_of(task)
    tx.add(row)
    await tx.flush()
    _tell(tx, room.stream, row, actor)


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
    """These are the labels of the business, and those on the room's tasks; on those that the room speaks of where its
    tasks aren't wanted."""
    if not shown.actor.of_the_team:
        return {"labels": [], "labels_of_tasks": []}
    room = shown.room
    query = _seen_in(room)
    if not shown.wants("tasks"):
        query = query.where(TaskLabels.task_id.in_(GLANCED_IDS))
    of_room = {"room_id": room.id, "audiences": room.audiences}
    rows = await tx.scalars(query, of_room)
    return {
        "labels": await label_forms(tx, room.business_id),
        "labels_of_tasks": wired([TaskLabelsForm.model_validate(row) for row in rows]),
    }


async def labels_on(tx: Transaction, shown: RoomShown, task_ids: Iterable[UUID]) -> list[TaskLabelsForm]:
    """These are the labels on those of a room's tasks that something else names."""
    if not shown.actor.of_the_team:
        return []
    rows = await tx.scalars(_seen_in(shown.room).where(TaskLabels.task_id.in_(task_ids)))
    return [TaskLabelsForm.model_validate(row) for row in rows]


def _seen_in(room: SeenRoom) -> Select[TaskLabels]:
    seen = TaskLabels.room_id == room.id, TaskLabels.audience.in_(room.audiences)
    return select(TaskLabels).where(*seen).order_by(TaskLabels.id)


async def _on_task(tx: Transaction, task_id: UUID) -> TaskLabels | None:
    row: TaskLabels | None = await tx.scalar(select(TaskLabels).where(TaskLabels.task_id == task_id))
    return row


def _tell(tx: Transaction, stream: Stream, row: TaskLabels, actor: Actor) -> None:
    form = TaskLabelsForm.model_validate(row)
    tx.record(stream, TaskLabelled(task_labels=form), by=actor.id, audience=row.audience)


def _audience_of(task: Task) -> Audience:
    return _of_the_team(task.audience)


def _of_the_team(audience: str) -> Audience:
    """Of those who see a task, the ones who see its labels."""
    return "team" if audience in ("all", "team") else "managers"
