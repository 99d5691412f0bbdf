"""Companies: the list of them, and the page of each."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from clients.companies import (
    AddCompany,
    ArchiveCompany,
    ChangeCompany,
    RestoreCompany,
    known_company,
)
from clients.company_clients import LinkClient, UnlinkClient, linked_clients
from clients.company_removals import RemoveCompany
from clients.contacts import (
    AddCompanyNote,
    AddContact,
    ChangeContact,
    RemoveCompanyNote,
    RemoveContact,
    company_notes,
    contacts,
)
from clients.services import AddSubscription, RemoveSubscription, offers, uses
from people.actors import Actor
from people.persons.persons import people
from rooms.companies import company_cards
from rooms.rooms import rooms
from rooms.summaries import cards
from store.database import Transaction
from store.errors import NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.queries import flag, identifier
from web.request_limits import sought
from web.streams import streams_of

A_PAGE = 50
ROOMS_AT_ONCE = 60
PLACES = {
    command.wire_name: place
    for command, place in (
        (ChangeCompany, "details"),
        (ArchiveCompany, "details"),
        (RestoreCompany, "details"),
        (RemoveCompany, "details"),
        (AddContact, "contacts"),
        (ChangeContact, "contacts"),
        (RemoveContact, "contacts"),
        (LinkClient, "clients"),
        (UnlinkClient, "clients"),
        (AddCompanyNote, "notes"),
        (RemoveCompanyNote, "notes"),
        (AddSubscription, "services"),
        (RemoveSubscription, "services"),
    )
}
"""What may be posted on a company's page, and where on it that stands."""


async def companies_page(request: Request) -> Response:
    """Show the companies to the team, as searched."""
    return await _list(request, "companies.html")


async def companies_part(request: Request) -> Response:
    """The list by itself."""
    return await _list(request, "parts/companies.html")


async def add(request: Request) -> Response:
    """Add a company by a posted form, and go to its page."""
    actor, form = await posted(request)
    outcome = await perform(request, actor, AddCompany.wire_name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/companies/{outcome.result['id']}?done=company.add", 303)
    return await _list(request, "companies.html", outcome)


async def _list(request: Request, template: str, feedback: Feedback | None = None) -> Response:
    async with signed_in(request) as (tx, actor):
        if not actor.of_the_team:
            raise NotFound()
        query = request.query_params
        found = await company_cards(
            tx,
            actor,
            q=sought(request),
            archived=flag(request, "archived"),
            after=identifier(request, "after"),
            limit=A_PAGE,
        )
        return await page(
            request,
            tx,
            actor,
            template,
            status=feedback.status if feedback else 200,
            page="companies",
            companies=found,
            streams=await streams_of(tx, actor, ()),
            following=found[-1].id if len(found) == A_PAGE else None,
            filters={"q": sought(request), "archived": query.get("archived", "")},
            feedback=feedback,
            done=query.get("done", ""),
        )


async def company_page(request: Request) -> Response:
    """Show all that the team knows of a company."""
    return await _company(request, "company.html")


async def company_part(request: Request) -> Response:
    """What changes on the page, by itself."""
    return await _company(request, "parts/company.html")


async def change(request: Request) -> Response:
    """Change something of a company by a posted form."""
    actor, form = await posted(request)
    name, company_id = text_of(form, "command"), request.path_params["company_id"]
    if name not in PLACES:
        raise NotFound()
    outcome = await perform(request, actor, name, form, **_whose(name, company_id))
    if isinstance(outcome, Feedback):
        return await _company(request, "company.html", outcome)
    if name == RemoveCompany.wire_name:
        return RedirectResponse(f"/companies?done={name}", 303)
    return RedirectResponse(f"/companies/{company_id}?done={name}#{PLACES[name]}", 303)


def _whose(name: str, company_id: str) -> dict[str, Any]:
    """The company is the page's, for commands that say one."""
    says_none = {"contact.change", "contact.remove", "company_note.remove", "subscription.remove"}
    return {} if name in says_none else {"company_id": company_id}


async def _company(request: Request, template: str, feedback: Feedback | None = None) -> Response:
    async with signed_in(request) as (tx, actor):
        if not actor.of_the_team:
            raise NotFound()
        company = await known_company(tx, actor.business_id, _id(request))
        found = await rooms(tx, actor, company_id=company.id, limit=ROOMS_AT_ONCE)
        return await page(
            request,
            tx,
            actor,
            template,
            status=feedback.status if feedback else 200,
            page="companies",
            company=company,
            cards=await cards(tx, actor, found),
            archived_rooms=len(await rooms(tx, actor, company_id=company.id, archived=True, limit=200)),
            streams=await streams_of(tx, actor, [room.id for room in found]),
            feedback=feedback,
            done=request.query_params.get("done", ""),
            **await _known_of(tx, actor, company.id),
        )


async def _known_of(tx: Transaction, actor: Actor, company_id: UUID) -> dict[str, Any]:
    clients = await linked_clients(tx, actor, company_id)
    used = await uses(tx, actor, company_id)
    everyone = await people(tx, actor)
    taken, has = {client.id for client in clients}, {use.service_id for use in used}
    return {
        "contacts": await contacts(tx, actor, company_id),
        "clients": clients,
        "notes": await company_notes(tx, actor, company_id),
        "uses": used,
        "names": {person["id"]: person["name"] for person in everyone},
        "other_clients": [person for person in everyone if _is_client(person) and person["id"] not in taken],
        "other_services": [offer.service for offer in await offers(tx, actor) if offer.service.id not in has],
    }


def _is_client(person: dict[str, Any]) -> bool:
    return person["kind"] == "client" and bool(person["active"])


def _id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["company_id"])
    except ValueError as error:
        raise NotFound() from error


ROUTES: list[BaseRoute] = [
    Route("/companies", companies_page),
    Route("/companies", add, methods=["POST"]),
    Route("/companies/{company_id}", company_page),
    Route("/companies/{company_id}", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [
    Route("/companies", companies_part),
    Route("/companies/{company_id}", company_part),
]
