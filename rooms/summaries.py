"""Summaries: rooms at a glance, for lists and homes, read for many rooms at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from people.actors import Actor
from people.forms import PersonForm
from people.installation.groups import BusinessesSummed
from people.parties import Party
from processes.forms import StageForm
from processes.processes import Stage
from rooms.access import Member, Room, visible
from rooms.announcements import RoomsSummed
from rooms.forms import CompanyName, RoomForm
from store.database import Transaction
from store.texts.sorting import by_name


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """A room at a glance."""

    room: RoomForm
    stage: StageForm
    members: list[PersonForm]
    pieces: dict[str, Any]
    """What the parts say of it, by its name."""


@dataclass(frozen=True, slots=True)
class Group:
    """The summaries of a company's rooms; without a name, of those that are for no company."""

    company: CompanyName | None
    summaries: list[RoomSummary]


def by_company(summaries: Sequence[RoomSummary], language: str) -> list[Group]:
    """These are summaries by company, the companies by name, and what is for none last."""
    found: dict[UUID | None, Group] = {}
    for summary in summaries:
        company = summary.room.company
        found.setdefault(company.id if company else None, Group(company, [])).summaries.append(summary)
    named = by_name(found.values(), language, lambda group: group.company.name if group.company else "")
    return sorted(named, key=lambda group: group.company is None)


async def summaries(tx: Transaction, actor: Actor, rooms: Sequence[RoomForm]) -> list[RoomSummary]:
    """These are rooms that the asker sees, each at a glance and through their lens."""
    ids = [room.id for room in rooms]
    if not ids:
        return []
    stages = await _stages(tx, rooms)
    members = await _members(tx, ids)
    pieces = await tx.announce(RoomsSummed(actor, ids))
    said = {name: by_room for piece in pieces for name, by_room in piece.items()}
    return [
        RoomSummary(
            room=room,
            stage=stages[room.stage_id],
            members=members.get(room.id, []),
            pieces={name: by_room[room.id] for name, by_room in said.items()},
        )
        for room in rooms
    ]


async def sum_rooms(tx: Transaction, summed: BusinessesSummed) -> dict[str, dict[UUID, int]]:
    """This is how many open rooms businesses have."""
    rows = await tx.execute(
        select(Room.business_id, func.count())
        .where(Room.business_id.in_(summed.business_ids), Room.archived_at.is_(None))
        .group_by(Room.business_id)
    )
    counted = {id: int(count) for id, count in rows}
    return {"rooms": {id: counted.get(id, 0) for id in summed.business_ids}}


async def _stages(tx: Transaction, rooms: Sequence[RoomForm]) -> dict[UUID, StageForm]:
    rows = await tx.scalars(select(Stage).where(Stage.id.in_({room.stage_id for room in rooms})))
    return {row.id: StageForm.model_validate(row) for row in rows}


async def _members(tx: Transaction, ids: list[UUID]) -> dict[UUID, list[PersonForm]]:
    found: dict[UUID, list[PersonForm]] = {}
    rows = await tx.execute(
        select(Member.room_id, Party)
        .join(Party, Party.id == Member.person_id)
        .where(Member.room_id.in_(ids), Member.left_at.is_(None))
        .order_by(Member.added_at, Party.id)
    )
    for room_id, person in rows:
        found.setdefault(room_id, []).append(PersonForm.model_validate(person))
    return found


async def seen_stages(tx: Transaction, actor: Actor) -> list[StageForm]:
    """These are the stages that a room which the asker sees can be at."""
    processes = select(Room.process_id).where(visible(actor))
    rows = await tx.scalars(
        select(Stage)
        .where(Stage.of == "room", Stage.process_id.in_(processes))
        .order_by(Stage.process_id, Stage.position)
    )
    return [StageForm.model_validate(row) for row in rows]


async def seen_companies(tx: Transaction, actor: Actor) -> list[CompanyName]:
    """These are the companies that the rooms which the asker sees are for, by name."""
    for_rooms = select(Room.company_id).where(visible(actor), Room.company_id.is_not(None))
    rows = await tx.execute(select(Party.id, Party.name).where(Party.id.in_(for_rooms)).order_by(Party.id))
    return [CompanyName(id=id, name=name) for id, name in by_name(rows, actor.language)]
