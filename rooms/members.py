"""Members: who is in a room. Whoever acts in a room is in it from then on."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from people.accounts import Account
from people.actors import Actor
from people.events import PersonChanged
from people.forms import PersonForm
from people.parties import Party
from rooms.access import Member, SeenRoom, chooses, room_to_staff
from rooms.announcements import RoomsLeft
from rooms.events import MemberAdded, MemberRemoved, MembershipAdded, MembershipRemoved
from rooms.forms import MemberForm, MembershipForm
from rooms.lenses import must_ask
from staff.departments import people_of_department
from store.commands import Command
from store.database import Transaction
from store.errors import Conflict, Invalid, NotFound, _
from store.events import Gone
from store.streams import Stream


class AddMember(Command, touches="membership", needs=("projects", "staff"), area="rooms", lens="all"):
    room_id: UUID
    person_id: UUID


class AlreadyMember(Conflict):
    code = "already_member"
    message = _("This person is already in the room.")


async def add_member(tx: Transaction, actor: Actor, command: AddMember) -> MemberForm:
    """Add someone to a room. Admins do, and staff who manage projects or staff: those who manage staff add colleagues
    to rooms that they don't see, too.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Forbidden: the asker may not.
        Invalid: there is no such person in the business, or they aren't a colleague that the asker may add.
        AlreadyMember: they are in it.
        RoomIsArchived: the room is read-only.
    """
    room = await room_to_staff(tx, actor, command.room_id)
    await _must_choose(tx, actor, room, command)
    if await _is_member(tx, room, command.person_id):
        raise AlreadyMember()
    return await join(tx, room, command.person_id, by=actor)


async def _must_choose(tx: Transaction, actor: Actor, room: SeenRoom, command: "AddMember | RemoveMember") -> None:
    must_ask(actor, type(command))
    person = await tx.get(Party, command.person_id)
    if person is not None and not chooses(actor, room, person):
        raise Invalid(fields={"person_id": _("In a room you can't see, you can only choose staff.")})


async def join(tx: Transaction, room: SeenRoom, person_id: UUID, *, by: Actor) -> MemberForm:
    """Make someone a member of a room, and tell the room and them.

    Raises:
        Invalid: there is no such person in the business.
    """
    person = await tx.scalar(
        select(Party)
        .join(Account, Account.person_id == Party.id)
        .where(Party.id == person_id, or_(Party.business_id == room.business_id, Party.id == by.id), Account.active)
    )
    if person is None:
        raise Invalid(fields={"person_id": _("There is no such person.")})
    await tx.execute(
        insert(Member)
        .values(room_id=room.id, person_id=person_id, business_id=room.business_id, added_at=tx.now)
        .on_conflict_do_update(index_elements=["room_id", "person_id"], set_={"added_at": tx.now, "left_at": None})
    )
    member = MemberForm(id=person_id, added_at=tx.now)
    tx.record(room.stream, MemberAdded(member=member, person=PersonForm.model_validate(person)), by=by.id)
    tx.record(
        Stream("person", person_id, room.business_id),
        MembershipAdded(membership=MembershipForm(id=room.id, added_at=tx.now)),
        by=by.id,
    )
    return member


async def join_to_act(tx: Transaction, room: SeenRoom, actor: Actor) -> None:
    """Make an admin who acts in a room that they only looked into a member of it. Nobody is let in by their name: if
    another acts in it, the room learns only whose name stands in it."""
    if room.member:
        return
    if actor.impersonator_id is None:
        await join(tx, room, actor.id, by=actor)
    else:
        await _name(tx, room, actor)


async def _name(tx: Transaction, room: SeenRoom, actor: Actor) -> None:
    """Have somebody among the people of a room as one who was in it is, unless they are."""
    times = {"added_at": tx.now, "left_at": tx.now}
    named = await tx.execute(
        insert(Member)
        .values(room_id=room.id, person_id=actor.id, business_id=room.business_id, **times)
        .on_conflict_do_nothing()
        .returning(Member.person_id)
    )
    if named.first() is not None:
        person = PersonForm.model_validate(await tx.get(Party, actor.id))
        tx.record(room.stream, PersonChanged(person=person, changed=[]), by=actor.id)


class EnlistDepartment(Command, touches="membership", needs=("projects", "staff"), area="people", lens="all"):
    room_id: UUID
    department_id: UUID


class EnlistmentForm(BaseModel):
    """Who came into a room with a department; whoever was there before isn't named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person_ids: list[UUID]


async def enlist_department(tx: Transaction, actor: Actor, command: EnlistDepartment) -> EnlistmentForm:
    """Add the people of a department, and of those below it, to a room: all whom the asker may add one by one.

    Raises:
        NotFound: the room or the department isn't there, or isn't the asker's.
        Forbidden: the asker may not.
        RoomIsArchived: the room is read-only.
    """
    room = await room_to_staff(tx, actor, command.room_id)
    must_ask(actor, EnlistDepartment)
    ids = await people_of_department(tx, actor, command.department_id)
    inside = select(Member.person_id).where(Member.room_id == room.id, Member.left_at.is_(None))
    outside = await tx.scalars(select(Party).where(Party.id.in_(ids), Party.id.not_in(inside)))
    chosen = {person.id for person in outside if chooses(actor, room, person)}
    added = [person_id for person_id in ids if person_id in chosen]
    for person_id in added:
        await join(tx, room, person_id, by=actor)
    return EnlistmentForm(person_ids=added)


class RemoveMember(Command, touches="work", needs=("projects", "staff"), area="rooms", lens="all"):
    room_id: UUID
    person_id: UUID


async def remove_member(tx: Transaction, actor: Actor, command: RemoveMember) -> None:
    """Remove someone from a room; their timer in it stops. Who may add may remove, and anyone of the team may leave.

    Raises:
        NotFound: the room isn't the asker's, or the person isn't in it.
        Forbidden: the asker may not.
        Invalid: they aren't a colleague that the asker may remove.
        RoomIsArchived: the room is read-only.
    """
    room = await room_to_staff(tx, actor, command.room_id)
    if not (command.person_id == actor.id and actor.of_the_team):
        await _must_choose(tx, actor, room, command)
    if not await _is_member(tx, room, command.person_id):
        raise NotFound()
    await tx.announce(RoomsLeft(command.person_id, [room.id], actor, "member_removed"))
    await tx.execute(
        update(Member).where(Member.room_id == room.id, Member.person_id == command.person_id).values(left_at=tx.now)
    )
    tx.record(room.stream, MemberRemoved(member=Gone(id=command.person_id)), by=actor.id)
    tx.record(
        Stream("person", command.person_id, room.business_id),
        MembershipRemoved(membership=Gone(id=room.id)),
        by=actor.id,
    )


async def _is_member(tx: Transaction, room: SeenRoom, person_id: UUID) -> bool:
    found = await tx.scalar(
        select(Member.person_id).where(
            Member.room_id == room.id, Member.person_id == person_id, Member.left_at.is_(None)
        )
    )
    return found is not None


async def of_the_team(tx: Transaction, room: SeenRoom, person_id: UUID) -> bool:
    """Whether someone is in the room and of the team, so that work can be given to them."""
    found = await tx.scalar(
        select(func.count())
        .select_from(Member)
        .join(Party, Party.id == Member.person_id)
        .where(
            Member.room_id == room.id,
            Member.person_id == person_id,
            Member.left_at.is_(None),
            Party.kind.in_(("admin", "staff")),
        )
    )
    return bool(found)


async def members(tx: Transaction, room: SeenRoom) -> list[MemberForm]:
    """These are the people who are in a room, the earliest first."""
    rows = await tx.scalars(
        select(Member)
        .where(Member.room_id == room.id, Member.left_at.is_(None))
        .order_by(Member.added_at, Member.person_id)
    )
    return [MemberForm(id=row.person_id, added_at=row.added_at) for row in rows]


async def persons(tx: Transaction, room: SeenRoom) -> list[PersonForm]:
    """These are the people who are or were in a room: everyone whose name stands in it."""
    rows = await tx.scalars(
        select(Party)
        .join(Member, Member.person_id == Party.id)
        .where(Member.room_id == room.id)
        .order_by(Member.added_at, Party.id)
    )
    return [PersonForm.model_validate(row) for row in rows]
