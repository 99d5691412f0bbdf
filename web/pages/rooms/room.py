"""The room's page.

It isn't declared as others are: one page stands at seven addresses, takes every command that is asked for in a room,
and goes back to the tab from which it came.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from rooms.access import SeenRoom, visible_room
from rooms.snapshots import places_of, snapshot_of
from rooms.timeline import timeline
from rooms.wall.addressees import addresses
from rooms.wall.messages import messages
from staff.department_trees import reaching
from staff.departments import departments
from store.database import Transaction
from store.errors import NotFound
from web.authentication import signed_in
from web.page import Feedback, local, page, perform, posted, text_of
from web.queries import identifier, room_id, whole, words
from web.site import site_of

TABS = ("overview", "wall", "tasks", "files", "timesheet", "timeline")


async def room_page(request: Request) -> Response:
    """Show a room, at one of its tabs."""
    tab = request.path_params.get("tab", TABS[0])
    if tab not in TABS:
        raise NotFound()
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, tab)


async def acting(request: Request) -> Response:
    """Run a command in a room by a posted form, and go back to the tab that it stood on."""
    actor, form = await posted(request)
    room = room_id(request)
    name = request.path_params["command"]
    entry = site_of(request).commands.catalogue.get(name)
    given = {"room_id": room} if entry and "room_id" in entry.command.model_fields else {}
    outcome = await perform(request, actor, name, form, **given)
    back = local(text_of(form, "back"), f"/rooms/{room}")
    if not isinstance(outcome, Feedback):
        return RedirectResponse(back, 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, _tab_of(back), outcome)


def _tab_of(address: str) -> str:
    tab = address.partition("?")[0].rpartition("/")[2]
    return tab if tab in TABS else TABS[0]


async def _draw(
    request: Request, tx: Transaction, actor: Actor, tab: str, feedback: Feedback | None = None
) -> Response:
    room = await visible_room(tx, actor, room_id(request))
    snapshot = await snapshot_of(tx, actor, room) | await places_of(tx, room)
    if presences := site_of(request).presences:
        snapshot["presences"] = await presences(room.id)
    wall = await _wall(request, tx, room, snapshot)
    return await page(
        request,
        tx,
        actor,
        "room.html",
        status=feedback.status if feedback else 200,
        page="rooms",
        room=snapshot,
        tab=tab,
        tabs=TABS,
        **wall,
        **(await _timeline(request, tx, room) if tab == "timeline" else {}),
        **await _mentioned(tx, actor, snapshot, wall["wall"]),
        feedback=feedback,
    )


async def _wall(request: Request, tx: Transaction, room: SeenRoom, snapshot: dict[str, Any]) -> dict[str, Any]:
    """The messages that are drawn: the latest, or those before one, for who follows a link to them without script."""
    before = identifier(request, "messages_before")
    if before is None:
        return {"wall": snapshot["messages"], "earlier_messages": snapshot["earlier_messages"]}
    found, earlier = await messages(tx, room, before)
    return {"wall": [message.model_dump(mode="json") for message in found], "earlier_messages": earlier}


async def _mentioned(
    tx: Transaction, actor: Actor, snapshot: dict[str, Any], wall: list[dict[str, Any]]
) -> dict[str, Any]:
    """The names of those whom the messages may mention, and by which of them the reader is meant."""
    names = {person["id"]: person["name"] for person in snapshot["persons"]}
    if not actor.of_the_team or not any(addresses(message["body"]) for message in wall):
        return {"called": names, "reaching": {str(actor.id)}}
    units = await departments(tx, actor)
    names |= {str(unit.id): unit.name for unit in units}
    return {"called": names, "reaching": {str(id) for id in (actor.id, *reaching(units, actor.id))}}


async def _timeline(request: Request, tx: Transaction, room: SeenRoom) -> dict[str, Any]:
    events, earlier = await timeline(
        tx,
        room,
        before=whole(request, "before", 0) or None,
        names=words(request, "names"),
        person_id=identifier(request, "person_id"),
    )
    return {"timeline": events, "earlier": earlier}


ROUTES: list[BaseRoute] = [
    Route("/rooms/{room_id}", room_page),
    Route("/rooms/{room_id}/do/{command}", acting, methods=["POST"]),
    Route("/rooms/{room_id}/{tab}", room_page),
]
