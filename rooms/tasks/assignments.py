"""Assignments: what someone has to do, over all their rooms."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from people.actors import Actor
from people.parties import Party
from processes.processes import Stage
from rooms.access import Room, visible
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.tasks import Task
from store.database import Transaction
from store.days import Span


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task that isn't completed, with the names around it."""

    task_id: UUID
    title: str
    due_on: date | None
    audience: Literal["all", "team", "money", "managers"]
    stage_name: str
    room_id: UUID
    room_title: str
    company_name: str | None


async def assignments(
    tx: Transaction, actor: Actor, limit: int = 50, *, of: UUID | None = None, dated: bool = False
) -> list[Assignment]:
    """These are the asker's own open tasks, or another's as the asker sees them: by when they are due, those without a
    date last, or left out."""
    rows = await tx.execute(
        select(Task, Stage.name, Room.title, Party.name)
        .join(Room, Room.id == Task.room_id)
        .join(Stage, Stage.id == Task.stage_id)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(
            visible(actor),
            Room.archived_at.is_(None),
            Task.assignee_id == (of or actor.id),
            Task.completed_at.is_(None),
            *([Task.due_on.is_not(None)] if dated else []),
            Task.audience.in_(audiences_of(lens_of(actor))),
        )
        .order_by(Task.due_on.asc().nulls_last(), Task.created_at, Task.id)
        .limit(limit)
    )
    return [
        Assignment(
            task_id=task.id,
            title=task.title,
            due_on=task.due_on,
            audience=task.audience,
            stage_name=stage_name,
            room_id=task.room_id,
            room_title=room_title,
            company_name=company_name,
        )
        for task, stage_name, room_title, company_name in rows
    ]


async def completed(tx: Transaction, actor: Actor, span: Span) -> int:
    """This is how many tasks were completed in a span, in the rooms that the asker sees."""
    count: int = await tx.scalar(
        select(func.count())
        .select_from(Task)
        .join(Room, Room.id == Task.room_id)
        .where(
            visible(actor),
            Task.audience.in_(audiences_of(lens_of(actor))),
            Task.completed_at >= span.begin,
            Task.completed_at < span.end,
        )
    )
    return count
