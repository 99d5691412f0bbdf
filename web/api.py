"""The HTTP API: the contract for other programs, in JSON."""

import asyncio
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from people.actors import Actor
from people.companies import companies
from people.installation.impersonations import step_out
from people.persons import account, people
from people.sessions import sessions
from people.signing.known_devices import own_devices
from people.signing.sign_in import sign_in
from rooms.access import visible_room
from rooms.rooms import rooms
from rooms.search import closed, search
from rooms.snapshots import RECENT, snapshot_of
from rooms.tasks.tasks import task_form, task_in
from rooms.time.entries import entries
from rooms.time.hours import hours_in
from rooms.timeline import timeline
from rooms.wall.messages import messages
from staff.departments import departments
from staff.employees.records import card, wire_card
from staff.leave.absences import absences_ahead
from store.database import to_json
from store.days import Span, known_moment
from store.errors import Conflict, Invalid, Malformed, NotFound, _
from store.json import read_json
from store.log import head, read_page
from web.authentication import (
    address_of,
    begin_session,
    device_of,
    drop_session,
    must_be_signed_in,
    signed_in,
    signed_in_with,
)
from web.request_limits import FOR_STRANGERS, plain_text, sought
from web.site import site_of

EVENTS_AT_MOST = 500
WORDS_AT_MOST = 100
Read = TypeVar("Read")


class Gap(Conflict):
    code = "gap"
    message = _("The log can't be continued from there. Read the room afresh.")


def answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


async def open_session(request: Request) -> Response:
    """Sign in."""
    body = await json_object(request)
    email, password = body.get("email"), body.get("password")
    if not (isinstance(email, str) and isinstance(password, str)):
        missing = [name for name in ("email", "password") if not isinstance(body.get(name), str)]
        raise Invalid(fields={name: _("This is needed.") for name in missing})
    site = site_of(request)
    actor, token = await sign_in(
        site.database,
        plain_text(email).strip(),
        plain_text(password),
        address=address_of(request),
        agent=request.headers.get("user-agent", ""),
        limits=site.sign_in_limits,
        code=plain_text(code) if isinstance(code := body.get("code"), str) else None,
        device=device_of(request),
        solution=solution if isinstance(solution := body.get("solution"), str) else "",
    )
    request.state.actor = actor
    response = answer({"ok": True, "person": person(actor)})
    await begin_session(request, response, token)
    return response


async def own_session(request: Request) -> Response:
    """Who am I."""
    async with signed_in(request) as (tx, actor):
        form = await account(tx, actor)
        return answer({"ok": True, "person": person(actor) | form.model_dump(mode="json")})


async def end_session(request: Request) -> Response:
    """Sign out."""
    actor = await must_be_signed_in(request)
    async with site_of(request).database.asked_by(actor) as tx:
        await step_out(tx, actor)
    response = answer({"ok": True})
    drop_session(request, response)
    return response


def person(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "business_id": actor.business_id,
        "email": actor.email,
        "language": actor.language,
        "time_zone": actor.time_zone,
        "theme": actor.theme,
        "permissions": sorted(actor.permissions),
    }


async def run_command(request: Request) -> Response:
    """Run a command."""
    actor, fields = await signed_in_with(request, json_object)
    key = request.headers.get("idempotency-key")
    done = await site_of(request).commands.run(actor, request.path_params["name"], fields, key)
    return answer({"ok": True, "result": done.result, "at": done.at})


async def list_rooms(request: Request) -> Response:
    """The rooms that I may see, the newest first; ``after`` is the last one's id."""
    query = request.query_params
    limit = whole(request, "limit", 50, 200)
    async with signed_in(request) as (tx, actor):
        found = await rooms(
            tx,
            actor,
            process=query.get("process") or None,
            archived=flag(request, "archived"),
            q=sought(request),
            company_id=identifier(request, "company_id"),
            stage_id=identifier(request, "stage_id"),
            mine=flag(request, "mine"),
            after=identifier(request, "after"),
            limit=limit,
        )
    following = found[-1].id if len(found) == limit else None
    return answer({"ok": True, "rooms": wire(found), "after": following})


async def one_room(request: Request) -> Response:
    """A snapshot of the room, with its place in the log."""
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        at = await head(tx, room.stream.name)
        snapshot = await snapshot_of(tx, actor, room)
    return answer({"ok": True, **snapshot, "at": at.wire()})


async def room_events(request: Request) -> Response:
    """The log after an offset, oldest first, as my lens shows it."""
    after = whole(request, "after", 0)
    limit = whole(request, "limit", EVENTS_AT_MOST, EVENTS_AT_MOST)
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        at = await head(tx, room.stream.name)
        epoch = request.query_params.get("epoch")
        if (epoch and epoch != at.epoch) or after > at.offset:
            raise Gap()
        found, more = await read_page(tx, room.stream.name, after, limit, room.audiences)
    reached = found[-1].position if more else at
    return answer(
        {
            "ok": True,
            "events": [{"name": event.name, **event.wire()} for event in found],
            "more": more,
            "at": (reached or at).wire(),
        }
    )


async def room_messages(request: Request) -> Response:
    """Earlier messages, the oldest first."""
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        found, earlier = await messages(tx, room, identifier(request, "before"), whole(request, "limit", 50, 100))
    return answer({"ok": True, "messages": wire(found), "earlier": earlier})


async def one_task(request: Request) -> Response:
    """A task with its description, however long."""
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        task = task_form(await task_in(tx, room, in_address(request, "task_id")))
    return answer({"ok": True, "task": task.model_dump(mode="json")})


async def room_entries(request: Request) -> Response:
    """Time entries that reach into a span of time; how long was worked in it."""
    since, until = moment(request, "from"), moment(request, "to")
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        span = Span(since or tx.now - RECENT, until or tx.now)
        found = await entries(tx, room, span.begin, until)
        seconds = await hours_in(tx, room, span)
    return answer({"ok": True, "entries": wire(found), "seconds": seconds})


async def room_timeline(request: Request) -> Response:
    """What happened, the newest first."""
    async with signed_in(request) as (tx, actor):
        room = await visible_room(tx, actor, room_id(request))
        found, earlier = await timeline(
            tx,
            room,
            before=whole(request, "before", 0) or None,
            names=words(request, "names"),
            person_id=identifier(request, "person_id"),
            limit=whole(request, "limit", 50, 200),
        )
    return answer({"ok": True, "events": found, "earlier": earlier})


async def list_people(request: Request) -> Response:
    """The business's people, for its team."""
    async with signed_in(request) as (tx, actor):
        return answer({"ok": True, "people": await people(tx, actor)})


async def list_companies(request: Request) -> Response:
    """The business's companies, for its team."""
    async with signed_in(request) as (tx, actor):
        return answer({"ok": True, "companies": wire(await companies(tx, actor))})


async def one_card(request: Request) -> Response:
    """Someone's card: its work part, and the rest under a reading (`card.read`) of the asker's."""
    person_id = in_address(request, "person_id")
    async with signed_in(request) as (tx, actor):
        return answer({"ok": True, "card": wire_card(await card(tx, actor, person_id, identifier(request, "reading")))})


async def list_departments(request: Request) -> Response:
    """The business's departments with their people, for its team."""
    async with signed_in(request) as (tx, actor):
        return answer({"ok": True, "departments": wire(await departments(tx, actor))})


async def list_absences(request: Request) -> Response:
    """Who of the team is away, or will be soon, for the team."""
    async with signed_in(request) as (tx, actor):
        return answer({"ok": True, "absences": wire(await absences_ahead(tx, actor))})


async def list_sessions(request: Request) -> Response:
    """My own sign-ins, and the browsers that are known as mine."""
    async with signed_in(request) as (tx, actor):
        known = wire(await own_devices(tx, actor))
        return answer({"ok": True, "sessions": wire(await sessions(tx, actor)), "devices": known})


async def find(request: Request) -> Response:
    """Rooms, people, tasks, messages and files by their words; and what is closed to the asker, by name only."""
    words = sought(request)
    async with signed_in(request) as (tx, actor):
        hidden = await closed(tx, actor, words)
        found = await search(tx, actor, words)
    return answer({"ok": True, "results": found, "closed": hidden.things, "ask": hidden.ask})


async def document(request: Request) -> Response:
    """The contract."""
    documents = await asyncio.to_thread(site_of(request).documents)
    found = documents.get(request.url.path.rpartition("/")[2])
    if found is None:
        raise NotFound()
    return Response(found, media_type="application/json")


async def nothing(request: Request) -> Response:
    raise NotFound()


async def json_object(request: Request) -> dict[str, Any]:
    """This is a request's body: one JSON object; an empty body is an empty one.

    Raises:
        Malformed: it isn't.
    """
    try:
        body = read_json(await request.body() or b"{}")
    except ValueError as error:
        raise Malformed() from error
    if not isinstance(body, dict):
        raise Malformed(_("The request's body must be one JSON object."))
    return body


def wire(forms: list[Any]) -> list[dict[str, Any]]:
    return [form.model_dump(mode="json") for form in forms]


def room_id(request: Request) -> UUID:
    """This is the room's id in the address.

    Raises:
        NotFound: it can't be one.
    """
    return in_address(request, "room_id")


def in_address(request: Request, name: str) -> UUID:
    """This is an identifier in the address, by its name in the route.

    Raises:
        NotFound: it can't be one.
    """
    try:
        return UUID(request.path_params[name])
    except ValueError as error:
        raise NotFound() from error


def identifier(request: Request, name: str) -> UUID | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't an identifier.")}) from error


def whole(request: Request, name: str, default: int, most: int | None = None) -> int:
    text = request.query_params.get(name)
    if not text:
        return default
    if not text.isdecimal() or len(text) > 18:
        raise Invalid(fields={name: _("This must be a whole number.")})
    return int(text) if most is None else max(1, min(int(text), most))


def words(request: Request, name: str) -> list[str]:
    """These are a query's words, between which commas stand.

    Raises:
        Invalid: there are very many.
    """
    found = [word for word in request.query_params.get(name, "").split(",") if word]
    if len(found) > WORDS_AT_MOST:
        raise Invalid(fields={name: _("These are too many.")})
    return found


def flag(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true", "yes", "on")


def moment(request: Request, name: str) -> datetime | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't a date or a moment.")}) from error
    try:
        return known_moment(at)
    except ValueError as error:
        raise Invalid(fields={name: str(error)}) from error


ROUTES = [
    Route("/session", open_session, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/session", own_session, methods=["GET"]),
    Route("/session", end_session, methods=["DELETE"]),
    Route("/commands/{name}", run_command, methods=["POST"]),
    Route("/rooms", list_rooms),
    Route("/rooms/{room_id}", one_room),
    Route("/rooms/{room_id}/events", room_events),
    Route("/rooms/{room_id}/messages", room_messages),
    Route("/rooms/{room_id}/tasks/{task_id}", one_task),
    Route("/rooms/{room_id}/entries", room_entries),
    Route("/rooms/{room_id}/timeline", room_timeline),
    Route("/people", list_people),
    Route("/companies", list_companies),
    Route("/people/{person_id}/card", one_card),
    Route("/departments", list_departments),
    Route("/absences", list_absences),
    Route("/sessions", list_sessions),
    Route("/search", find),
    Route("/openapi.json", document),
    Route("/asyncapi.json", document),
]
