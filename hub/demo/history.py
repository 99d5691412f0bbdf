"""The history of the demo: what happened, moment by moment, as calls of the verbs that make it happen.

It is the same whenever it is made, but for the days that it is told of: chance is seeded.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from hub.demo.cast import Cast
from hub.demo.projects import ProjectScript, SpokenLine, Talk, TaskScript, talks
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
from rooms.tasks.tasks import ChangeTask, CompleteTask, CreateTask, Task, change_task, complete_task, create_task
from rooms.wall.messages import EditMessage, PostMessage, edit_message, post_message
from store.database import Transaction


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
    latest: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """What each person said last, by project."""
    room_stages: dict[str, StageForm] = field(default_factory=dict)
    task_stages: dict[str, StageForm] = field(default_factory=dict)
    kept: list[object] = field(default_factory=list)
    """Rows that are used again and again: while they are held here, the session needn't read them anew."""

    def actor(self, key: str) -> Actor:
        return self.cast.actors[key]


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """Something that happens at a moment."""

    at: datetime
    act: Callable[[World], Awaitable[object]]


async def happen(world: World, events: Iterable[DemoEvent]) -> None:
    """Let everything happen, in the order of time; the log is written day by day."""
    day = None
    for event in sorted(events, key=lambda event: event.at):
        if day not in (None, event.at.date()):
            await world.tx.append()
        day = event.at.date()
        world.tx.now = event.at
        await event.act(world)
    await world.tx.append()


def project_history(script: ProjectScript, days: Workdays) -> Iterator[DemoEvent]:
    """This is what happened in a project, but for the work that was timed."""
    chance = Random(f"project {script.key}")  # noqa: S311 - a story, not a secret
    yield DemoEvent(days.at(script.opened, time(9, 2, chance.randrange(60))), _open(script))
    for day, stage in script.stages:
        yield DemoEvent(days.at(day, time(9, chance.randrange(5, 30), chance.randrange(60))), _move(script, stage))
    for task in script.tasks:
        yield from _task_history(script, task, days, chance)
    for talk in talks(script):
        yield from _said(script, talk, days, chance)
    if script.archived is not None:
        yield DemoEvent(days.at(script.archived, time(18, 20)), _archive(script))


def _task_history(script: ProjectScript, task: TaskScript, days: Workdays, chance: Random) -> Iterator[DemoEvent]:
    def within(day: int, earliest: int, latest: int) -> datetime:
        minute = chance.randrange(earliest * 60, latest * 60)
        return days.at(day, time(minute // 60, minute % 60, chance.randrange(60)))

    made = max(script.opened, task.first - 4) if task.made is None else task.made
    yield DemoEvent(within(made, 9, 10) if made > script.opened else within(made, 10, 12), _create(script, task, days))
    if task.who is None or task.first > 0:
        return
    began = within(task.first, 12, 13) if made == task.first else days.at(task.first, time(8, 35, chance.randrange(60)))
    yield DemoEvent(began, _step(script, task, "in_progress"))
    if task.review is not None:
        yield DemoEvent(within(task.review, 17, 18), _step(script, task, "review"))
    if task.done:
        ended = days.at(task.last, time(18, chance.randrange(20), chance.randrange(60)))
        yield DemoEvent(ended, _complete(script, task))
    if task.done_ago is not None:
        yield DemoEvent(days.ago(task.done_ago), _complete(script, task))


def _said(script: ProjectScript, talk: Talk, days: Workdays, chance: Random) -> Iterator[DemoEvent]:
    at = days.ago(talk.minutes_ago) if talk.clock is None else days.at(talk.day, talk.clock)
    for number, line in enumerate(talk.lines):
        if number:
            at += timedelta(minutes=line.after_minutes or chance.randrange(2, 14), seconds=chance.randrange(60))
        for name in line.attached:
            yield DemoEvent(at - timedelta(seconds=chance.randrange(10, 50)), _add_file(script, line, name))
        yield DemoEvent(at, _correct(script, line) if line.corrects else _say(script, line))


def _open(script: ProjectScript) -> Callable[[World], Awaitable[object]]:
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


def _move(script: ProjectScript, stage: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: change_room(
        world.tx,
        world.actor(script.lead),
        ChangeRoom(room_id=world.rooms[script.key].id, stage_id=world.room_stages[stage].id),
    )


def _archive(script: ProjectScript) -> Callable[[World], Awaitable[object]]:
    return lambda world: archive_room(
        world.tx, world.actor(script.lead), ArchiveRoom(room_id=world.rooms[script.key].id)
    )


def _create(script: ProjectScript, task: TaskScript, days: Workdays) -> Callable[[World], Awaitable[object]]:
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

    return act


DATELESS = 99
"""The due day of a task without one."""


def _step(script: ProjectScript, task: TaskScript, stage: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: change_task(
        world.tx,
        world.actor(task.who or script.lead),
        ChangeTask(task_id=world.tasks[script.key, task.title], stage_id=world.task_stages[stage].id),
    )


def _complete(script: ProjectScript, task: TaskScript) -> Callable[[World], Awaitable[object]]:
    return lambda world: complete_task(
        world.tx,
        world.actor(task.who or script.lead),
        CompleteTask(task_id=world.tasks[script.key, task.title]),
    )


def _add_file(script: ProjectScript, line: SpokenLine, name: str) -> Callable[[World], Awaitable[object]]:
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


def _say(script: ProjectScript, line: SpokenLine) -> Callable[[World], Awaitable[object]]:
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


def _correct(script: ProjectScript, line: SpokenLine) -> Callable[[World], Awaitable[object]]:
    return lambda world: edit_message(
        world.tx,
        world.actor(line.who),
        EditMessage(message_id=world.latest[script.key, line.who], body=line.text),
    )
