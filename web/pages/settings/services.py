"""What the business offers, among the settings."""

from collections.abc import Mapping
from typing import Any

from clients.services import AddService, ChangeService, RemoveService
from clients.subscriptions import offers
from store.errors import _
from web.declared import Form, Page, Visit
from web.forms.command_forms import Asked
from web.streams import streams_of


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {
        "offers": await offers(visit.tx, visit.actor),
        "streams": await streams_of(visit.tx, visit.actor, ()),
    }


NAME, NOTE = Asked("name", _("Its name")), Asked("note", _("Note"))
PAGE = Page(
    "/settings/services",
    "settings/services.html",
    reads,
    needs="clients",
    forms=(Form(AddService, fields=((NAME, NOTE),)), Form(ChangeService, fields=(NAME, NOTE)), RemoveService),
    at="settings/services",
    live=True,
)
