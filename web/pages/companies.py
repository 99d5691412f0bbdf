"""Companies: the list of them, and the page of each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clients.companies import (
    AddCompany,
    ArchiveCompany,
    ChangeCompany,
    RestoreCompany,
    known_company,
)
from clients.company_clients import LinkClient, UnlinkClient, linked_clients
from clients.company_removals import RemoveCompany
from clients.contacts import AddContact, ChangeContact, RemoveContact, contacts
from clients.notes import AddCompanyNote, RemoveCompanyNote, company_notes
from clients.subscriptions import AddSubscription, RemoveSubscription, offers, uses
from people.actors import Actor
from people.persons.persons import people
from rooms.companies import company_summaries
from rooms.rooms import rooms
from rooms.summaries import summaries
from store.database import Transaction
from store.errors import _
from web.declared import Form, Page, Visit
from web.forms.command_forms import Asked
from web.queries import flag, identifier
from web.request_limits import sought
from web.streams import streams_of

A_PAGE = 50
ROOMS_AT_ONCE = 60


async def reads(visit: Visit) -> Mapping[str, Any]:
    q = sought(visit.request)
    found = await company_summaries(
        visit.tx,
        visit.actor,
        q=q,
        archived=flag(visit.request, "archived"),
        after=identifier(visit.request, "after"),
        limit=A_PAGE,
    )
    return {
        "companies": found,
        "streams": await streams_of(visit.tx, visit.actor, ()),
        "following": found[-1].id if len(found) == A_PAGE else None,
        "filters": {"q": q, "archived": visit.query.get("archived", "")},
    }


async def reads_one(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    company = await known_company(tx, actor.business_id, visit.id("company_id"))
    found = await rooms(tx, actor, company_id=company.id, limit=ROOMS_AT_ONCE)
    return {
        "company": company,
        "summaries": await summaries(tx, actor, found),
        "archived_rooms": len(await rooms(tx, actor, company_id=company.id, archived=True, limit=200)),
        "streams": await streams_of(tx, actor, [room.id for room in found]),
        **await _known_of(tx, actor, company.id),
    }


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


NAME = Asked("name", _("Name of the company"))
EMAIL = Asked("email", _("Email"), type="email")
DETAILS = (
    Asked("phone", _("Phone"), type="tel"),
    Asked("address", _("Address"), rows=2),
    Asked("tax_id", _("Tax number")),
    Asked("website", _("Web address"), more={"inputmode": "url", "autocomplete": "off"}),
)
SUMMARY = Asked("note", _("Summary"), rows=2)
CONTACT = (
    Asked("name", _("Name")),
    Asked("role", _("What they do there")),
    Asked("phone", _("Phone"), type="tel"),
    EMAIL,
)
PAGE = Page(
    "/companies",
    "companies/companies.html",
    reads,
    needs="team",
    forms=(
        Form(
            AddCompany,
            then=lambda done: f"/companies/{done.result['id']}?done={done.command}",
            fields=(
                NAME,
                Asked("email", _("Email"), _("A company can't sign in; its people can, as clients."), type="email"),
                *DETAILS,
            ),
            named=False,
        ),
    ),
    at="companies",
    live=True,
)
ONE = Page(
    "/companies/{company_id}",
    "companies/company.html",
    reads_one,
    needs="team",
    forms=(
        Form(ChangeCompany, at="details", fields=(NAME, EMAIL, *DETAILS, SUMMARY)),
        *(Form(command, at="details") for command in (ArchiveCompany, RestoreCompany)),
        Form(RemoveCompany, then=lambda done: f"/companies?done={done.command}"),
        Form(AddContact, at="contacts", fields=(CONTACT,)),
        Form(ChangeContact, at="contacts", fields=CONTACT),
        Form(RemoveContact, at="contacts"),
        *(Form(command, at="clients") for command in (LinkClient, UnlinkClient)),
        Form(AddCompanyNote, at="notes", fields=(Asked("body", _("Add a note"), rows=2),)),
        Form(RemoveCompanyNote, at="notes"),
        *(Form(command, at="services") for command in (AddSubscription, RemoveSubscription)),
    ),
    at="companies",
    live=True,
)
