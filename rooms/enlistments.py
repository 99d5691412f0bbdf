"""Enlistments: a whole department comes into a room."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from people.actors import Actor
from people.parties import Party
from rooms.access import Member, chooses, room_to_staff
from rooms.lenses import must_ask
from rooms.members import join
from staff.departments import people_of_department
from store.commands import Command
from store.database import Transaction


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
