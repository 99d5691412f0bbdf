"""Snapshots: a stream's whole state at one position of its log, made of the same forms that events carry.

Read them in a ``reading()`` transaction: its one picture is what makes the state and the position belong together.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.persons import account
from rooms.access import Member, SeenRoom, visible_room
from rooms.files.files import files
from rooms.forms import MembershipForm
from rooms.members import members, persons
from rooms.processes import Process, process_form
from rooms.rights import rights_in
from rooms.rooms import room_form
from rooms.tasks.tasks import tasks
from rooms.time.entries import entries
from rooms.time.timers import own_timers, running_timers
from rooms.wall.mentions import unseen_mentions
from rooms.wall.messages import messages
from staff.leave.absences import absences_ahead
from store.database import Transaction
from store.errors import NotFound
from store.events import Form
from store.log import heads_of

RECENT = timedelta(days=62)
"""How far back a snapshot's time entries go; earlier ones are read by their dates."""


async def room_snapshot(tx: Transaction, actor: Actor, room_id: UUID) -> dict[str, Any]:
    """This is a room as the asker sees it: the latest messages and entries, and all else that stands in it.

    Raises:
        NotFound: it isn't there, or isn't theirs.
    """
    room = await visible_room(tx, actor, room_id)
    return await snapshot_of(tx, actor, room)


async def snapshot_of(tx: Transaction, actor: Actor, room: SeenRoom) -> dict[str, Any]:
    """This is a room that was looked up already, as the asker sees it."""
    process = await tx.get(Process, room.row.process_id)
    if process is None:
        raise NotFound()
    latest, earlier = await messages(tx, room)
    return {
        "room": _wire(await room_form(tx, room.row)),
        "process": _wire(await process_form(tx, process)),
        "persons": _all(await persons(tx, room)),
        "members": _all(await members(tx, room)),
        "messages": _all(latest),
        "earlier_messages": earlier,
        "tasks": _all(await tasks(tx, room)),
        "entries": _all(await entries(tx, room, tx.now - RECENT)),
        "files": _all(await files(tx, room)),
        "presences": [],
        "me": own_view(actor, room),
    }


async def places_of(tx: Transaction, room: SeenRoom) -> dict[str, Any]:
    """These are the places in the logs that a room's snapshot belongs to: its own, and that of its process."""
    at, process_at = await heads_of(tx, [room.stream.name, room.process_stream.name])
    return {"at": at.wire(), "process_at": process_at.wire()}


async def process_snapshot(tx: Transaction, process: Process) -> dict[str, Any]:
    """This is a process by itself, with its stages."""
    return {"process": _wire(await process_form(tx, process))}


def own_view(actor: Actor, room: SeenRoom) -> dict[str, Any]:
    """This is what of a room's snapshot is the asker's alone; the rest is the same through the same lens."""
    return {"person_id": str(actor.id), "lens": room.lens, "may": rights_in(room, actor)}


async def person_snapshot(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """This is what concerns the asker alone: their account, their running timer, the rooms they are in, and where they
    were mentioned."""
    rows = await tx.scalars(
        select(Member)
        .where(Member.person_id == actor.id, Member.left_at.is_(None))
        .order_by(Member.added_at, Member.room_id)
    )
    return {
        "account": _wire(await account(tx, actor)),
        "timers": _all(await own_timers(tx, actor)),
        "memberships": _all([MembershipForm(id=row.room_id, added_at=row.added_at) for row in rows]),
        "mentions": _all(await unseen_mentions(tx, actor)),
    }


async def business_snapshot(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """This is what concerns the business as a whole, for its team: the timers that run, and who is or will be away."""
    return {
        "timers": _all(await running_timers(tx, actor)),
        "absences": _all(await absences_ahead(tx, actor)),
    }


def _wire(form: Form) -> dict[str, Any]:
    return form.model_dump(mode="json")


def _all(forms: "list[Any]") -> list[dict[str, Any]]:
    return [_wire(form) for form in forms]
