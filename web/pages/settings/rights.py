"""Who may do what and why, what each permission opens, and whether staff find what they can't open."""

from collections.abc import Mapping
from typing import Any

from people.actors import PERMISSIONS, Permission
from people.businesses import Business
from people.persons.rights import holders
from people.profiles import ChangeBusiness
from web.declared import Form, LivePart, Page, Visit
from web.request_limits import sought
from web.site import site_of
from web.words.permissions import opened


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, asked = visit.tx, visit.actor, visit.query.get("permission", "")
    permission: Permission | None = asked if asked in PERMISSIONS else None
    business = await tx.get(Business, actor.business_id)
    return {
        "find_closed": business is not None and business.find_closed,
        "holders": await holders(tx, actor, permission, q=sought(visit.request)),
        "permissions": PERMISSIONS,
        "opened": opened(entry.command for entry in site_of(visit.request).commands.catalogue.values()),
        "permission": permission or "",
        "q": sought(visit.request),
    }


PAGE = Page(
    "/settings/rights",
    "settings/rights.html",
    reads,
    needs="staff",
    forms=(Form(ChangeBusiness, at="finding"),),
    at="settings/rights",
    live=True,
    parts=(LivePart("/settings/finding", "settings/finding_part.html"),),
)
