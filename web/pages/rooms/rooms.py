"""The list of rooms, and opening one."""

from collections.abc import Mapping
from typing import Any

from clients.companies import companies
from people.persons.persons import people
from rooms.access import sees_all
from rooms.rooms import OpenRoom, rooms
from rooms.summaries import by_company, seen_companies, seen_stages, summaries
from store.errors import _
from web.declared import Form, Page, Visit
from web.forms.command_forms import Asked
from web.queries import flag, identifier
from web.request_limits import sought
from web.streams import streams_of

A_PAGE = 40
FILTERS = ("q", "company_id", "stage_id", "mine", "archived")


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, request = visit.tx, visit.actor, visit.request
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
    shown = await summaries(tx, actor, found)
    return {
        "summaries": shown,
        "groups": by_company(shown, actor.language) if actor.kind == "client" else [],
        "following": found[-1].id if len(found) == A_PAGE else None,
        "filters": {name: visit.query.get(name, "") for name in FILTERS},
        "stages": await seen_stages(tx, actor),
        "companies": await seen_companies(tx, actor),
        "sees_all": sees_all(actor),
        "streams": await streams_of(tx, actor, [room.id for room in found]),
    }


async def reads_new(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    everyone = [person for person in await people(tx, actor) if person["active"] and person["id"] != actor.id]
    return {
        "companies": [(str(each.id), each.name) for each in await companies(tx, actor)],
        "team": [person for person in everyone if person["kind"] != "client"],
        "clients": [person for person in everyone if person["kind"] == "client"],
    }


FIELDS = (
    Asked(
        "title",
        _("Title"),
        placeholder=_("Spring campaign, for example"),
        more={"autocomplete": "off", "autofocus": "autofocus"},
    ),
    Asked(
        "company_id",
        _("For which company?"),
        _("A room without a company and without clients is internal."),
        choices="companies",
        nothing=_("None: internal, or for a client only"),
    ),
    Asked("description", _("What is it about?"), _("Everyone in the room sees it. Markdown works here."), rows=4),
)
PAGE = Page("/rooms", "rooms/rooms.html", reads, at="rooms", live=True)
NEW = Page(
    "/rooms/new",
    "rooms/new.html",
    reads_new,
    needs="projects",
    forms=(Form(OpenRoom, then=lambda done: f"/rooms/{done.result['id']}", named=False, fields=FIELDS),),
    at="rooms",
)
