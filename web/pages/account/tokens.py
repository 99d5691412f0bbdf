"""API tokens: one's own, to make, look at and revoke."""

from collections.abc import Mapping
from typing import Any

from people.signing.tokens import OFFERED, MakeApiToken, RevokeApiToken, api_tokens
from store.errors import _
from web.declared import Form, LivePart, Page, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import OWN_PASSWORD
from web.words.formatting import zone_named

AREAS = {
    "rooms": _("Rooms: wall, tasks, time, files"),
    "people": _("People, roles and departments"),
    "companies": _("Companies and clients"),
    "leave": _("Leave and holidays"),
    "business": _("The business's own settings"),
    "account": _("Your own account and notices"),
    "installation": _("The installation"),
}
SCOPE_WORDS = {
    "rooms:read": _("Read rooms"),
    "rooms:write": _("Work in rooms"),
    "people:read": _("Read people"),
    "people:write": _("Manage people"),
    "companies:read": _("Read companies"),
    "companies:write": _("Manage companies"),
    "leave:read": _("Read leave"),
    "leave:write": _("Request leave and decide on it"),
    "business:read": _("Read the business's settings"),
    "business:write": _("Change the business's settings"),
    "account:read": _("Read your account"),
    "account:write": _("Change your account"),
    "installation:read": _("Read the installation's settings"),
    "installation:write": _("Run the installation"),
}


async def reads(visit: Visit) -> Mapping[str, Any]:
    actor = visit.actor
    return {
        "tokens": await api_tokens(visit.tx, actor),
        "areas": [(area, AREAS[area]) for area in OFFERED[actor.kind]],
        "scope_words": SCOPE_WORDS,
        "secret": visit.result["secret"] if visit.result else None,
        "today": visit.tx.now.astimezone(zone_named(actor.time_zone)).date().isoformat(),
    }


FIELDS = (
    (
        Asked("name", _("What it is for"), placeholder=_("Time sheets to accounting")),
        Asked("expires_on", _("Its last day"), _("Leave empty to keep it until you revoke it.")),
    ),
    OWN_PASSWORD,
)
# The secret is shown in the answer itself: nowhere can it be read again.
PAGE = Page(
    "/account/tokens",
    "account/tokens.html",
    reads,
    forms=(Form(MakeApiToken, then=lambda _done: None, fields=FIELDS), RevokeApiToken),
    at="account",
    parts=(LivePart("/tokens", "account/tokens_part.html"),),
)
