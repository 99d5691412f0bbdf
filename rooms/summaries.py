"""Summaries: rooms at a glance, for lists and homes, read for many rooms at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from people.actors import Actor
from people.forms import PersonForm
from people.parties import Party
from processes.forms import StageForm
from processes.processes import Stage
from rooms.access import Member, Room, visible
from rooms.forms import CompanyRef, RoomForm
from rooms.lenses import audiences_of, lens_of
from rooms.tasks.tasks import Task
from rooms.time.forms import TimerForm
from rooms.time.hours import hours_by_room, this_month_of
from rooms.time.timers import running_timers
from rooms.wall.addressees import names_in, spoken
from rooms.wall.mentions import counts_of_mentions
from rooms.wall.messages import Message
from store.database import Transaction
from store.sorting import by_name


@dataclass(frozen=True, slots=True)
class Note:
    """The latest message on a room's wall."""

    author_name: str
    text: str
    audience: str
    at: datetime
    acted_by: dict[str, str] | None = None
    """Who wrote it in the author's name."""


@dataclass(frozen=True, slots=True)
class Card:
    """A room at a glance."""

    room: RoomForm
    stage: StageForm
    members: list[PersonForm]
    tasks: int
    done: int
    month_seconds: int
    timers: list[TimerForm]
    note: Note | None
    mentions: int
    """How often the asker is mentioned where they haven't looked yet."""


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of a company's rooms; without a name, of those that are for no company."""

    company: CompanyRef | None
    cards: list[Card]


def by_company(cards: Sequence[Card], language: str) -> list[Group]:
    """These are cards by company, the companies by name, and what is for none last."""
    found: dict[UUID | None, Group] = {}
    for card in cards:
        company = card.room.company
        found.setdefault(company.id if company else None, Group(company, [])).cards.append(card)
    named = by_name(found.values(), language, lambda group: group.company.name if group.company else "")
    return sorted(named, key=lambda group: group.company is None)


async def cards(tx: Transaction, actor: Actor, rooms: Sequence[RoomForm]) -> list[Card]:
    """These are rooms that the asker sees, each at a glance and through their lens."""
    ids = [room.id for room in rooms]
    if not ids:
        return []
    stages = await _stages(tx, rooms)
    members = await _members(tx, ids)
    counts = await _task_counts(tx, actor, ids)
    hours = await hours_by_room(tx, actor, ids, this_month_of(tx.now, actor))
    notes = await _notes(tx, actor, ids)
    mentions = await counts_of_mentions(tx, actor, ids)
    timers = [timer for timer in await running_timers(tx, actor) if timer.room_id in ids]
    return [
        Card(
            room=room,
            stage=stages[room.stage_id],
            members=members.get(room.id, []),
            tasks=counts.get(room.id, (0, 0))[0],
            done=counts.get(room.id, (0, 0))[1],
            month_seconds=hours.get(room.id, 0),
            timers=[timer for timer in timers if timer.room_id == room.id],
            note=notes.get(room.id),
            mentions=mentions.get(room.id, 0),
        )
        for room in rooms
    ]


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


async def _task_counts(tx: Transaction, actor: Actor, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    rows = await tx.execute(
        select(Task.room_id, func.count().label("all"), func.count(Task.completed_at).label("done"))
        .where(Task.room_id.in_(ids), Task.audience.in_(audiences_of(lens_of(actor))))
        .group_by(Task.room_id)
    )
    return {room_id: (all_, done) for room_id, all_, done in rows}


async def _notes(tx: Transaction, actor: Actor, ids: list[UUID]) -> dict[UUID, Note]:
    """Each room's latest message: one look into the index a room."""
    candidate = aliased(Message)
    latest = (
        select(candidate.id)
        .where(candidate.room_id == Room.id, candidate.audience.in_(audiences_of(lens_of(actor))))
        .order_by(candidate.posted_at.desc(), candidate.id.desc())
        .limit(1)
        .correlate(Room)
        .scalar_subquery()
    )
    found = await tx.execute(
        select(Message.room_id, Party.name, func.left(Message.body, 480), Message.audience, Message.posted_at)
        .add_columns(Message.acted_by)
        .select_from(Room)
        .join(Message, Message.id == latest)
        .join(Party, Party.id == Message.author_id)
        .where(Room.id.in_(ids))
    )
    rows = found.all()
    names = await names_in(tx, actor, [row[2] for row in rows])
    return {room_id: Note(name, spoken(text, names), *more) for room_id, name, text, *more in rows}


async def seen_stages(tx: Transaction, actor: Actor) -> list[StageForm]:
    """These are the stages that a room which the asker sees can be at."""
    processes = select(Room.process_id).where(visible(actor))
    rows = await tx.scalars(
        select(Stage)
        .where(Stage.of == "room", Stage.process_id.in_(processes))
        .order_by(Stage.process_id, Stage.position)
    )
    return [StageForm.model_validate(row) for row in rows]


async def seen_companies(tx: Transaction, actor: Actor) -> list[CompanyRef]:
    """These are the companies that the rooms which the asker sees are for, by name."""
    for_rooms = select(Room.company_id).where(visible(actor), Room.company_id.is_not(None))
    rows = await tx.execute(select(Party.id, Party.name).where(Party.id.in_(for_rooms)).order_by(Party.id))
    return [CompanyRef(id=id, name=name) for id, name in by_name(rows, actor.language)]
