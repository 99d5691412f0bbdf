"""Activity: whose time an event tells of, and on what they worked, where it is shown outside its room."""

from sqlalchemy import select

from people.actors import Actor
from people.parties import Party
from rooms.announcements import EventsShown
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.tasks import Task
from store.database import Transaction


async def name_work(tx: Transaction, shown: EventsShown) -> dict[str, str]:
    """These are the names of those who worked, and of the tasks that the asker sees."""
    entries = [body.get("entry") or {} for body in shown.bodies]
    workers = await _workers(tx, {id for entry in entries if (id := entry.get("person_id"))})
    return workers | await _tasks(tx, shown.actor, {id for entry in entries if (id := entry.get("task_id"))})


async def _workers(tx: Transaction, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return {str(id): name for id, name in await tx.execute(select(Party.id, Party.name).where(Party.id.in_(ids)))}


async def _tasks(tx: Transaction, actor: Actor, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    seen = select(Task.id, Task.title).where(Task.id.in_(ids), Task.audience.in_(audiences_of(lens_of(actor))))
    return {str(id): title for id, title in await tx.execute(seen)}
