"""Rooms: opening, changing, archiving, and the list of them."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select, tuple_
from sqlalchemy.orm import defer

from clients.companies import own_company
from people.actors import Actor
from people.parties import Party
from people.streams import business_stream
from processes.processes import Process, process_form, process_named, stage_of, stages
from rooms.access import Member, Room, SeenRoom, open_room_of, visible, visible_room
from rooms.announcements import RoomArchiving
from rooms.events import RoomArchived, RoomChanged, RoomOpened, RoomRestored
from rooms.forms import CompanyName, RoomForm
from rooms.lenses import lens_of, must_ask
from rooms.members import join, join_to_act
from rooms.rendered_texts import Written, kept_html
from store.commands import Command
from store.database import Transaction
from store.own_rows import change, differing
from store.texts.folded_columns import holds
from store.texts.folding import folded
from store.texts.texts import AsTyped


class OpenRoom(Written, touches="work", needs="projects", area="rooms", fields_touch={"member_ids": "membership"}):
    title: str = Field(min_length=1, max_length=160)
    process: str = Field("projects", max_length=60)
    description: AsTyped = Field("", max_length=20_000)
    company_id: UUID | None = None
    member_ids: list[UUID] = Field([], max_length=100)
    default_audience: Literal["all", "team"] = "all"


async def open_room(tx: Transaction, actor: Actor, command: OpenRoom) -> RoomForm:
    """Open a room, for a company or internal. Admins do, and staff who manage projects; they are its first member.
    Opened in their name by another, it has none.

    Raises:
        Invalid: the process, the company or a member isn't one of the business's.
    """
    business_id = actor.here
    process = await process_named(tx, business_id, command.process)
    if command.company_id is not None:
        await own_company(tx, business_id, command.company_id)
    row = Room(
        id=tx.new_id(),
        business_id=business_id,
        process_id=process.id,
        stage_id=(await stages(tx, process.id, "room"))[0].id,
        company_id=command.company_id,
        title=command.title,
        description=command.description,
        html=command.html,
        default_audience=command.default_audience,
        opened_at=tx.now,
    )
    tx.add(row)
    await tx.flush()
    room = SeenRoom(row, lens_of(actor), member=False)
    form = await room_form(tx, row)
    tx.record(room.stream, RoomOpened(room=form, process=await process_form(tx, process)), by=actor.id)
    _tell_board(tx, room, RoomOpened(room=form), by=actor)
    await join_to_act(tx, room, actor)
    for person_id in dict.fromkeys(command.member_ids):
        if person_id != actor.id:
            await join(tx, room, person_id, by=actor)
    return form


class ChangeRoom(Written, touches="work", needs="projects", area="rooms", lens="all"):
    room_id: UUID
    title: str | None = Field(None, min_length=1, max_length=160)
    description: AsTyped | None = Field(None, max_length=20_000)
    company_id: UUID | None = None
    stage_id: UUID | None = None
    default_audience: Literal["all", "team"] | None = None


async def change_room(tx: Transaction, actor: Actor, command: ChangeRoom) -> RoomForm:
    """Change a room's title, description, company, stage or settings. Admins do, and staff who manage projects.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Forbidden: the permission ``projects`` isn't held.
        Invalid: the company isn't one of the business's, or the stage isn't one of the process's.
        RoomIsArchived: the room is read-only.
    """
    room = await open_room_of(tx, actor, command.room_id, lock=True)
    must_ask(actor, ChangeRoom)
    business_id = room.business_id
    given = command.changes("room_id", null=("company_id",))
    changed = differing(room.row, given)
    if not changed:
        return await room_form(tx, room.row)
    if "company_id" in changed and given["company_id"] is not None:
        await own_company(tx, business_id, given["company_id"])
    if "stage_id" in changed:
        await stage_of(tx, room.row.process_id, "room", given["stage_id"])
    change(room.row, given)
    if "description" in changed:
        room.row.html = command.html
    await tx.flush()
    form = await room_form(tx, room.row)
    event = RoomChanged(room=form, changed=changed)
    tx.record(room.stream, event, by=actor.id)
    _tell_board(tx, room, event, by=actor)
    return form


class ArchiveRoom(Command, touches="work", needs="projects", area="rooms", lens="all"):
    room_id: UUID


async def archive_room(tx: Transaction, actor: Actor, command: ArchiveRoom) -> RoomForm:
    """Archive a room: timers in it stop, it leaves the active list and is read-only; its history stays.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Forbidden: the permission ``projects`` isn't held.
        RoomIsArchived: it is archived already.
    """
    room = await open_room_of(tx, actor, command.room_id, lock=True)
    must_ask(actor, ArchiveRoom)
    await tx.announce(RoomArchiving(room, actor))
    room.row.archived_at = tx.now
    await tx.flush()
    event = RoomArchived(room=await room_form(tx, room.row))
    tx.record(room.stream, event, by=actor.id)
    _tell_board(tx, room, event, by=actor)
    return event.room


class RestoreRoom(Command, touches="work", needs="projects", area="rooms", lens="all"):
    room_id: UUID


async def restore_room(tx: Transaction, actor: Actor, command: RestoreRoom) -> RoomForm:
    """Take an archived room up again. Restoring an active one changes nothing.

    Raises:
        NotFound: the room isn't there, or isn't the asker's.
        Forbidden: the permission ``projects`` isn't held.
    """
    room = await visible_room(tx, actor, command.room_id, lock=True)
    must_ask(actor, RestoreRoom)
    if room.row.archived_at is None:
        return await room_form(tx, room.row)
    room.row.archived_at = None
    await tx.flush()
    event = RoomRestored(room=await room_form(tx, room.row))
    tx.record(room.stream, event, by=actor.id)
    _tell_board(tx, room, event, by=actor)
    return event.room


def _tell_board(
    tx: Transaction, room: SeenRoom, event: RoomOpened | RoomChanged | RoomArchived | RoomRestored, *, by: Actor
) -> None:
    tx.record(business_stream(room.business_id), event, by=by.id, audience="managers")


async def room_form(tx: Transaction, room: Room) -> RoomForm:
    """This is a room as the wire shows it."""
    company = await tx.get(Party, room.company_id) if room.company_id else None
    return _form(room, company.name if company else None)


def _form(room: Room, company_name: str | None, *, described: bool = True) -> RoomForm:
    return RoomForm(
        id=room.id,
        title=room.title,
        description=room.description if described else None,
        html=kept_html(room.description, room.html) if described else None,
        process_id=room.process_id,
        stage_id=room.stage_id,
        company=CompanyName(id=room.company_id, name=company_name or "") if room.company_id else None,
        default_audience=room.default_audience,  # type: ignore[arg-type]
        opened_at=room.opened_at,
        archived_at=room.archived_at,
    )


async def rooms(
    tx: Transaction,
    actor: Actor,
    *,
    process: str | None = None,
    archived: bool = False,
    q: str = "",
    company_id: UUID | None = None,
    stage_id: UUID | None = None,
    mine: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[RoomForm]:
    """These are the rooms that the asker sees, the newest first, from after one of them on; without descriptions."""
    query = (
        select(Room, Party.name)
        .outerjoin(Party, Party.id == Room.company_id)
        .where(visible(actor), Room.archived_at.is_not(None) if archived else Room.archived_at.is_(None))
    )
    if process is not None:
        query = query.join(Process, Process.id == Room.process_id).where(Process.key == process)
    if wanted := folded(q):
        query = query.where(holds(Room.title_folded, wanted) | holds(Party.name_folded, wanted))
    if company_id is not None:
        query = query.where(Room.company_id == company_id)
    if stage_id is not None:
        query = query.where(Room.stage_id == stage_id)
    if mine:
        entered = select(Member.room_id).where(Member.person_id == actor.id, Member.left_at.is_(None))
        query = query.where(Room.id.in_(entered))
    if after is not None:
        last = select(Room.opened_at, Room.id).where(Room.id == after).scalar_subquery()
        query = query.where(tuple_(Room.opened_at, Room.id) < last)
    rows = await tx.execute(
        query.order_by(Room.opened_at.desc(), Room.id.desc())
        .limit(min(limit, 200))
        .options(defer(Room.description), defer(Room.html))
    )
    return [_form(room, company_name, described=False) for room, company_name in rows]
