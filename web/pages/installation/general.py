"""General settings of the installation."""

from collections.abc import Mapping
from typing import Any

from people.installation.settings import ChangeInstallation
from people.installations import installation
from web.declared import Visit
from web.pages.installation.places import InstallationPage
from web.site import own_address
from web.words.zones import zones


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {"settings": await installation(visit.tx), "zones": zones(), "own_address": own_address(visit.request)}


PAGE = InstallationPage(
    "/installation/general",
    "installation/general.html",
    reads,
    forms=(ChangeInstallation,),
    at="installation/general",
)
