"""Named tasks: those that what stands on tasks speaks of, such as the one that somebody works on. What a task is shown
with comes along, so that who names it needn't know."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from rooms.announcements import RoomShown
from rooms.tasks.forms import TaskForm
from rooms.tasks.task_labels import TaskLabelsForm, labels_on
from rooms.tasks.tasks import tasks_of
from store.database import Transaction
from store.events import wired


async def show_named_tasks(tx: Transaction, shown: RoomShown, ids: Collection[UUID]) -> dict[str, Any]:
    """This is the piece of a room's snapshot with those of its tasks that something else names, and their labels;
    nothing where all tasks are wanted anyway."""
    if not ids or shown.wants("tasks"):
        return {}
    return {
        TaskForm.things: wired(await tasks_of(tx, shown.room, ids)),
        TaskLabelsForm.things: wired(await labels_on(tx, shown, ids)),
    }
