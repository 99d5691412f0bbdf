"""What is read of tasks."""

from pydantic import BaseModel

from people.actors import Actor
from rooms.access import OfRoom, visible_room
from rooms.tasks.forms import TaskForm
from rooms.tasks.tasks import task_form, task_in
from store.database import Transaction
from store.errors import NotFound
from store.queries import Identifier
from store.reads import read


class OfTask(OfRoom):
    task_id: Identifier


class OneTask(BaseModel):
    task: TaskForm


@read("/rooms/{room_id}/tasks/{task_id}", area="rooms", refuses=(NotFound,))
async def task(tx: Transaction, actor: Actor, query: OfTask) -> OneTask:
    """A task with its description, however long."""
    room = await visible_room(tx, actor, query.room_id)
    return OneTask(task=task_form(await task_in(tx, room, query.task_id)))


READS = (task,)
