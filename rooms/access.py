"""Access: how rooms are looked up, always through who asks.

A client and a member of staff see the rooms that they are members of; admins, and staff who manage projects, see all of
their business. "Not there" and "not yours" are one answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, and_, any_, bindparam, false, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.types import Uuid

from people.actors import Actor
from processes.processes import Process, process_stream
from rooms.lenses import Lens, audiences_of, lens_of
from store.database import Transaction
from store.driver import Driver, Statement
from store.errors import Conflict, NotFound, _
from store.events import Audience
from store.queries import Identifier, Query
from store.rows import Row
from store.scopes import EVERYWHERE
from store.streams import Log, Position, Stream
from store.texts.folded_columns import folded_from


class Room(Row):
    __tablename__ = "rooms"
    __table_args__ = (Index("ix_rooms_business", "business_id", "archived_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    process_id: Mapped[UUID] = mapped_column(ForeignKey("processes.id"))
    stage_id: Mapped[UUID] = mapped_column(ForeignKey("stages.id"))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    title_folded: Mapped[str | None] = folded_from("title")
    description: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str | None] = mapped_column(Text)
    default_audience: Mapped[str] = mapped_column(Text, default="all")
    opened_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class Member(Row):
    """Someone in a room; the row stays when they leave, so that what they wrote keeps its author. Who never was in it
    has one that is over from the start, where another wrote in it in their name."""

    __tablename__ = "members"
    __table_args__ = (Index("ix_members_person", "person_id", "left_at"),)

    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    business_id: Mapped[UUID]
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """A room, as someone sees it."""

    row: Room
    lens: Lens
    member: bool

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def business_id(self) -> UUID:
        return self.row.business_id

    @property
    def stream(self) -> Stream:
        return room_stream(self.row.id, self.row.business_id)

    @property
    def process_stream(self) -> Stream:
        return process_stream(self.row.process_id, self.row.business_id)

    @property
    def audiences(self) -> list[Audience]:
        return audiences_of(self.lens)


class RoomIsArchived(Conflict):
    code = "room_archived"
    message = _("This room is archived. Restore it to keep working in it.")


# Built once: every command goes through this door.
_SEEN = (
    select(Room, Member.person_id)
    .outerjoin(
        Member,
        and_(Member.room_id == Room.id, Member.person_id == bindparam("person_id"), Member.left_at.is_(None)),
    )
    .where(Room.id == bindparam("room_id"), Room.business_id == bindparam("business_id"))
)
# Who writes of something in the room, and so names it, doesn't wait.
_SEEN_LOCKED = _SEEN.with_for_update(of=Room, key_share=True)


class OfRoom(Query):
    """What a read of a room is asked with."""

    room_id: Identifier


async def visible_room(tx: Transaction, actor: Actor, room_id: UUID, *, lock: bool = False) -> SeenRoom:
    """This is a room that the asker sees.

    Raises:
        NotFound: it isn't there, or isn't theirs.
    """
    room = await _room_of_business(tx, actor, room_id, lock=lock)
    if not (room.member or sees_all(actor)):
        raise NotFound()
    return room


async def _room_of_business(tx: Transaction, actor: Actor, room_id: UUID, *, lock: bool) -> SeenRoom:
    asked = {"room_id": room_id, "business_id": actor.business_id, "person_id": actor.id}
    found = (await tx.execute(_SEEN_LOCKED if lock else _SEEN, asked)).first()
    if found is None:
        raise NotFound()
    return SeenRoom(found[0], lens_of(actor), found[1] is not None)


@dataclass(frozen=True, slots=True)
class RoomPosition:
    """How far a room's log is, and that of its process, for someone who sees the room."""

    position: Position
    process: Position
    default_audience: str


async def seen_position(driver: Driver, actor: Actor, room_id: UUID) -> RoomPosition:
    """This is where the log of a room stands that the asker sees, and that of its process.

    Raises:
        NotFound: the room isn't there, or isn't theirs.
    """
    asked = {"room_id": room_id, "business_id": actor.business_id, "person_id": actor.id}
    rows = await driver.rows(_PLACE, within=actor.within, **asked)
    if not rows or (rows[0]["person_id"] is None and not sees_all(actor)):
        raise NotFound()
    row = rows[0]
    return RoomPosition(
        Position(f"room:{room_id}", row["epoch"] or "", row["head"] or 0),
        Position(f"process:{row['process_id']}", row["process_epoch"] or "", row["process_head"] or 0),
        row["default_audience"],
    )


_ProcessLog = aliased(Log)
_PLACE = Statement(
    _SEEN.with_only_columns(
        Room.default_audience,
        Room.process_id,
        Member.person_id,
        Log.epoch,
        Log.head,
        _ProcessLog.epoch.label("process_epoch"),
        _ProcessLog.head.label("process_head"),
        maintain_column_froms=True,
    )
    .outerjoin(Log, Log.stream == func.concat("room:", Room.id))
    .outerjoin(_ProcessLog, _ProcessLog.stream == func.concat("process:", Room.process_id))
)


async def process_of(driver: Driver, room_id: UUID) -> UUID | None:
    """This is the process that a room goes through, whoever asks; None where there is no such room."""
    rows = await driver.rows(_PROCESS, within=EVERYWHERE, room_id=room_id)
    return rows[0]["process_id"] if rows else None


_PROCESS = Statement(select(Room.process_id).where(Room.id == bindparam("room_id")))


async def open_room_of(tx: Transaction, actor: Actor, room_id: UUID, *, lock: bool = False) -> SeenRoom:
    """This is a room that the asker sees and that isn't archived.

    Raises:
        NotFound: it isn't there, or isn't theirs.
        RoomIsArchived: it is read-only.
    """
    return _open(await visible_room(tx, actor, room_id, lock=lock))


async def room_to_staff(tx: Transaction, actor: Actor, room_id: UUID) -> SeenRoom:
    """This is a room, locked, that the asker may choose people for: who manages staff may in all of the business.

    Raises:
        NotFound: it isn't there, or isn't theirs.
        RoomIsArchived: it is read-only.
    """
    room = await _room_of_business(tx, actor, room_id, lock=True)
    if not (room.member or actor.may("staff") or sees_all(actor)):
        raise NotFound()
    return _open(room)


class Choosable(Protocol):
    """Somebody of the asker's business, as far as it matters for who may choose them for a room."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...


def chooses(actor: Actor, room: SeenRoom, person: Choosable) -> bool:
    """Whether someone who may choose a room's members may choose this one."""
    return room.member or chooses_everywhere(actor, person)


def chooses_everywhere(actor: Actor, person: Choosable) -> bool:
    """Whether someone may put a person of their business into any of its rooms. Who manages staff may with colleagues
    of the staff, and not with themselves: so nobody lets themselves in.
    """
    return sees_all(actor) or (actor.may("staff") and person.kind == "staff" and person.id != actor.id)


def _open(room: SeenRoom) -> SeenRoom:
    if room.row.archived_at is not None:
        raise RoomIsArchived()
    return room


def sees_all(actor: Actor) -> bool:
    """Whether someone sees all rooms of their business, not only those they are in."""
    return actor.may("projects")


def visible(actor: Actor) -> ColumnElement[bool]:
    """This is the condition on ``Room`` that holds for the rooms that someone sees."""
    if actor.business_id is None:
        return false()
    own = Room.business_id == actor.business_id
    if sees_all(actor):
        return own
    entered = (
        select(Member.room_id)
        .where(Member.room_id == Room.id, Member.person_id == actor.id, Member.left_at.is_(None))
        .correlate(Room)  # and not with members that the query around it may have
        .exists()
    )
    return and_(own, entered)


async def visible_process(tx: Transaction, actor: Actor, process_id: UUID) -> Process:
    """This is a process of the asker's business of which they see a room, or would see any.

    Raises:
        NotFound: it isn't there, or isn't theirs.
    """
    process = await tx.get(Process, process_id)
    if process is None or process.business_id != actor.business_id:
        raise NotFound()
    if not sees_all(actor):
        own = select(Room.id).where(visible(actor), Room.process_id == process_id)
        if await tx.scalar(own.limit(1)) is None:
            raise NotFound()
    return process


async def processes_still_visible(driver: Driver, pairs: Iterable[tuple[Actor, UUID]]) -> set[tuple[UUID, UUID]]:
    """These are the pairs of person and process, of those given, in which ``visible_process`` lets the person in."""
    pairs = list(pairs)
    persons, processes = [actor.id for actor, _process_id in pairs], [process_id for _actor, process_id in pairs]
    rows = await driver.rows(_OWNERS, within=EVERYWHERE, processes=list(set(processes)))
    businesses = {row["id"]: row["business_id"] for row in rows}
    rows = await driver.rows(_IN_A_ROOM, within=EVERYWHERE, persons=persons, processes=processes)
    entered = {(row["person_id"], row["process_id"]) for row in rows}
    return {
        (actor.id, process_id)
        for actor, process_id in pairs
        if actor.business_id is not None
        and businesses.get(process_id) == actor.business_id
        and (sees_all(actor) or (actor.id, process_id) in entered)
    }


_PROCESSES = bindparam("processes", type_=ARRAY(Uuid()))
_OWNERS = Statement(select(Process.id, Process.business_id).where(Process.id == any_(_PROCESSES)))
_IN_A_ROOM = Statement(
    select(Member.person_id, Room.process_id)
    .distinct()
    .join(Room, Room.id == Member.room_id)
    .where(
        tuple_(Member.person_id, Room.process_id).in_(
            select(func.unnest(bindparam("persons", type_=ARRAY(Uuid()))), func.unnest(_PROCESSES))
        ),
        Member.left_at.is_(None),
    )
)


async def still_visible(driver: Driver, pairs: Iterable[tuple[Actor, UUID]]) -> set[tuple[UUID, UUID]]:
    """These are the pairs of person and room, of those given, in which the person still sees the room."""
    pairs = list(pairs)
    asked = {"persons": [actor.id for actor, _room_id in pairs], "rooms": [room_id for _actor, room_id in pairs]}
    rows = await driver.rows(_BUSINESSES, within=EVERYWHERE, rooms=list(set(asked["rooms"])))
    businesses = {row["id"]: row["business_id"] for row in rows}
    entered = {(row["person_id"], row["room_id"]) for row in await driver.rows(_ENTERED, within=EVERYWHERE, **asked)}
    return {
        (actor.id, room_id)
        for actor, room_id in pairs
        if actor.business_id is not None
        and businesses.get(room_id) == actor.business_id
        and (sees_all(actor) or (actor.id, room_id) in entered)
    }


# Arrays, so that it is one statement however many are asked about: the sweep of rights asks every few seconds.
_ROOMS = bindparam("rooms", type_=ARRAY(Uuid()))
_BUSINESSES = Statement(select(Room.id, Room.business_id).where(Room.id == any_(_ROOMS)))
_ENTERED = Statement(
    select(Member.person_id, Member.room_id).where(
        tuple_(Member.person_id, Member.room_id).in_(
            select(func.unnest(bindparam("persons", type_=ARRAY(Uuid()))), func.unnest(_ROOMS))
        ),
        Member.left_at.is_(None),
    )
)


def room_stream(room_id: UUID, business_id: UUID) -> Stream:
    """This is the stream of what happens in a room."""
    return Stream("room", room_id, business_id)
