"""The admins: the list with the queue of those who registered, and each one's page."""

from collections.abc import Mapping
from typing import Any

from people.installation.admins import ActivateAdmin, AddAdmin, ChangeAdmin, DeactivateAdmin, admins
from people.installation.deletions import DeleteAdmin, what_goes
from people.installation.openings import businesses
from people.installation.registration_decisions import ApproveRegistration, RefuseRegistration, registrations
from people.persons.resets import SendReset
from store.errors import _
from web.declared import Form, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import EMAIL, FIRST_PASSWORD, NAME
from web.pages.installation.page import InstallationPage
from web.request_limits import sought


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor, q = visit.tx, visit.actor, sought(visit.request)
    return {
        "q": q,
        "admins": await admins(tx, actor, q),
        "registrations": await registrations(tx, actor),
        "choices": [(str(each.id), each.name) for each in await businesses(tx, actor)],
    }


async def reads_one(visit: Visit) -> Mapping[str, Any]:
    stake = await what_goes(visit.tx, visit.actor, visit.id("person_id"), lock=False)
    return {
        "admin": stake.whom.person,
        "account": stake.whom.account,
        "of_business": stake.business,
        "stake": stake,
        "successors": stake.successors,
    }


BUSINESS = Asked("business_id", _("Business"), choices="choices", more={})
TYPED = Asked("typed", _("To delete the admin, type their name"), required=True)
SUCCESSOR = Asked("successor_id", _("Who takes over"), choices="successors")
PAGE = InstallationPage(
    "/installation/admins",
    "installation/admins.html",
    reads,
    forms=(
        Form(AddAdmin, fields=(BUSINESS, (NAME, EMAIL), FIRST_PASSWORD)),
        ApproveRegistration,
        RefuseRegistration,
    ),
    at="admins/admins",
    live=True,
)
ONE = InstallationPage(
    "/installation/admins/{person_id}",
    "installation/admin.html",
    reads_one,
    forms=(
        Form(ChangeAdmin, fields=((NAME, EMAIL),)),
        ActivateAdmin,
        DeactivateAdmin,
        SendReset,
        Form(DeleteAdmin, fields=(SUCCESSOR, TYPED), then=lambda done: f"{PAGE.url}?done={done.command}"),
    ),
    at="admins/admins",
)
