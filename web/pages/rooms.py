"""The list of rooms, and opening one."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clients.companies import companies
from people.actors import Actor
from people.persons.persons import people
from rooms.access import sees_all
from rooms.rooms import OpenRoom, rooms
from rooms.summaries import by_company, cards, seen_companies, seen_stages
from store.database import Transaction
from store.errors import Forbidden
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted
from web.queries import flag, identifier
from web.request_limits import sought
from web.streams import streams_of

A_PAGE = 40
FILTERS = ("q", "company_id", "stage_id", "mine", "archived")


async def rooms_page(request: Request) -> Response:
    """Show the rooms that one sees, as searched and filtered."""
    return await _list(request, "rooms.html")


async def rooms_part(request: Request) -> Response:
    """The list by itself."""
    return await _list(request, "parts/rooms.html")


async def _list(request: Request, template: str) -> Response:
    async with signed_in(request) as (tx, actor):
        found = await rooms(
            tx,
            actor,
            archived=flag(request, "archived"),
            q=sought(request),
            company_id=identifier(request, "company_id"),
            stage_id=identifier(request, "stage_id"),
            mine=flag(request, "mine"),
            after=identifier(request, "after"),
            limit=A_PAGE,
        )
        shown = await cards(tx, actor, found)
        return await page(
            request,
            tx,
            actor,
            template,
            page="rooms",
            cards=shown,
            groups=by_company(shown, actor.language) if actor.kind == "client" else [],
            following=found[-1].id if len(found) == A_PAGE else None,
            filters={name: request.query_params.get(name, "") for name in FILTERS},
            stages=await seen_stages(tx, actor),
            companies=await seen_companies(tx, actor),
            sees_all=sees_all(actor),
            streams=await streams_of(tx, actor, [room.id for room in found]),
        )


async def new_room_page(request: Request) -> Response:
    """Offer to open a room, to who may."""
    async with signed_in(request) as (tx, actor):
        return await _new(request, tx, actor)


async def opening_room(request: Request) -> Response:
    """Open a room by a posted form, and go there."""
    actor, form = await posted(request)
    outcome = await perform(request, actor, OpenRoom.wire_name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/rooms/{outcome.result['id']}", 303)
    async with signed_in(request) as (tx, again):
        return await _new(request, tx, again, outcome)


async def _new(request: Request, tx: Transaction, actor: Actor, feedback: Feedback | None = None) -> Response:
    if not actor.may("projects"):
        raise Forbidden()
    everyone = [person for person in await people(tx, actor) if person["active"] and person["id"] != actor.id]
    return await page(
        request,
        tx,
        actor,
        "new_room.html",
        status=feedback.status if feedback else 200,
        page="rooms",
        companies=await companies(tx, actor),
        team=[person for person in everyone if person["kind"] != "client"],
        clients=[person for person in everyone if person["kind"] == "client"],
        feedback=feedback,
    )
