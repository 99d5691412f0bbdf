"""The work that was timed: each person's working days, cut into stretches on what they had to do then."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from hub.demo.deeds import World
from hub.demo.history import DemoEvent
from hub.demo.projects import ProjectScript
from hub.demo.workdays import HISTORY, Workdays
from rooms.time.timers import StartTimer, StopTimer, start_timer, stop_timer


@dataclass(frozen=True, slots=True)
class Habit:
    """How someone works: when they come (minutes after midnight), how long, and when not at all."""

    comes: int = 9 * 60
    hours: float = 6.6
    weekdays: frozenset[int] = frozenset(range(5))
    away: tuple[tuple[int, int], ...] = ()
    """Leave, from a day to a day."""

    def works(self, number: int, days: Workdays) -> bool:
        return days.date(number).weekday() in self.weekdays and not any(a <= number <= b for a, b in self.away)


HABITS = {
    "ana": Habit(comes=8 * 60 + 50, away=((-33, -29),)),
    "mihai": Habit(comes=9 * 60 + 20, hours=6.9),
    "oksana": Habit(comes=8 * 60 + 40, away=((-18, -16),)),
    "dan": Habit(comes=9 * 60, hours=7.0, away=((-47, -43),)),
    "iryna": Habit(comes=9 * 60 + 5),
    "petru": Habit(comes=9 * 60 + 30, hours=6.2, away=((-25, -24),)),
    "sofia": Habit(comes=8 * 60 + 55, away=((-5, 5),)),
    "vlad": Habit(comes=9 * 60 + 40, hours=6.4, weekdays=frozenset(range(4))),
    "adriana": Habit(comes=9 * 60 + 10, hours=1.6),
    "stefan": Habit(comes=9 * 60, hours=1.5, weekdays=frozenset((1, 3))),
}

RUNNING = (
    ("ana", "website", "Homepage copy", 42),
    ("mihai", "website", "Order form", 78),
    ("dan", "shop", "Checkout", 125),
)
"""Who works right now: on what, and for how many minutes already."""

EARLIER_TODAY = (
    ("ana", "website", "Homepage copy", 165, 70),
    ("mihai", "website", "Order form", 205, 95),
    ("dan", "shop", "Checkout", 214, 140),
    ("oksana", "packaging", None, 190, 60),
    ("iryna", "booking", "Seat map of the buses", 232, 118),
    ("iryna", "booking", "Seat map of the buses", 110, 24),
    ("petru", "portal", "Test data for the messages", 178, 62),
)
"""Who worked earlier today, on what; from and until how many minutes ago."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a stretch is spent on: a task, or a project in general with a note that says what."""

    project: str
    task: str | None
    note: str = ""


def timesheets(projects: tuple[ProjectScript, ...], days: Workdays) -> Iterator[DemoEvent]:
    """These are the timers that were started and stopped, those that run now among them."""
    for person in sorted({member for project in projects for member in (*project.members, project.lead)}):
        if person in HABITS:
            for number in range(-HISTORY, 0):
                if HABITS[person].works(number, days):
                    yield from _day(person, number, projects, days)
    known = {project.key for project in projects}
    for person, project, task, since, until in EARLIER_TODAY:
        if project in known:
            yield DemoEvent(days.ago(since), _start(person, Work(project, task)))
            yield DemoEvent(days.ago(until), _stop(person))
    for person, project, task, since in RUNNING:
        if project in known:
            yield DemoEvent(days.ago(since) + timedelta(seconds=-10), _start(person, Work(project, task)))


def _day(person: str, number: int, projects: tuple[ProjectScript, ...], days: Workdays) -> Iterator[DemoEvent]:
    chance = Random(f"{person} {number}")  # noqa: S311 - a story, not a secret
    habit = HABITS[person]
    at = _morning(days, number) + timedelta(minutes=habit.comes + chance.uniform(-14, 22))
    evening = _morning(days, number) + timedelta(hours=17, minutes=50)
    left = timedelta(hours=habit.hours * chance.uniform(0.86, 1.08))
    lunched, work = False, None
    while left > timedelta(minutes=12) and at < evening - timedelta(minutes=15):
        work = _choice(person, number, projects, chance, work)
        if work is None:
            return
        length = min(timedelta(minutes=chance.triangular(28, 165, 85)), left, evening - at)
        yield DemoEvent(at, _start(person, work))
        at, left = at + length, left - length
        pause = _pause(chance, habit, at - _morning(days, number), lunched=lunched)
        lunched = lunched or pause > timedelta(minutes=25)
        if pause or left <= timedelta(minutes=12) or at >= evening - timedelta(minutes=15):
            yield DemoEvent(at, _stop(person))
        at += pause


def _morning(days: Workdays, number: int) -> datetime:
    return days.at(number, datetime.min.time())


def _pause(chance: Random, habit: Habit, clock: timedelta, *, lunched: bool) -> timedelta:
    """Lunch once noon has passed; else a few minutes, or none: the next timer is started over this one."""
    if not lunched and clock > timedelta(hours=12, minutes=15) and habit.hours > 4:
        return timedelta(minutes=chance.uniform(32, 64))
    return timedelta(minutes=chance.uniform(3, 16)) if chance.random() < 0.4 else timedelta(0)


def _choice(
    person: str, number: int, projects: tuple[ProjectScript, ...], chance: Random, last: Work | None
) -> Work | None:
    """What is worked on next: seldom the same again, and now and then nothing that is a task."""
    works, weights = [], []
    for project in projects:
        if not project.works_on(number):
            continue
        for task in project.tasks:
            if person in (task.who, *task.helpers) and task.first <= number <= task.last:
                work = Work(project.key, task.title)
                works.append(work)
                weights.append(task.share * (1.0 if person == task.who else 0.4) * (0.35 if work == last else 1.0))
        if project.general and person in (*project.members, project.lead):
            works.append(Work(project.key, None, chance.choice(project.general)))
            weights.append(0.05)
    return chance.choices(works, weights)[0] if works else None


def _start(person: str, work: Work) -> Callable[[World], Awaitable[object]]:
    return lambda world: start_timer(
        world.tx,
        world.actor(person),
        StartTimer(
            room_id=world.rooms[work.project].id,
            task_id=world.tasks[work.project, work.task] if work.task else None,
            note=work.note,
        ),
    )


def _stop(person: str) -> Callable[[World], Awaitable[object]]:
    return lambda world: stop_timer(world.tx, world.actor(person), StopTimer())
