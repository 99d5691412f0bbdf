"""The tree of businesses, and opening one."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from people.installation.admins import AddAdmin
from people.installation.hierarchy import MoveBusiness, tree
from people.installation.openings import businesses
from rooms.files.quotas import ChangeQuota, Usage, usages
from web.declared import Visit
from web.pages.installation.places import InstallationPage
from web.words.zones import zones


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    return {
        "tree": await tree(tx, actor),
        "summaries": {summary.id: summary for summary in await businesses(tx, actor)},
        "usages": defaultdict(Usage, await usages(tx, actor)),
        "zones": zones(),
    }


PAGE = InstallationPage(
    "/installation/businesses",
    "installation/businesses.html",
    reads,
    forms=(MoveBusiness, AddAdmin, ChangeQuota),
    at="businesses/businesses",
    live=True,
)
