"""The history of the demo: what happened, moment by moment, as calls of the verbs that make it happen.

It is the same whenever it is made, but for the days that it is told of: chance is seeded.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from hub.demo.deeds import (
    World,
    add_drawn_file,
    archive_project,
    complete,
    correct,
    create_planned,
    move_project,
    move_task,
    open_project,
    react,
    say,
)
from hub.demo.projects import ProjectScript, Talk, TaskScript, talks
from hub.demo.workdays import Workdays


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
    yield DemoEvent(days.at(script.opened, time(9, 2, chance.randrange(60))), open_project(script))
    for day, stage in script.stages:
        yield DemoEvent(
            days.at(day, time(9, chance.randrange(5, 30), chance.randrange(60))), move_project(script, stage)
        )
    for task in script.tasks:
        yield from _task_history(script, task, days, chance)
    for talk in talks(script):
        yield from _said(script, talk, days, chance)
    if script.archived is not None:
        yield DemoEvent(days.at(script.archived, time(18, 20)), archive_project(script))


def _task_history(script: ProjectScript, task: TaskScript, days: Workdays, chance: Random) -> Iterator[DemoEvent]:
    def within(day: int, earliest: int, latest: int) -> datetime:
        minute = chance.randrange(earliest * 60, latest * 60)
        return days.at(day, time(minute // 60, minute % 60, chance.randrange(60)))

    made = max(script.opened, task.first - 4) if task.made is None else task.made
    yield DemoEvent(
        within(made, 9, 10) if made > script.opened else within(made, 10, 12), create_planned(script, task, days)
    )
    if task.who is None or task.first > 0:
        return
    began = within(task.first, 12, 13) if made == task.first else days.at(task.first, time(8, 35, chance.randrange(60)))
    yield DemoEvent(began, move_task(script, task, "in_progress"))
    if task.review is not None:
        yield DemoEvent(within(task.review, 17, 18), move_task(script, task, "review"))
    if task.done:
        ended = days.at(task.last, time(18, chance.randrange(20), chance.randrange(60)))
        yield DemoEvent(ended, complete(script, task))
    if task.done_ago is not None:
        yield DemoEvent(days.ago(task.done_ago), complete(script, task))


def _said(script: ProjectScript, talk: Talk, days: Workdays, chance: Random) -> Iterator[DemoEvent]:
    at = days.ago(talk.minutes_ago) if talk.clock is None else days.at(talk.day, talk.clock)
    for number, line in enumerate(talk.lines):
        if number:
            at += timedelta(minutes=line.after_minutes or chance.randrange(2, 14), seconds=chance.randrange(60))
        for name in line.attached:
            yield DemoEvent(at - timedelta(seconds=chance.randrange(10, 50)), add_drawn_file(script, line, name))
        yield DemoEvent(at, correct(script, line) if line.corrects else say(script, line))
        for place, (emoji, who) in enumerate(line.reactions, 1):
            yield DemoEvent(at + timedelta(seconds=20 * place), react(script, line, emoji, who))
