"""Departures from rooms: what someone who leaves hands over in them, and how their name goes when they are erased."""

from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.departures import Erased, Held, Holding, Leaving
from people.installation.deletions import BusinessCounted
from people.managers import Managed
from rooms.access import Member, Room, room_stream
from rooms.events import MemberAdded, MemberRemoved, MembershipAdded, MembershipRemoved
from rooms.files.attachments import File
from rooms.forms import MemberForm, MembershipForm
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.events import TaskChanged
from rooms.tasks.tasks import Task, task_form
from rooms.time.entries import Entry, stop
from rooms.wall.mentions import leave_mentions
from store.database import Transaction
from store.events import Gone
from store.log import reword


async def held_in_rooms(tx: Transaction, held: Held) -> list[Holding]:
    """This is what someone holds in rooms."""
    return [
        Holding("timer", await _running(tx, held.person_id), needs_successor=False),
        Holding("rooms", await _open_rooms(tx, held.person_id)),
        Holding("tasks", await _open_tasks(tx, held.person_id)),
    ]


async def hand_over_rooms(tx: Transaction, leaving: Leaving) -> None:
    """Stop someone's clock, give their open rooms and tasks to their successor, and take them out of the rooms."""
    await _stop_clock(tx, leaving)
    await _join_rooms(tx, leaving)
    await _pass_on_tasks(tx, leaving)
    await _leave_rooms(tx, leaving)


async def count_rooms(tx: Transaction, counted: BusinessCounted) -> dict[str, int]:
    """This is how many rooms and files go with a business."""
    rooms = select(func.count()).select_from(Room).where(Room.business_id == counted.business_id)
    files = select(func.count()).select_from(File).where(File.business_id == counted.business_id)
    return {"rooms": int(await tx.scalar(rooms)), "files": int(await tx.scalar(files))}


async def _running(tx: Transaction, person_id: UUID) -> int:
    running = select(func.count()).select_from(Entry).where(Entry.person_id == person_id, Entry.stopped_at.is_(None))
    return int(await tx.scalar(running))


async def _stop_clock(tx: Transaction, leaving: Leaving) -> None:
    running = select(Entry).where(Entry.person_id == leaving.whom.id, Entry.stopped_at.is_(None)).with_for_update()
    for entry in (await tx.scalars(running)).all():
        await stop(tx, entry, by=leaving.by, reason="person_deactivated")


async def _open_rooms(tx: Transaction, person_id: UUID) -> int:
    rooms = (
        select(func.count())
        .select_from(Member)
        .join(Room, Room.id == Member.room_id)
        .where(Member.person_id == person_id, Member.left_at.is_(None), Room.archived_at.is_(None))
    )
    return int(await tx.scalar(rooms))


async def _join_rooms(tx: Transaction, leaving: Leaving) -> None:
    """Bring the successor into the rooms in which there is something to take over. The rooms' rows are locked."""
    member = select(Member.room_id).where(Member.person_id == leaving.whom.id, Member.left_at.is_(None))
    assigned = select(Task.room_id).where(Task.assignee_id == leaving.whom.id, Task.completed_at.is_(None))
    found = await tx.scalars(
        select(Room.id)
        .where(or_(Room.id.in_(member), Room.id.in_(assigned)), Room.archived_at.is_(None))
        .order_by(Room.id)
        .with_for_update()
    )
    room_ids, successor = list(found), leaving.successor
    if successor is None or not room_ids:
        return
    known = await tx.scalars(
        select(Member.room_id).where(
            Member.person_id == successor.id, Member.left_at.is_(None), Member.room_id.in_(room_ids)
        )
    )
    new = sorted(set(room_ids) - set(known))
    if not new:
        return
    row = {"person_id": successor.id, "business_id": successor.business_id, "added_at": tx.now}
    joining = insert(Member).values([row | {"room_id": room_id} for room_id in new])
    back = {"added_at": tx.now, "left_at": None}
    await tx.execute(joining.on_conflict_do_update(index_elements=["room_id", "person_id"], set_=back))
    form = MemberForm(id=successor.id, added_at=tx.now)
    for room_id in new:
        stream = room_stream(room_id, successor.business_id)
        tx.record(stream, MemberAdded(member=form, person=successor.form), by=leaving.by.id)
        membership = MembershipForm(id=room_id, added_at=tx.now)
        tx.record(successor.stream, MembershipAdded(membership=membership), by=leaving.by.id)


async def _leave_rooms(tx: Transaction, leaving: Leaving) -> None:
    open_rooms = select(Room.id).where(Room.business_id == leaving.whom.business_id, Room.archived_at.is_(None))
    left = await tx.scalars(
        update(Member)
        .where(Member.person_id == leaving.whom.id, Member.left_at.is_(None), Member.room_id.in_(open_rooms))
        .values(left_at=tx.now)
        .returning(Member.room_id)
        .execution_options(synchronize_session=False)
    )
    room_ids = sorted(left)
    await leave_mentions(tx, leaving.by, leaving.whom.id, room_ids)
    for room_id in room_ids:
        stream = room_stream(room_id, leaving.whom.business_id)
        tx.record(stream, MemberRemoved(member=Gone(id=leaving.whom.id)), by=leaving.by.id)
        tx.record(leaving.whom.stream, MembershipRemoved(membership=Gone(id=room_id)), by=leaving.by.id)


async def _open_tasks(tx: Transaction, person_id: UUID) -> int:
    tasks = (
        select(func.count())
        .select_from(Task)
        .join(Room, Room.id == Task.room_id)
        .where(Task.assignee_id == person_id, Task.completed_at.is_(None), Room.archived_at.is_(None))
    )
    return int(await tx.scalar(tasks))


async def _pass_on_tasks(tx: Transaction, leaving: Leaving) -> None:
    """Give the open tasks to the successor; what is for other eyes than theirs is nobody's from then on."""
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


async def erase_from_rooms(tx: Transaction, erased: Erased) -> None:
    """Take somebody's name out of all that their rooms were told of them before."""
    whom = erased.whom
    room_ids = await tx.scalars(select(Member.room_id).where(Member.person_id == whom.id))
    rooms = [room_stream(room_id, whom.business_id).name for room_id in room_ids]
    await reword(tx, rooms, ("person", "id"), whom.id, {"name": whom.person.name})
