"""Departures: who leaves gives their open tasks to their successor."""

from uuid import UUID

from sqlalchemy import Select, func, select

from people.actors import Actor
from people.managers import Managed
from people.persons.departures import Held, Holding
from rooms.access import Room, room_stream
from rooms.announcements import RoomsTakenOver, WorkPassedOn
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.events import TaskChanged
from rooms.tasks.tasks import Task, task_form
from store.database import Transaction


async def tasks_held(tx: Transaction, held: Held) -> list[Holding]:
    """This is how many open tasks are someone's."""
    tasks = (
        select(func.count())
        .select_from(Task)
        .join(Room, Room.id == Task.room_id)
        .where(Task.assignee_id == held.person_id, Task.completed_at.is_(None), Room.archived_at.is_(None))
    )
    return [Holding("tasks", int(await tx.scalar(tasks)))]


async def rooms_of_tasks(_tx: Transaction, taken: RoomsTakenOver) -> Select[UUID]:
    """These are the rooms in which someone has open tasks."""
    return select(Task.room_id).where(Task.assignee_id == taken.person_id, Task.completed_at.is_(None))


async def pass_on_tasks(tx: Transaction, passed_on: WorkPassedOn) -> None:
    """Give the open tasks to the successor; what is for other eyes than theirs is nobody's from then on."""
    leaving = passed_on.leaving
    found = await tx.scalars(
        select(Task)
        .join(Room, Room.id == Task.room_id)
        .where(Task.assignee_id == leaving.whom.id, Task.completed_at.is_(None), Room.archived_at.is_(None))
        .order_by(Task.id)
        .with_for_update(of=Task)
    )
    seen = audiences_of(lens_of(_seeing(leaving.successor))) if leaving.successor else []
    for task in list(found):
        task.assignee_id = leaving.successor.id if leaving.successor and task.audience in seen else None
        event = TaskChanged(task=task_form(task), changed=["assignee_id"])
        stream = room_stream(task.room_id, task.business_id)
        tx.record(stream, event, by=leaving.by.id, audience=task.audience)
    await tx.flush()


def _seeing(whom: Managed) -> Actor:
    permissions = frozenset(whom.account.permissions)
    return Actor(whom.id, whom.person.kind, whom.business_id, whom.person.name, permissions=permissions)  # type: ignore[arg-type]
