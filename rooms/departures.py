"""Departures from rooms: what someone who leaves hands over, all of it in one transaction.

Each thing that can be handed over is a ``Handover``: how much of it someone holds, and how it passes to a successor.
Automations and forms join ``HANDOVERS`` when there are such.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from people.actors import Actor
from people.departures import DeactivatePerson, ErasePerson, erase, leave
from people.events import PersonDeactivated, PersonErased
from people.forms import PersonForm
from people.managers import Managed, managed, tell
from people.parties import Party
from people.streams import business_stream
from rooms.access import Member, Room, room_stream
from rooms.events import MemberAdded, MemberRemoved, MembershipAdded, MembershipRemoved, TaskChanged
from rooms.forms import MemberForm, MembershipForm
from rooms.lenses import audiences_of, lens_of
from rooms.persons import tell_rooms
from rooms.tasks.tasks import Task, task_form
from rooms.time.entries import Entry, stop
from rooms.wall.mentions import leave_mentions
from staff.departments import Department, leave_departments
from staff.leave.departures import end_leave, leave_ahead
from store.database import Transaction
from store.errors import Invalid, _
from store.events import Gone
from store.log import reword


@dataclass(frozen=True, slots=True)
class Leaving:
    """Someone who leaves, who takes over, and who lets them go."""

    whom: Managed
    successor: Managed | None
    by: Actor


@dataclass(frozen=True, slots=True)
class Handover:
    """Something that is handed over. ``needs_successor``: it can't be left with nobody."""

    name: str
    count: Callable[[Transaction, UUID], Awaitable[int]]
    hand_over: Callable[[Transaction, Leaving], Awaitable[None]]
    needs_successor: bool = True


async def deactivate_person(tx: Transaction, actor: Actor, command: DeactivatePerson) -> PersonForm:
    """Let someone go: they can't sign in any more, their clock stops, and a successor takes over their open rooms and
    tasks. What they wrote and did keeps their name. Leave that they asked for is taken back, and what was approved ends
    with their last day: the one on their card, if it is to come, else today. Letting go who has left changes nothing.

    Raises:
        NotFound: there is no such person in the asker's business.
        Forbidden: the asker doesn't look after people of that kind.
        LastAdmin: there is no other admin who can sign in.
        IsYourself: nobody lets themselves go.
        Invalid: there is something to take over and nobody named, or somebody who can't.
    """
    whom = await managed(tx, actor, command.person_id)
    if whom.account.deactivated_at is not None:
        return whom.form
    successor = await leave(tx, actor, whom, command)
    if successor is None and whom.person.kind != "client" and await _needs_successor(tx, whom.id):
        raise Invalid(fields={"successor_id": _("Choose who takes over their rooms and tasks.")})
    leaving = Leaving(whom, successor, actor)
    for handover in HANDOVERS:
        await handover.hand_over(tx, leaving)
    await _leave_rooms(tx, leaving)
    event = PersonDeactivated(person=whom.form, successor_id=command.successor_id)
    tell(tx, actor, whom, event, "person_deactivated", successor_id=str(command.successor_id or ""))
    return whom.form


async def _needs_successor(tx: Transaction, person_id: UUID) -> bool:
    return any([await handover.count(tx, person_id) > 0 for handover in HANDOVERS if handover.needs_successor])


async def held_by(tx: Transaction, person_id: UUID) -> dict[str, int]:
    """This is how much someone would hand over, by the names of the handovers."""
    return {handover.name: await handover.count(tx, person_id) for handover in HANDOVERS}


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


async def _led_departments(tx: Transaction, person_id: UUID) -> int:
    led = select(func.count()).select_from(Department).where(Department.head_id == person_id)
    return int(await tx.scalar(led))


async def _pass_on_departments(tx: Transaction, leaving: Leaving) -> None:
    """Let the successor lead what they led; deputies and members go without replacement."""
    if leaving.whom.person.kind != "client":
        successor_id = leaving.successor.id if leaving.successor else None
        await leave_departments(tx, leaving.by, leaving.whom.business_id, leaving.whom.id, successor_id)


async def _leave_ahead(tx: Transaction, person_id: UUID) -> int:
    party = await tx.get(Party, person_id)
    return await leave_ahead(tx, party.business_id, person_id) if party and party.business_id else 0


async def _end_leave(tx: Transaction, leaving: Leaving) -> None:
    await end_leave(tx, leaving.by, leaving.whom.business_id, leaving.whom.id)


HANDOVERS = (
    Handover("timer", _running, _stop_clock, needs_successor=False),
    Handover("rooms", _open_rooms, _join_rooms),
    Handover("tasks", _open_tasks, _pass_on_tasks),
    Handover("leave", _leave_ahead, _end_leave, needs_successor=False),
    Handover("departments", _led_departments, _pass_on_departments, needs_successor=False),
)
"""What is handed over, in the order in which it is; who leaves goes out of the rooms after all of it."""


async def erase_person(tx: Transaction, actor: Actor, command: ErasePerson) -> PersonForm:
    """Erase the personal data of someone who has left, who asks for it: a pseudonym stands where the name stood, also
    in all that was told before. What they did stays. An admin does it, and types the name to be sure.

    Raises:
        NotFound: there is no such person in the asker's business.
        StillHere: they haven't left.
        AlreadyErased: it was done before.
        Invalid: the name typed isn't theirs.
    """
    whom = await erase(tx, actor, command)
    await _reword(tx, whom)
    tell(tx, actor, whom, PersonErased(person=whom.form), "person_erased")
    await tell_rooms(tx, whom.form, ["name"], by=actor.id)
    return whom.form


async def _reword(tx: Transaction, whom: Managed) -> None:
    """Take the name out of all that was told of them before."""
    room_ids = await tx.scalars(select(Member.room_id).where(Member.person_id == whom.id))
    rooms = [room_stream(room_id, whom.business_id).name for room_id in room_ids]
    team = business_stream(whom.business_id).name
    name = {"name": whom.person.name}
    await reword(tx, [*rooms, team], ("person", "id"), whom.id, name)
    await reword(tx, [team, whom.stream.name], ("timer", "person_id"), whom.id, {"person_name": whom.person.name})
    blank = {"name": whom.person.name, "email": "", "phone": "", "address": ""}
    await reword(tx, [whom.stream.name], ("account", "id"), whom.id, blank)
