"""What people of the demo do, each as a command that they give."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from hub.demo.cast import Cast
from hub.demo.projects import ProjectScript, SpokenLine, TaskScript
from hub.demo.workdays import Workdays
from people.actors import Actor
from people.parties import Party
from processes.forms import StageForm
from processes.processes import process_form, process_named
from rooms.access import Room
from rooms.files.contents import Content
from rooms.files.files import AddFile, add_file
from rooms.forms import RoomForm
from rooms.rooms import ArchiveRoom, ChangeRoom, OpenRoom, archive_room, change_room, open_room
from rooms.tasks.labels import AddLabel, LabelColor, add_label
from rooms.tasks.task_labels import LabelTask, label_task
from rooms.tasks.tasks import ChangeTask, CompleteTask, CreateTask, Task, change_task, complete_task, create_task
from rooms.wall.messages import EditMessage, PostMessage, edit_message, post_message
from rooms.wall.reactions import AddReaction, add_reaction
from store.database import Transaction

LABELS: dict[str, LabelColor] = {
    "Design": "violet",
    "Text": "teal",
    "Photos": "yellow",
    "Development": "blue",
    "Launch": "pink",
}
"""Labels of the demo's business, and their colours."""


@dataclass(slots=True)
class World:
    """What there is so far: what happens finds there what happened before."""

    tx: Transaction
    cast: Cast
    contents: dict[tuple[str, str], Content]
    """What files hold, by project and name."""
    rooms: dict[str, RoomForm] = field(default_factory=dict)
    tasks: dict[tuple[str, str], UUID] = field(default_factory=dict)
    files: dict[tuple[str, str], UUID] = field(default_factory=dict)
    labels: dict[str, UUID] = field(default_factory=dict)
    latest: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """What each person said last, by project."""
    room_stages: dict[str, StageForm] = field(default_factory=dict)
    task_stages: dict[str, StageForm] = field(default_factory=dict)
    kept: list[object] = field(default_factory=list)
    """Rows that are used again and again: while they are held here, the session needn't read them anew."""

    def actor(self, key: str) -> Actor:
        return self.cast.actors[key]


def open_project(script: ProjectScript) -> Callable[[World], Awaitable[object]]:
    async def act(world: World) -> None:
        lead = world.actor(script.lead)
        room = await open_room(
            world.tx,
            lead,
            OpenRoom(
                title=script.title,
                description=script.description.strip(),
                company_id=world.cast.companies[script.company] if script.company else None,
                member_ids=[world.actor(member).id for member in script.members],
                default_audience=script.default_audience,
            ),
        )
        world.rooms[script.key] = room
        world.kept.append(await world.tx.get(Room, room.id))
        if room.company:
            world.kept.append(await world.tx.get(Party, room.company.id))
        if not world.room_stages:
            assert lead.business_id
            process = await process_form(world.tx, await process_named(world.tx, lead.business_id, room.process_id))
            world.room_stages = {stage.key or "": stage for stage in process.room_stages}
            world.task_stages = {stage.key or "": stage for stage in process.task_stages}

    return act


def move_project(script: ProjectScript, stage: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: change_room(
        world.tx,
        world.actor(script.lead),
        ChangeRoom(room_id=world.rooms[script.key].id, stage_id=world.room_stages[stage].id),
    )


def archive_project(script: ProjectScript) -> Callable[[World], Awaitable[object]]:
    return lambda world: archive_room(
        world.tx, world.actor(script.lead), ArchiveRoom(room_id=world.rooms[script.key].id)
    )


def create_planned(script: ProjectScript, task: TaskScript, days: Workdays) -> Callable[[World], Awaitable[object]]:
    due = task.last if task.due is None else task.due

    async def act(world: World) -> None:
        made = await create_task(
            world.tx,
            world.actor(task.who if task.helpers and task.who else script.lead),
            CreateTask(
                room_id=world.rooms[script.key].id,
                title=task.title,
                description=task.text.strip(),
                assignee_id=world.actor(task.who).id if task.who else None,
                due_on=None if due >= DATELESS else days.date(due),
                audience=task.audience,
            ),
        )
        world.tasks[script.key, task.title] = made.id
        world.kept.append(await world.tx.get(Task, made.id))
        if task.labels:
            labels = [await _label(world, script, name) for name in task.labels]
            command = LabelTask(task_id=made.id, added=labels)
            await label_task(world.tx, world.actor(script.lead), command)

    return act


async def _label(world: World, script: ProjectScript, name: str) -> UUID:
    """A label of the business, made when it is first needed."""
    if name not in world.labels:
        command = AddLabel(name=name, color=LABELS[name])
        world.labels[name] = (await add_label(world.tx, world.actor(script.lead), command)).id
    return world.labels[name]


DATELESS = 99
"""The due day of a task without one."""


def move_task(script: ProjectScript, task: TaskScript, stage: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: change_task(
        world.tx,
        world.actor(task.who or script.lead),
        ChangeTask(task_id=world.tasks[script.key, task.title], stage_id=world.task_stages[stage].id),
    )


def complete(script: ProjectScript, task: TaskScript) -> Callable[[World], Awaitable[object]]:
    return lambda world: complete_task(
        world.tx,
        world.actor(task.who or script.lead),
        CompleteTask(task_id=world.tasks[script.key, task.title]),
    )


def add_drawn_file(script: ProjectScript, line: SpokenLine, name: str) -> Callable[[World], Awaitable[object]]:
    async def act(world: World) -> None:
        task = script.files[name].task
        id = world.tx.new_id()
        command = AddFile(
            room_id=world.rooms[script.key].id,
            name=name,
            audience="team" if line.team_only else script.default_audience,
            task_id=world.tasks[script.key, task] if task else None,
        )
        await add_file(world.tx, world.actor(line.who), command, world.contents[script.key, name], id)
        world.files[script.key, name] = id

    return act


def say(script: ProjectScript, line: SpokenLine) -> Callable[[World], Awaitable[object]]:
    async def act(world: World) -> None:
        message = await post_message(
            world.tx,
            world.actor(line.who),
            PostMessage(
                room_id=world.rooms[script.key].id,
                body=line.text,
                audience="team" if line.team_only else None,
                attachments=[world.files[script.key, name] for name in line.attached],
            ),
        )
        world.latest[script.key, line.who] = message.id

    return act


def correct(script: ProjectScript, line: SpokenLine) -> Callable[[World], Awaitable[object]]:
    return lambda world: edit_message(
        world.tx,
        world.actor(line.who),
        EditMessage(message_id=world.latest[script.key, line.who], body=line.text),
    )


def react(script: ProjectScript, line: SpokenLine, emoji: str, who: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: add_reaction(
        world.tx, world.actor(who), AddReaction(message_id=world.latest[script.key, line.who], emoji=emoji)
    )
