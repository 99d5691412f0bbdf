"""The room's page: a frame, and the snapshot from which its elements draw everything. Without script it leads to the
room in plain text.

It isn't declared as others are: one page stands at seven addresses.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from rooms.access import visible_room
from rooms.snapshots import snapshot_of
from rooms.timeline import timeline
from staff.departments import departments
from store.database import Transaction
from store.errors import NotFound
from web.authentication import asking, signed_in
from web.page import page
from web.queries import room_id, whole
from web.site import site_of


async def room_page(request: Request) -> Response:
    """Show a room, at one of its tabs."""
    tab, site = request.path_params.get("tab", "overview"), site_of(request)
    parts = site.tabs.needs(tab)
    if parts is None:
        raise NotFound()
    async with asking(request) as actor:
        picture = await site.pictures.seen(actor, room_id(request), parts)
        snapshot = picture.seen_by(actor, site.presences(picture.at, picture.members))
        places = {"at": picture.at.wire(), "process_at": picture.process_at.wire(), "parts": sorted(parts)}
        return await page(
            request,
            actor,
            "rooms/room.html",
            page="rooms",
            room_id=picture.room_id,
            title=picture.title,
            snapshot=snapshot | places,
            tab=tab,
            tabs=site.tabs.all,
        )


async def plain_room_page(request: Request) -> Response:
    """Show a room without script: its facts, and what happened in it."""
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        snapshot = await snapshot_of(tx, actor, room, frozenset({"tasks"}))
        said = tuple(site_of(request).timeline)
        events, earlier = await timeline(tx, room, before=whole(request, "before", 0) or None, names=said)
        return await page(
            request,
            actor,
            "rooms/plain_room.html",
            page="rooms",
            room=snapshot,
            timeline=events,
            earlier=earlier,
            called=await _called(tx, actor, snapshot),
            internal=_is_internal(snapshot),
        )


def _is_internal(snapshot: dict[str, Any]) -> bool:
    """Whether a room is for nobody outside: for no company, and no client is in it. A client isn't told."""
    inside = {member["id"] for member in snapshot["members"]}
    clients = any(person["kind"] == "client" for person in snapshot["persons"] if person["id"] in inside)
    return snapshot["me"]["lens"] != "client" and snapshot["room"]["company"] is None and not clients


async def _called(tx: Transaction, actor: Actor, snapshot: dict[str, Any]) -> dict[str, str]:
    """The names of those whom what was written may mention."""
    names = {person["id"]: person["name"] for person in snapshot["persons"]}
    units = await departments(tx, actor) if actor.of_the_team else []
    return names | {str(unit.id): unit.name for unit in units}


ROUTES: list[BaseRoute] = [
    Route("/rooms/{room_id}", room_page),
    Route("/rooms/{room_id}/plain", plain_room_page),
    Route("/rooms/{room_id}/{tab}", room_page),
]
