"""People: who belongs to the business, and inviting or adding somebody."""

from collections.abc import Mapping
from typing import Any, get_args

from starlette.datastructures import FormData

from clients.companies import companies
from clients.kept_clients import KeepClient
from people.actors import PERMISSIONS, Actor
from people.hands import may_be_done, must_be_ones_own
from people.managers import manages
from people.persons.directory import Show, directory, seen_kinds
from people.persons.persons import AddPerson, InvitePerson
from people.roles import role_choices
from staff.leave.absences import away_today
from store.errors import Forbidden
from web.declared import Form, Page, Posted, Visit
from web.page import text_of
from web.queries import identifier
from web.request_limits import sought

KINDS = ("staff", "client", "admin")


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, q = visit.tx, visit.actor, sought(visit.request)
    shown = visit.query.get("show", "team")
    show: Show = shown if shown in get_args(Show) else "team"  # type: ignore[assignment]
    found = await directory(tx, actor, show, q=q, after=identifier(visit.request, "after"))
    return {
        "show": show,
        "q": q,
        "entries": found.entries,
        "following": found.after,
        "counts": found.counts,
        "sees_clients": "client" in seen_kinds(actor),
        "kinds": kinds_of(actor),
        "away": await away_today(tx, actor),
    }


async def reads_new(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    kinds = kinds_of(actor)
    must_be_ones_own(actor, InvitePerson, {})
    if not kinds:
        raise Forbidden()
    return {
        "kinds": kinds,
        "kind": visit.query.get("kind", ""),
        "known": _known(visit),
        "roles": await role_choices(tx, actor) if "staff" in kinds else [],
        "companies": await companies(tx, actor) if "client" in kinds else [],
        "permissions": [permission for permission in PERMISSIONS if actor.may(permission)],
    }


def _known(visit: Visit) -> dict[str, Any]:
    """What an address says of somebody who is to be invited, such as a company's contact."""
    query = visit.request.query_params
    return {"name": query.get("name", ""), "email": query.get("email", ""), "company_ids": query.getlist("company_id")}


def kinds_of(actor: Actor) -> list[str]:
    """These are the kinds of people whom someone may add; the verb decides, this is for what forms offer."""
    if not may_be_done(actor, InvitePerson):
        return []
    return [kind for kind in KINDS if manages(actor, kind)]


def _by_kind(form: FormData) -> Mapping[str, Any]:
    """What was filled in for another kind of person isn't sent."""
    kind = text_of(form, "kind")
    left_out: dict[str, Any] = {} if kind == "client" else {"company_ids": []}
    return left_out if kind == "staff" else left_out | {"role_id": None, "permissions": []}


def _to_them(done: Posted) -> str:
    return f"/people/{done.result['id']}?done={done.command}"


PAGE = Page("/people", "people/people.html", reads, needs=("clients", "staff"), at="people", live=True)
NEW = Page(
    "/people/new",
    "people/new.html",
    reads_new,
    needs=("clients", "staff"),
    forms=(
        Form(InvitePerson, then=_to_them, given=_by_kind),
        Form(AddPerson, then=_to_them, given=_by_kind),
        Form(KeepClient, then=_to_them),
    ),
    at="people",
)
