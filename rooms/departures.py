"""Departures from rooms: what someone who leaves hands over in them, and how their name goes when they are erased."""

from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from people.installation.deletions import BusinessCounted
from people.persons.departures import Erased, Held, Holding, Leaving
from rooms.access import Member, Room, room_stream
from rooms.announcements import RoomsLeft, RoomsTakenOver, WorkPassedOn
from rooms.events import MemberAdded, MemberRemoved, MembershipAdded, MembershipRemoved
from rooms.forms import MemberForm, MembershipForm
from store.database import Transaction
from store.events import Gone
from store.log import reword


async def held_in_rooms(tx: Transaction, held: Held) -> list[Holding]:
    """This is in how many open rooms someone is."""
    return [Holding("rooms", await _open_rooms(tx, held.person_id))]


async def hand_over_rooms(tx: Transaction, leaving: Leaving) -> None:
    """Give someone's open rooms to their successor, and take them out of them."""
    await _join_rooms(tx, leaving)
    await tx.announce(WorkPassedOn(leaving))
    await _leave_rooms(tx, leaving)


async def count_rooms(tx: Transaction, counted: BusinessCounted) -> dict[str, int]:
    """This is how many rooms go with a business."""
    rooms = select(func.count()).select_from(Room).where(Room.business_id == counted.business_id)
    return {"rooms": int(await tx.scalar(rooms))}


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
    others = await tx.announce(RoomsTakenOver(leaving.whom.id))
    found = await tx.scalars(
        select(Room.id)
        .where(or_(*(Room.id.in_(query) for query in (member, *others))), Room.archived_at.is_(None))
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
    inside = (Member.person_id == leaving.whom.id) & Member.left_at.is_(None) & Member.room_id.in_(open_rooms)
    room_ids = sorted(await tx.scalars(select(Member.room_id).where(inside).with_for_update()))
    await tx.announce(RoomsLeft(leaving.whom.id, room_ids, leaving.by, "person_deactivated"))
    await tx.execute(update(Member).where(inside).values(left_at=tx.now).execution_options(synchronize_session=False))
    for room_id in room_ids:
        stream = room_stream(room_id, leaving.whom.business_id)
        tx.record(stream, MemberRemoved(member=Gone(id=leaving.whom.id)), by=leaving.by.id)
        tx.record(leaving.whom.stream, MembershipRemoved(membership=Gone(id=room_id)), by=leaving.by.id)


async def erase_from_rooms(tx: Transaction, erased: Erased) -> None:
    """Take somebody's name out of all that their rooms were told of them before."""
    whom = erased.whom
    room_ids = await tx.scalars(select(Member.room_id).where(Member.person_id == whom.id))
    rooms = [room_stream(room_id, whom.business_id).name for room_id in room_ids]
    await reword(tx, rooms, ("person", "id"), whom.id, {"name": whom.person.name})
