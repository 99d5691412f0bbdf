"""Enlistments: a whole department comes into a room."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from people.actors import Actor
from people.departments import people_of_department
from rooms.doors import Member, open_room_of
from rooms.members import join
from store.commands import Command
from store.database import Transaction


class EnlistDepartment(Command):
    room_id: UUID
    department_id: UUID


class EnlistmentForm(BaseModel):
    """Who came into a room with a department; whoever was there before isn't named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person_ids: list[UUID]


async def enlist_department(tx: Transaction, actor: Actor, command: EnlistDepartment) -> EnlistmentForm:
    """Add the people of a department, and of those below it, to a room. Who may add members may.

    Raises:
        NotFound: the room or the department isn't there, or isn't the asker's.
        Forbidden: the asker may not.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id, lock=True)
    if not actor.may("staff"):
        actor.must("projects")
    people = await people_of_department(tx, actor, command.department_id)
    inside = set(await tx.scalars(select(Member.person_id).where(Member.room_id == room.id, Member.left_at.is_(None))))
    added = [person_id for person_id in people if person_id not in inside]
    for person_id in added:
        await join(tx, room, person_id, by=actor)
    return EnlistmentForm(person_ids=added)
