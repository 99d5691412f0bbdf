"""General settings of the installation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from people.installation.settings import ChangeInstallation
from people.installations import installation
from store.errors import _
from web.declared import Form, Visit
from web.forms.command_forms import Asked, Heading
from web.forms.usual_fields import LANGUAGE, TIME_ZONE
from web.pages.installation.page import InstallationPage
from web.site import own_address


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {"settings": await installation(visit.tx), "own_address": own_address(visit.request)}


WHO_REGISTERS = (("false", _("Nobody: a superadmin opens each")), ("true", _("Anyone, once a superadmin approves")))
FIELDS = (
    Asked("name", _("Name of the installation"), _("It's shown at the top of every page and in emails.")),
    Asked("address", _("Public address"), type="url"),
    (
        replace(
            LANGUAGE,
            help=_("For new businesses, and for visitors whose browser doesn't ask for an available language."),
        ),
        TIME_ZONE,
    ),
    Asked(
        "support",
        _("Support contact"),
        _("An email, a phone number or an address. It's shown on the sign-in page and on error pages."),
    ),
    Heading(_("Storage"), "storage"),
    Asked(
        "quota_gb",
        _("Storage for each business, in GB"),
        _("Each business can get its own limit on the Businesses page. Leave empty for no limit."),
        more={"step": "1"},
    ),
    Heading(_("Registration")),
    Asked("registration_open", _("Who can register a business"), choices=WHO_REGISTERS),
    Asked("notice", _("Text above the registration form"), rows=3),
)
PAGE = InstallationPage(
    "/installation/general",
    "installation/general.html",
    reads,
    forms=(Form(ChangeInstallation, fields=FIELDS),),
    at="installation/general",
)
