"""What the business offers, among the settings."""

from collections.abc import Mapping
from typing import Any

from clients.services import AddService, ChangeService, RemoveService, offers
from web.declared import Page, Visit
from web.streams import streams_of


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {
        "offers": await offers(visit.tx, visit.actor),
        "streams": await streams_of(visit.tx, visit.actor, ()),
    }


PAGE = Page(
    "/settings/services",
    "settings/services.html",
    reads,
    needs="clients",
    forms=(AddService, ChangeService, RemoveService),
    at="settings/services",
    live=True,
)
