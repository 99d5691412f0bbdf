"""People: who belongs to the business, and inviting or adding somebody."""

from collections.abc import Mapping
from typing import Any, get_args

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from clients.companies import companies
from clients.kept_clients import KeepClient
from people.actors import PERMISSIONS, Actor
from people.hands import may_be_done, must_be_ones_own
from people.managers import manages
from people.persons.directory import Show, directory, seen_kinds
from people.persons.persons import AddPerson, InvitePerson
from people.roles import role_choices
from staff.leave.absences import away_today
from store.database import Transaction
from store.errors import Forbidden, NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.queries import identifier
from web.request_limits import sought

KINDS = ("staff", "client", "admin")
COMMANDS = (InvitePerson.wire_name, AddPerson.wire_name, KeepClient.wire_name)


async def people_page(request: Request) -> Response:
    """Show the people whom one looks after. It isn't there for clients."""
    return await _list(request, "people.html")


async def people_part(request: Request) -> Response:
    """The list by itself."""
    return await _list(request, "parts/people.html")


async def _list(request: Request, template: str) -> Response:
    shown = request.query_params.get("show", "team")
    show: Show = shown if shown in get_args(Show) else "team"  # type: ignore[assignment]
    async with signed_in(request) as (tx, actor):
        found = await directory(tx, actor, show, q=sought(request), after=identifier(request, "after"))
        return await page(
            request,
            tx,
            actor,
            template,
            page="people",
            show=show,
            q=sought(request),
            entries=found.entries,
            following=found.after,
            counts=found.counts,
            sees_clients="client" in seen_kinds(actor),
            kinds=kinds_of(actor),
            away=await away_today(tx, actor),
            done=request.query_params.get("done", ""),
        )


async def new_page(request: Request) -> Response:
    """Offer to invite or add somebody, to who may."""
    async with signed_in(request) as (tx, actor):
        return await _new(request, tx, actor)


async def add(request: Request) -> Response:
    """Invite or add a person by a posted form, and go to them."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS or not actor.of_the_team:
        raise NotFound()
    outcome = await perform(request, actor, name, form, **({} if name == KeepClient.wire_name else _by_kind(form)))
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/people/{outcome.result['id']}?done={name}", 303)
    async with signed_in(request) as (tx, again):
        return await _new(request, tx, again, outcome)


def _by_kind(form: FormData) -> Mapping[str, Any]:
    """What was filled in for another kind of person isn't sent."""
    kind = text_of(form, "kind")
    left_out: dict[str, Any] = {} if kind == "client" else {"company_ids": []}
    return left_out if kind == "staff" else left_out | {"role_id": None, "permissions": []}


async def _new(request: Request, tx: Transaction, actor: Actor, feedback: Feedback | None = None) -> Response:
    seen_kinds(actor)
    kinds = kinds_of(actor)
    must_be_ones_own(actor, InvitePerson, {})
    if not kinds:
        raise Forbidden()
    return await page(
        request,
        tx,
        actor,
        "new_person.html",
        status=feedback.status if feedback else 200,
        page="people",
        kinds=kinds,
        kind=request.query_params.get("kind", ""),
        known=_known(request),
        roles=await role_choices(tx, actor) if "staff" in kinds else [],
        companies=await companies(tx, actor) if "client" in kinds else [],
        permissions=[permission for permission in PERMISSIONS if actor.may(permission)],
        feedback=feedback,
    )


def _known(request: Request) -> dict[str, Any]:
    """What an address says of somebody who is to be invited, such as a company's contact."""
    query = request.query_params
    return {"name": query.get("name", ""), "email": query.get("email", ""), "company_ids": query.getlist("company_id")}


def kinds_of(actor: Actor) -> list[str]:
    """These are the kinds of people whom someone may add; the verb decides, this is for what forms offer."""
    if not may_be_done(actor, InvitePerson):
        return []
    return [kind for kind in KINDS if manages(actor, kind)]


ROUTES: list[BaseRoute] = [
    Route("/people", people_page),
    Route("/people", add, methods=["POST"]),
    Route("/people/new", new_page),
]
PARTS: list[BaseRoute] = [Route("/people", people_part)]
