"""The business's profile among the settings."""

from collections.abc import Mapping
from typing import Any

from people.forms import BusinessForm
from people.profiles import ChangeBusiness, RenewMeetingsKey, meetings_key, own_business
from rooms.files.logos import RemoveLogo
from rooms.files.quotas import own_usage
from web.declared import LivePart, Page, Visit
from web.streams import streams_of
from web.words.zones import zones


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {
        **await reads_paper(visit),
        **await reads_storage(visit),
        "meetings_key": await meetings_key(visit.tx, visit.actor),
        "zones": zones(),
    }


async def reads_paper(visit: Visit) -> Mapping[str, Any]:
    """A document's header and footer."""
    return {
        "profile": BusinessForm.model_validate(await own_business(visit.tx, visit.actor)),
        "streams": await streams_of(visit.tx, visit.actor, ()),
    }


async def reads_storage(visit: Visit) -> Mapping[str, Any]:
    """How much the business's files take."""
    return {
        "usage": await own_usage(visit.tx, visit.actor),
        "streams": await streams_of(visit.tx, visit.actor, ()),
    }


PAGE = Page(
    "/settings/business",
    "settings/profile.html",
    reads,
    needs="admin",
    forms=(ChangeBusiness, RenewMeetingsKey, RemoveLogo),
    at="settings/business",
    parts=(
        LivePart("/settings/paper", "settings/paper_part.html", reads_paper),
        LivePart("/settings/storage", "settings/storage_part.html", reads_storage),
    ),
)
