"""Persons in rooms: whatever changes a name or a kind is told wherever that name stands."""

from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from sqlalchemy import and_, select, true

from people.actors import Actor
from people.announcements import PersonRenamed
from people.events import PersonChanged
from people.parties import Party
from people.persons.directory import Profile
from rooms.access import Member, Room, chooses_everywhere, room_stream, visible
from store.database import Transaction
from store.scopes import EVERYWHERE
from store.texts.sorting import by_name


async def tell_rooms(tx: Transaction, renamed: PersonRenamed) -> None:
    """Tell every room in which someone's name stands that it changed: also in businesses below, where they worked."""
    person = renamed.person
    await _look_into(tx, person.id)
    person_rooms = await tx.execute(
        select(Member.room_id, Member.business_id).where(Member.person_id == person.id).order_by(Member.room_id)
    )
    for room_id, business_id in person_rooms:
        event = PersonChanged(person=person, changed=[renamed.changed])
        tx.record(room_stream(room_id, business_id), event, by=renamed.by)


async def _look_into(tx: Transaction, person_id: UUID) -> None:
    if isinstance(tx.within, str):
        return
    seen = {tx.within} if isinstance(tx.within, UUID) else {*tx.within}
    await tx.look(EVERYWHERE)
    theirs = set(await tx.scalars(select(Member.business_id).where(Member.person_id == person_id).distinct()))
    await tx.look(seen | theirs)


@dataclass(frozen=True, slots=True)
class PersonRoom:
    """A room, as somebody finds it on another's page."""

    id: UUID
    title: str
    company_name: str | None
    seen: bool
    """Whether who asks sees the room too, not only its name."""


@dataclass(frozen=True, slots=True)
class PersonRooms:
    """The open rooms that someone is in, and those that who asks could put them into; each by title."""

    inside: list[PersonRoom]
    outside: list[PersonRoom]
    choosing: bool
    """Whether who asks may put them into rooms and take them out."""


async def person_rooms(tx: Transaction, actor: Actor, person: Profile) -> PersonRooms:
    """These are the rooms of someone of the asker's business: those that the asker sees, too; and if the asker may
    choose the people of rooms, all.
    """
    choosing = person.state not in ("former", "erased", "linked") and chooses_everywhere(actor, person)
    entered = (
        select(Member.room_id)
        .where(Member.room_id == Room.id, Member.person_id == person.id, Member.left_at.is_(None))
        .exists()
    )
    rows = await tx.execute(
        select(Room.id, Room.title, Party.name, visible(actor), entered)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(
            Room.business_id == actor.business_id,
            Room.archived_at.is_(None),
            true() if choosing else and_(visible(actor), entered),
        )
    )
    inside: list[PersonRoom] = []
    outside: list[PersonRoom] = []
    for *place, is_in in by_name(rows, actor.language, attrgetter("title")):
        (inside if is_in else outside).append(PersonRoom(*place))
    return PersonRooms(inside, outside, choosing)
