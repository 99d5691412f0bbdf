"""The tree of businesses, and opening one."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from people.installation.admins import AddAdmin
from people.installation.hierarchy import MoveBusiness, tree
from people.installation.openings import businesses
from rooms.files.quotas import ChangeQuota, Usage, usages
from store.errors import _
from web.declared import Form, Visit
from web.forms.command_forms import Asked, Heading
from web.forms.usual_fields import EMAIL, FIRST_PASSWORD, LANGUAGE, NAME, TIME_ZONE
from web.pages.installation.page import InstallationPage


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    found = await tree(tx, actor)
    return {
        "tree": found,
        "above": [(str(each.id), each.name) for each in found],
        "summaries": {summary.id: summary for summary in await businesses(tx, actor)},
        "usages": defaultdict(Usage, await usages(tx, actor)),
    }


NEW = (
    Asked("business_name", _("Name of the business"), required=True),
    (Asked("parent_id", _("Below"), choices="above", nothing=_("No other business")), LANGUAGE),
    TIME_ZONE,
    Heading(_("Its admin")),
    (NAME, EMAIL),
    FIRST_PASSWORD,
)
PAGE = InstallationPage(
    "/installation/businesses",
    "installation/businesses.html",
    reads,
    forms=(MoveBusiness, Form(AddAdmin, fields=NEW), ChangeQuota),
    at="businesses/businesses",
    live=True,
)
