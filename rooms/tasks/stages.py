"""Tasks at the stages of their room's process."""

from uuid import UUID

from sqlalchemy import func, select

from processes.announcements import StageGoes, StagesCounted
from rooms.tasks.tasks import Task
from store.database import Transaction


async def tasks_are_at(tx: Transaction, going: StageGoes) -> bool:
    """Whether a task is at a stage that goes."""
    return bool(await tx.scalar(select(Task.id).where(Task.stage_id == going.stage_id).limit(1)))


async def count_tasks_at_stages(tx: Transaction, counted: StagesCounted) -> dict[UUID, int]:
    """These are the numbers of a business's tasks at each stage."""
    at = (
        select(Task.stage_id, func.count().label("things"))
        .where(Task.business_id == counted.business_id)
        .group_by(Task.stage_id)
    )
    return {row.stage_id: row.things for row in await tx.execute(at)}
