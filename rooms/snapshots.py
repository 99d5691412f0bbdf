"""Snapshots: a stream's whole state at one position of its log, made of the same forms that events carry.

Read them in a ``reading()`` transaction: its one picture is what makes the state and the position belong together.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from people.actors import Actor
from people.announcements import BusinessShown, PersonShown
from people.persons.own_accounts import account
from processes.announcements import ProcessShown
from processes.processes import Process, process_form
from rooms.access import Member, SeenRoom
from rooms.announcements import RoomShown
from rooms.forms import MembershipForm
from rooms.lenses import lens_of
from rooms.members import members, persons
from rooms.rights import rights_in
from rooms.rooms import room_form
from store.database import Transaction
from store.errors import NotFound
from store.events import wire, wired
from store.log import heads_of
from store.streams import Position


async def snapshot_of(
    tx: Transaction, actor: Actor, room: SeenRoom, parts: frozenset[str] | None = None
) -> dict[str, Any]:
    """This is a room that was looked up already, as the asker sees it: whole, or with these parts and, of the others,
    the few things by which the room lives without them. A name that no part has brings nothing."""
    common = await common_view(tx, actor, room, parts)
    return common | {"me": own_view(actor, archived=room.row.archived_at is not None)}


async def common_view(tx: Transaction, actor: Actor, room: SeenRoom, parts: frozenset[str] | None) -> dict[str, Any]:
    """This is what of a room's snapshot is the same for all who look through the asker's lens."""
    process = await tx.get(Process, room.row.process_id)
    if process is None:
        raise NotFound()
    return {
        "room": wire(await room_form(tx, room.row)),
        "process": wire(await process_form(tx, process)),
        "persons": wired(await persons(tx, room)),
        "members": wired(await members(tx, room)),
        **_together(await tx.announce(RoomShown(actor, room, parts))),
    }


async def places_of(tx: Transaction, room: SeenRoom) -> tuple[Position, Position]:
    """These are the places in the logs that a room's snapshot belongs to: its own, and that of its process."""
    at, process_at = await heads_of(tx, [room.stream.name, room.process_stream.name])
    return at, process_at


async def process_snapshot(tx: Transaction, actor: Actor, process: Process) -> dict[str, Any]:
    """This is a process by itself, with its stages, and with what all its rooms have in common."""
    shown = ProcessShown(actor, process.id, process.business_id)
    return {"process": wire(await process_form(tx, process)), **_together(await tx.announce(shown))}


def own_view(actor: Actor, *, archived: bool) -> dict[str, Any]:
    """This is what of a room's snapshot is the asker's alone."""
    return {"person_id": str(actor.id), "lens": lens_of(actor), "may": rights_in(actor, archived=archived)}


async def person_snapshot(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """This is what concerns the asker alone: their account, their running timer, the rooms they are in, and where they
    were mentioned."""
    rows = await tx.scalars(
        select(Member)
        .where(Member.person_id == actor.id, Member.left_at.is_(None))
        .order_by(Member.added_at, Member.room_id)
    )
    return {
        "account": wire(await account(tx, actor)),
        "memberships": wired([MembershipForm(id=row.room_id, added_at=row.added_at) for row in rows]),
        **_together(await tx.announce(PersonShown(actor))),
    }


async def business_snapshot(tx: Transaction, actor: Actor) -> dict[str, Any]:
    """This is what concerns the business as a whole, for its team: the timers that run, and who is or will be away."""
    return _together(await tx.announce(BusinessShown(actor)))


def _together(pieces: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The pieces as one. Where two bring things of one name, each thing stands there once."""
    whole: dict[str, Any] = {}
    for piece in pieces:
        for name, brought in piece.items():
            whole[name] = _joined(whole[name], brought) if name in whole else brought
    return whole


def _joined(known: Any, brought: Any) -> Any:
    if isinstance(known, dict):
        return known | brought
    there = {form["id"] for form in known}
    return known + [form for form in brought if form["id"] not in there]
