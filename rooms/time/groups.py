"""Groups: a parent's business and those below it, side by side."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Executable, func, select

from people.accounts import Account
from people.actors import Actor
from people.installation.hierarchy import reach
from people.parties import Party
from rooms.access import Room
from rooms.time.entries import TimeEntry
from rooms.time.hours import this_week_of, within, worked
from store.database import Transaction
from store.errors import NotFound


@dataclass(frozen=True, slots=True)
class Working:
    """Who works now in one of the businesses, on what."""

    person_id: UUID
    name: str
    room: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A business of the group at a glance; hours are of this week."""

    id: UUID
    name: str
    depth: int
    people: int
    rooms: int
    week_seconds: int
    working: list[Working]


async def group(tx: Transaction, actor: Actor) -> list[GroupLine]:
    """These are the asker's business and those below it, in the order of the tree; the transaction sees them.

    Raises:
        NotFound: the asker isn't an admin, or nothing is below.
    """
    places = await reach(tx, actor)
    if not places:
        raise NotFound()
    ids = [place.id for place in places]
    await tx.look(ids)
    people = await _counted(
        tx,
        select(Party.business_id, func.count())
        .join(Account, Account.person_id == Party.id)
        .where(Party.business_id.in_(ids), Account.active)
        .group_by(Party.business_id),
    )
    rooms = await _counted(
        tx,
        select(Room.business_id, func.count())
        .where(Room.business_id.in_(ids), Room.archived_at.is_(None))
        .group_by(Room.business_id),
    )
    span = this_week_of(tx.now, actor)
    weeks = await _counted(
        tx,
        select(Room.business_id, worked(span, tx.now))
        .select_from(TimeEntry)
        .join(Room, Room.id == TimeEntry.room_id)
        .where(Room.business_id.in_(ids), within(span))
        .group_by(Room.business_id),
    )
    working = await _working(tx, ids)
    return [
        GroupLine(
            place.id,
            place.name,
            place.depth,
            people.get(place.id, 0),
            rooms.get(place.id, 0),
            weeks.get(place.id, 0),
            working.get(place.id, []),
        )
        for place in places
    ]


async def _counted(tx: Transaction, query: Executable) -> dict[UUID, int]:
    return {id: int(count) for id, count in await tx.execute(query)}


async def _working(tx: Transaction, ids: list[UUID]) -> dict[UUID, list[Working]]:
    rows = await tx.execute(
        select(Room.business_id, Party.id, Party.name, Room.title, TimeEntry.started_at)
        .select_from(TimeEntry)
        .join(Room, Room.id == TimeEntry.room_id)
        .join(Party, Party.id == TimeEntry.person_id)
        .where(Room.business_id.in_(ids), TimeEntry.stopped_at.is_(None))
        .order_by(TimeEntry.started_at)
        .limit(500)
    )
    found: dict[UUID, list[Working]] = {}
    for business_id, *working in rows:
        found.setdefault(business_id, []).append(Working(*working))
    return found
