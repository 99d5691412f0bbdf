"""The business's profile among the settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from people.forms import BusinessForm
from people.logos import RemoveLogo
from people.profiles import ChangeBusiness, RenewMeetingsKey, meetings_key, own_business
from rooms.files.quotas import own_usage
from store.errors import _
from web.declared import Form, LivePart, Page, Visit
from web.forms.command_forms import Asked, Heading
from web.forms.usual_fields import LANGUAGE, TIME_ZONE, WORKING_WEEK
from web.streams import streams_of
from web.words.choices import country_choices, currency_choices


async def reads(visit: Visit) -> Mapping[str, Any]:
    return {
        **await reads_paper(visit),
        **await reads_storage(visit),
        "meetings_key": await meetings_key(visit.tx, visit.actor),
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


OF_THE_WEB = {"autocomplete": "off", "inputmode": "url"}
PROFILE = (
    Asked("name", _("Name of the business"), _("Your team and your clients see it.")),
    Asked("address", _("Address"), rows=3),
    (
        Asked("phone", _("Phone"), type="tel"),
        Asked("email", _("Email"), _("For clients to see. It isn't used to sign in."), type="email"),
    ),
    Asked("website", _("Web address"), more=OF_THE_WEB),
    Asked(
        "shown_at_sign_in",
        _("Show name and logo on the sign-in page"),
        _("Only if this is the installation's only business, so that no other business's name is shown."),
    ),
    Heading(_("Tax data")),
    (Asked("tax_id", _("Tax number")), Asked("registration_number", _("Registration number"))),
    Asked("bank_account", _("Bank account"), _("The IBAN and the bank, as documents will name them.")),
    Heading(_("On documents"), "documents"),
    Asked("header", _("Header, beside the logo"), rows=2),
    (Asked("footer_left", _("Footer, left"), rows=2), Asked("footer_right", _("Footer, right"), rows=2)),
    Heading(_("Language, time and money")),
    (
        replace(LANGUAGE, help=_("New people start with it.")),
        TIME_ZONE,
        Asked(
            "country",
            _("Country"),
            _("Its public holidays are suggested."),
            choices=country_choices,
            nothing=_("Not set"),
        ),
        Asked("currency", _("Currency"), choices=currency_choices),
    ),
    replace(WORKING_WEEK, label=_("Working week")),
    Asked("hours_a_day", _("Hours of a working day"), more={"autocomplete": "off", "step": "0.25"}),
    Heading(_("Meetings"), "meetings"),
    Asked(
        "meetings_url",
        _("Where the team meets"),
        _("The link to your team's usual video call. The team finds it in the menu as “Meetings”."),
        placeholder="https://",
        more=OF_THE_WEB,
    ),
)
PAGE = Page(
    "/settings/business",
    "settings/profile.html",
    reads,
    needs="admin",
    forms=(Form(ChangeBusiness, fields=PROFILE), RenewMeetingsKey, RemoveLogo),
    at="settings/business",
    parts=(
        LivePart("/settings/paper", "settings/paper_part.html", reads_paper),
        LivePart("/settings/storage", "settings/storage_part.html", reads_storage),
    ),
)
