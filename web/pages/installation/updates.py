"""Updates: the version, its migrations, and running what is pending after a backup."""

from collections.abc import Mapping
from typing import Any

from people.installation.updates import RunUpdate, updates
from web.declared import Visit
from web.pages.installation.page import InstallationPage
from web.site import site_of


async def reads(visit: Visit) -> Mapping[str, Any]:
    standing = site_of(visit.request).standing
    runs = await updates(visit.tx, visit.actor)
    return {
        "standing": await standing() if standing else None,
        "runs": runs,
        "running": next((run for run in runs if run.ended_at is None), None),
    }


PAGE = InstallationPage(
    "/installation/updates",
    "installation/updates.html",
    reads,
    forms=(RunUpdate,),
    at="installation/updates",
    live=True,
)
