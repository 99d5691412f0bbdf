"""Tasks: what is to be done in a room."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import CompoundSelect, ForeignKey, Index, Select, Text, bindparam, case, func, select, text, union
from sqlalchemy.orm import Mapped, defer, mapped_column

from people.actors import Actor
from people.announcements import Sought
from processes.processes import Stage, stage_of, stages
from rooms.access import SeenRoom, open_room_of
from rooms.announcements import GLANCED, RoomShown
from rooms.lenses import audience_for, must_ask, narrows
from rooms.members import join_to_act, of_the_team
from rooms.rendered_texts import Written, kept_html
from rooms.search import found_in_room, things_in_rooms
from rooms.tasks.announcements import TaskDone, TaskGoes, TaskShownTo
from rooms.tasks.events import TaskChanged, TaskCompleted, TaskCreated, TaskRemoved, TaskReopened, TaskWithdrawn
from rooms.tasks.forms import TaskForm
from store.commands import Command
from store.database import Transaction
from store.days import CalendarDay
from store.errors import Invalid, NotFound, _
from store.events import Audience, Gone, wired
from store.log import erase, narrow
from store.own_rows import change, differing
from store.pages import size_of
from store.rows import Row, Signed
from store.texts.folded_columns import folded_from
from store.texts.texts import AsTyped

AT_MOST = 2000
DESCRIPTIONS_BYTES = 128 * 1024
"""So large are the descriptions that a list of tasks carries with it, texts and HTML together."""
THE_TEAMS = _("Only the team can change tasks.")


class Task(Signed, Row):
    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_room", "room_id", "created_at"),
        Index("ix_tasks_open", "room_id", "due_on", "created_at", postgresql_where=text("completed_at is null")),
        Index("ix_tasks_done", "room_id", "completed_at", postgresql_where=text("completed_at is not null")),
        Index("ix_tasks_counted", "room_id", "business_id", "audience", "completed_at"),
        Index("ix_tasks_assignee", "assignee_id", "completed_at"),
        Index("ix_tasks_unfolded", "id", postgresql_where=text("title_folded is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    title: Mapped[str] = mapped_column(Text)
    title_folded: Mapped[str | None] = folded_from("title")
    description: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str | None] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]


class CreateTask(Written, touches="work", needs="anyone", area="rooms", lens="team"):
    room_id: UUID
    title: str = Field(min_length=1, max_length=200)
    description: AsTyped = Field("", max_length=20_000)
    assignee_id: UUID | None = None
    due_on: CalendarDay | None = None
    stage_id: UUID | None = None
    audience: Audience | None = None


async def create_task(tx: Transaction, actor: Actor, command: CreateTask) -> TaskForm:
    """Create a task in a room. The room's team does.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Forbidden: a client asks.
        Invalid: the assignee isn't of the room's team, or the stage isn't one of its tasks'.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id)
    must_ask(actor, CreateTask, THE_TEAMS)
    await join_to_act(tx, room, actor)
    if command.assignee_id is not None:
        await _assignable(tx, room, command.assignee_id)
    stage = await _stage(tx, room, command.stage_id)
    task = Task(
        id=tx.new_id(),
        business_id=room.business_id,
        room_id=room.id,
        stage_id=stage.id,
        author_id=actor.id,
        assignee_id=command.assignee_id,
        title=command.title,
        description=command.description,
        html=command.html,
        audience=audience_for(room.lens, command.audience, room.row.default_audience),  # type: ignore[arg-type]
        due_on=command.due_on,
        created_at=tx.now,
        completed_at=tx.now if stage.final else None,
    )
    tx.add(task)
    await tx.flush()
    form = task_form(task)
    tx.record(room.stream, TaskCreated(task=form), by=actor.id, audience=task.audience)
    return form


async def _assignable(tx: Transaction, room: SeenRoom, person_id: UUID) -> None:
    if not await of_the_team(tx, room, person_id):
        raise Invalid(fields={"assignee_id": _("Tasks can only be assigned to the room's team.")})


async def _stage(tx: Transaction, room: SeenRoom, stage_id: UUID | None) -> Stage:
    if stage_id is not None:
        return await stage_of(tx, room.row.process_id, "task", stage_id)
    return (await stages(tx, room.row.process_id, "task"))[0]


class ChangeTask(Written, touches="work", needs="anyone", area="rooms", lens="team"):
    task_id: UUID
    room_id: UUID | None = None
    title: str | None = Field(None, min_length=1, max_length=200)
    description: AsTyped | None = Field(None, max_length=20_000)
    assignee_id: UUID | None = None
    due_on: CalendarDay | None = None
    stage_id: UUID | None = None
    audience: Audience | None = None


# What may be emptied: sent as null, these are taken away; the others stay as they are.
_MAY_BE_EMPTY = ("assignee_id", "due_on")


async def change_task(tx: Transaction, actor: Actor, command: ChangeTask) -> TaskForm:
    """Change a task. Moving it to a last stage completes it, moving it back reopens it.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        Invalid: the assignee isn't of the room's team, or the stage isn't one of its tasks'.
        RoomIsArchived: the room is read-only.
    """
    task, room = await task_to_change(tx, actor, type(command), command.task_id, command.room_id)
    given = command.changes("task_id", "room_id", null=_MAY_BE_EMPTY)
    changed = differing(task, given)
    if not changed:
        return task_form(task)
    if "description" in changed:
        task.html = command.html
    return await _change(tx, actor, room, task, {field: given[field] for field in changed})


async def _change(tx: Transaction, actor: Actor, room: SeenRoom, task: Task, given: dict[str, Any]) -> TaskForm:
    await join_to_act(tx, room, actor)
    if given.get("assignee_id") is not None:
        await _assignable(tx, room, given["assignee_id"])
    if "audience" in given:
        await _show_to(tx, actor, room, task, audience_for(room.lens, given.pop("audience"), "team"))
        changed = ["audience", *given]
    else:
        changed = list(given)
    was_complete = task.completed_at is not None
    if "stage_id" in given:
        final = (await stage_of(tx, room.row.process_id, "task", given["stage_id"])).final
        task.completed_at = (task.completed_at or tx.now) if final else None
    change(task, given)
    await tx.flush()
    form = task_form(task)
    event: TaskChanged | TaskCompleted | TaskReopened
    if (task.completed_at is not None) == was_complete:
        event = TaskChanged(task=form, changed=changed)
    elif task.completed_at is not None:
        await tx.announce(TaskDone(room, task.id, actor))
        event = TaskCompleted(task=form)
    else:
        event = TaskReopened(task=form)
    tx.record(room.stream, event, by=actor.id, audience=task.audience)
    return form


async def _show_to(tx: Transaction, actor: Actor, room: SeenRoom, task: Task, audience: Audience) -> None:
    if narrows(task.audience, audience):
        await narrow(tx, room.stream, [task.id], audience)
        tx.record(room.stream, TaskWithdrawn(task=Gone(id=task.id)), by=actor.id, audience=task.audience)
    task.audience = audience
    await tx.announce(TaskShownTo(room, task.id, actor, audience))


class CompleteTask(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    task_id: UUID
    room_id: UUID | None = None


async def complete_task(tx: Transaction, actor: Actor, command: CompleteTask) -> TaskForm:
    """Complete a task; timers on it stop.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        RoomIsArchived: the room is read-only.
    """
    return await _move(tx, actor, command, final=True)


class ReopenTask(Command, touches="work", needs="anyone", area="rooms", lens="team"):
    task_id: UUID
    room_id: UUID | None = None


async def reopen_task(tx: Transaction, actor: Actor, command: ReopenTask) -> TaskForm:
    """Take a completed task up again.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: a client asks.
        RoomIsArchived: the room is read-only.
    """
    return await _move(tx, actor, command, final=False)


async def _move(tx: Transaction, actor: Actor, command: CompleteTask | ReopenTask, *, final: bool) -> TaskForm:
    task, room = await task_to_change(tx, actor, type(command), command.task_id, command.room_id)
    if (task.completed_at is not None) == final:
        return task_form(task)
    known = await stages(tx, room.row.process_id, "task")
    stage = next((stage for stage in known if stage.final == final), known[-1 if final else 0])
    return await _change(tx, actor, room, task, {"stage_id": stage.id})


class RemoveTask(Command, touches="work", needs="anyone", area="rooms", lens="team", widened_by="projects"):
    task_id: UUID
    room_id: UUID | None = None


async def remove_task(tx: Transaction, actor: Actor, command: RemoveTask) -> None:
    """Remove a task on which no time was recorded. Its author does, or who manages projects.

    Raises:
        NotFound: the task isn't there, or isn't the asker's.
        Forbidden: the asker is neither.
        TaskHasTime: time was recorded on it.
        RoomIsArchived: the room is read-only.
    """
    task, room = await task_to_change(tx, actor, type(command), command.task_id, command.room_id)
    if task.author_id != actor.id:
        actor.must("projects")
    await tx.announce(TaskGoes(room, task.id, actor))
    await tx.delete(task)
    await tx.flush()
    await erase(tx, room.stream, "task", task.id)
    tx.record(room.stream, TaskRemoved(task=Gone(id=task.id)), by=actor.id, audience=task.audience)


async def task_to_change(
    tx: Transaction, actor: Actor, command: type[Command], task_id: UUID, room_id: UUID | None
) -> tuple[Task, SeenRoom]:
    """This is the task that a command changes, locked, and its room.

    Raises:
        NotFound: it isn't there, or isn't the asker's to see.
        Forbidden: the command isn't for the asker's lens.
        RoomIsArchived: the room is read-only.
    """
    task = await tx.get(Task, task_id, lock=True)
    if task is None or room_id not in (None, task.room_id):
        raise NotFound()
    room = await open_room_of(tx, actor, task.room_id)
    if task.audience not in room.audiences:
        raise NotFound()
    must_ask(actor, command, THE_TEAMS)
    return task, room


async def task_in(tx: Transaction, room: SeenRoom, task_id: UUID) -> Task:
    """This is one of a room's tasks.

    Raises:
        NotFound: it isn't there, or isn't seen through the room's lens.
    """
    task = await tx.get(Task, task_id)
    if task is None or task.room_id != room.id or task.audience not in room.audiences:
        raise NotFound()
    return task


async def tasks(tx: Transaction, room: SeenRoom) -> list[TaskForm]:
    """These are a room's tasks, the oldest first. Where their descriptions are too much for one list, the longest are
    left out."""
    size = size_of(Task.description, Task.html)
    seen = (
        select(Task.id, func.sum(size).over(order_by=(size, Task.id)).label("reached"))
        .where(Task.room_id == room.id, Task.audience.in_(room.audiences))
        .subquery()
    )
    carried = seen.c.reached <= DESCRIPTIONS_BYTES
    rows = await tx.execute(
        select(Task, case((carried, Task.description)), case((carried, Task.html)))
        .join(seen, seen.c.id == Task.id)
        .options(defer(Task.description, raiseload=True), defer(Task.html, raiseload=True))
        .order_by(Task.created_at, Task.id)
        .limit(AT_MOST)
    )
    return [_form(*row) for row in rows]


def task_form(task: Task) -> TaskForm:
    return _form(task, task.description, task.html)


def _form(task: Task, description: str | None, html: str | None) -> TaskForm:
    return TaskForm(
        id=task.id,
        title=task.title,
        description=description,
        html=None if description is None else kept_html(description, html),
        assignee_id=task.assignee_id,
        due_on=task.due_on,
        stage_id=task.stage_id,
        audience=task.audience,  # type: ignore[arg-type]
        author_id=task.author_id,
        created_at=task.created_at,
        completed_at=task.completed_at,
        acted_by=task.acted_by,  # type: ignore[arg-type]
    )


async def find_tasks(tx: Transaction, sought: Sought) -> list[dict[str, str]]:
    """These are tasks by their titles, the newest first."""
    rows = await things_in_rooms(tx, sought, Task, Task.title, Task.title_folded)
    return [found_in_room("tasks", "task", *row) for row in rows]


async def show_tasks(tx: Transaction, shown: RoomShown) -> dict[str, Any]:
    """These are the room's tasks; where they aren't wanted, those that the room speaks of. And how many there are."""
    if shown.wants("tasks"):
        piece: dict[str, Any] = {"tasks": wired(await tasks(tx, shown.room))}
    else:
        piece = {"tasks": wired(await tasks_at_a_glance(tx, shown.room))}
    return piece if shown.parts is None else piece | {"counts": await _counts(tx, shown.room)}


async def tasks_at_a_glance(tx: Transaction, room: SeenRoom) -> list[TaskForm]:
    """These are the open tasks that are due first, and those that were completed last, without their descriptions."""
    rows = await tx.scalars(_AT_A_GLANCE, {"room_id": room.id, "audiences": room.audiences})
    return [_form(row, None, None) for row in rows]


async def tasks_of(tx: Transaction, room: SeenRoom, ids: Iterable[UUID]) -> list[TaskForm]:
    """These are those of a room's tasks that something else names, the oldest first, without their descriptions."""
    seen = Task.id.in_(ids), Task.room_id == room.id, Task.audience.in_(room.audiences)
    return [_form(row, None, None) for row in await tx.scalars(_UNDESCRIBED.where(*seen))]


_UNDESCRIBED = (
    select(Task)
    .options(defer(Task.description, raiseload=True), defer(Task.html, raiseload=True))
    .order_by(Task.created_at, Task.id)
)


def _first(query: Select[Any], *order: Any) -> Select[Any]:
    """The first of them, as many as a glance takes in."""
    return select(query.order_by(*order).limit(GLANCED).subquery().c.id)


def _glanced_ids() -> Select[Any]:
    seen = Task.room_id == bindparam("room_id"), Task.audience.in_(bindparam("audiences", expanding=True))
    ids = select(Task.id).where(*seen)
    first: CompoundSelect[Any] = union(
        _first(ids.where(Task.completed_at.is_(None)), Task.due_on, Task.created_at),
        _first(ids.where(Task.completed_at.is_not(None)), Task.completed_at.desc()),
    )
    return select(first.subquery().c.id)


GLANCED_IDS = _glanced_ids()  # built once: every page of a room that shows no tasks reads them
"""The tasks that a glance takes in, of a room by its ``room_id`` as those see them who see its ``audiences``."""
_AT_A_GLANCE = _UNDESCRIBED.where(Task.id.in_(GLANCED_IDS))


async def _counts(tx: Transaction, room: SeenRoom) -> dict[str, int]:
    counted = select(func.count(), func.count().filter(Task.completed_at.is_(None)))
    seen = counted.where(Task.room_id == room.id, Task.audience.in_(room.audiences))
    every, open_ones = (await tx.execute(seen)).one()
    return {"tasks": every, "open_tasks": open_ones}
