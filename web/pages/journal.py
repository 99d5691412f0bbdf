"""The journal: who signed in and out and what befell accounts. A superadmin reads all of it, an admin their own."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.businesses import businesses
from people.devices import device
from people.signing.journal import AT_ONCE, Filters, Line, journal
from store.database import Transaction
from store.days import known_day, midnight
from store.errors import Invalid, _
from web.authentication import signed_in
from web.page import page
from web.site import site_of
from web.words.formatting import zone_named
from web.words.signatures import signed
from web.words.translations import translated

SIGNING = (
    "sign_in",
    "sign_out",
    "sign_in_failed",
    "sign_in_refused",
    "slowed_down",
    "locked_out",
    "new_device",
    "sessions_ended",
)
ACTING = ("impersonation_begun", "impersonation_ended", "business_entered", "business_left")
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": (_("Sign-ins and sign-outs"), SIGNING + ACTING),
    "acting": (_("Acting for others"), ACTING),
    "failed": (_("What failed"), ("sign_in_failed", "sign_in_refused", "slowed_down", "locked_out")),
    "factors": (
        _("Passwords and second factors"),
        (
            "password_changed",
            "password_reset",
            "reset_asked",
            "reset_sent",
            "reset_refused",
            "email_changed",
            "factor_added",
            "factor_removed",
            "factors_reset",
            "recovery_codes_made",
            "identity_unlinked",
            "device_forgotten",
        ),
    ),
    "all": (_("Everything"), ()),
}

WORDS = {
    "sign_in": _("signed in"),
    "sign_out": _("signed out"),
    "sign_in_failed": _("failed to sign in"),
    "sign_in_refused": _("was not let in"),
    "slowed_down": _("had too many wrong tries: unknown browsers now do some work first"),
    "locked_out": _("tried too often and has to wait"),
    "new_device": _("signed in from a new device or place"),
    "sessions_ended": _("ended sign-ins"),
    "password_changed": _("changed the password"),
    "password_reset": _("set a new password by a link"),
    "reset_asked": _("asked for a new password"),
    "reset_sent": _("was sent a link for a new password"),
    "factor_added": _("added a second factor"),
    "factor_removed": _("removed a second factor"),
    "factors_reset": _("had all second factors taken away"),
    "recovery_codes_made": _("made recovery codes"),
    "identity_unlinked": _("unlinked another service"),
    "device_forgotten": _("had a browser forgotten"),
    "policy_changed": _("changed how people sign in"),
    "provider_added": _("added a service for signing in"),
    "provider_changed": _("changed a service for signing in"),
    "provider_removed": _("removed a service for signing in"),
    "domain_proven": _("proved a domain by its record"),
    "domain_vouched": _("was vouched for"),
    "domain_withdrawn": _("lost its proof"),
    "domain_lost": _("is no longer proven"),
    "token_made": _("made an API token"),
    "token_revoked": _("revoked an API token"),
    "invitation_sent": _("was invited"),
    "invitation_accepted": _("accepted the invitation"),
    "invitation_resent": _("was invited anew"),
    "invitation_link_made": _("had a link for the invitation made"),
    "invitation_refused": _("came with an invitation that no longer works"),
    "invitation_withdrawn": _("had the invitation withdrawn"),
    "reset_refused": _("came with a link for a new password that no longer works"),
    "impersonation_begun": _("%(by)s began to act as %(name)s"),
    "impersonation_ended": _("%(by)s stopped acting as %(name)s"),
    "business_entered": _("came to work here from a business above"),
    "business_left": _("went back to a business above"),
    "person_locked": _("was locked"),
    "person_unlocked": _("was unlocked"),
    "person_deactivated": _("was deactivated"),
    "person_reactivated": _("was reactivated"),
    "person_erased": _("was erased"),
    "admin_activated": _("was activated"),
    "admin_deactivated": _("was deactivated"),
    "admin_changed": _("was changed"),
    "person_changed": _("was changed"),
    "person_promoted": _("became an admin"),
    "person_demoted": _("became staff"),
    "person_linked": _("was linked to the team"),
    "person_unlinked": _("was linked to the team no more"),
    "rights_changed": _("may do more or less than before"),
    "email_changed": _("changed the e-mail"),
    "registration_confirmed": _("confirmed the e-mail of a registration"),
    "registration_approved": _("was approved"),
    "registration_refused": _("was declined"),
    "admin_deleted": _("was deleted"),
}
WRONG_PASSWORD = _("gave a wrong password")
"""What those failed at who were signed in already."""
DETAILS = {
    "password": _("by password"),
    "provider": _("by another service"),
    "code": _("by password and code"),
    "recovery_code": _("by a recovery code"),
    "passkey": _("by passkey"),
    "expired": _("its time was over"),
    "accepted": _("it was used before"),
    "used": _("it was used before"),
    "replaced": _("a newer one was sent"),
    "withdrawn": _("it was withdrawn"),
    "locked": _("the account is locked"),
    "waiting": _("waits for approval"),
    "linked_to_staff": _("signs in as staff only"),
    "network_not_allowed": _("from outside the allowed networks"),
}


async def journal_page(request: Request) -> Response:
    """Show the journal, the newest 200 lines, or further back."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, "journal.html")


async def journal_part(request: Request) -> Response:
    """The lines by themselves, drawn anew while the page is looked at."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, "parts/journal.html")


async def _draw(request: Request, tx: Transaction, actor: Actor, template: str) -> Response:
    query = {name: value for name, value in request.query_params.items() if value}
    lines = await journal(tx, actor, _filters(query, actor), _identifier(query, "before"))
    asked = {name: query[name] for name in query if name not in ("before", "path")}
    return await page(
        request,
        tx,
        actor,
        template,
        page="journal",
        setting="journal",
        place="journal",
        asked=asked,
        groups=[(key, translated(actor.language, label)) for key, (label, _kinds) in GROUPS.items()],
        businesses=await businesses(tx, actor) if actor.kind == "superadmin" else [],
        lines=[_shown(line, actor.language) for line in lines],
        earlier=f"/journal?{urlencode(asked | {'before': str(lines[-1].id)})}" if len(lines) == AT_ONCE else None,
        newest=f"/journal?{urlencode(asked)}" if "before" in query else None,
        kept_days=site_of(request).journal_days,
        source=f"/parts/journal?{urlencode(asked)}",
    )


def _filters(query: dict[str, str], actor: Actor) -> Filters:
    kinds = GROUPS.get(query.get("what", ""), GROUPS[""])[1]
    zone = zone_named(actor.time_zone)
    since, until = _day(query, "since"), _day(query, "until")
    return Filters(
        person_id=_identifier(query, "person"),
        business_id=_identifier(query, "business"),
        named=query.get("named", "")[:100],
        what=kinds,
        since=midnight(since, zone) if since else None,
        until=midnight(until + timedelta(days=1), zone) if until else None,
    )


def _day(query: dict[str, str], name: str) -> date | None:
    if name not in query:
        return None
    try:
        day = datetime.fromisoformat(query[name]).date()
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't a date.")}) from error
    try:
        return known_day(day)
    except ValueError as error:
        raise Invalid(fields={name: str(error)}) from error


def _identifier(query: dict[str, str], name: str) -> UUID | None:
    try:
        return UUID(query[name]) if name in query else None
    except ValueError as error:
        raise Invalid(fields={name: _("This isn't an identifier.")}) from error


def _shown(line: Line, language: str) -> dict[str, Any]:
    details = line.details
    telling = ("factor", "how", "why", *(("domain",) if line.person else ()))
    said = [] if line.what == "slowed_down" else [details.get(name) for name in telling if details.get(name)]
    what = WORDS.get(line.what, line.what.replace("_", " "))
    if line.what == "sign_in_failed" and "signed_in" in said:
        what, said = WRONG_PASSWORD, []
    return {
        "at": line.at,
        "what": what,
        "names_both": "%(by)s" in what,
        "grave": line.what in ("sign_in_failed", "sign_in_refused", "slowed_down", "locked_out"),
        "person_id": line.person_id,
        "person": line.person,
        "typed": None if line.person else details.get("name") or details.get("email") or details.get("domain"),
        "business": line.business or details.get("business"),
        "by": _doer(line, language),
        "reason": details.get("reason"),
        "since": details.get("since"),
        "until": details.get("until"),
        "deeds": details.get("deeds"),
        "address": line.address,
        "device": device(line.agent) if line.agent else "",
        "details": [DETAILS.get(text, text) for text in said if isinstance(text, str)],
    }


def _doer(line: Line, language: str) -> str | None:
    by: str | None = line.by or line.details.get("by_name")
    return signed(line.on_behalf_of, by, language) if line.on_behalf_of else by


ROUTES: list[BaseRoute] = [Route("/journal", journal_page)]
PARTS: list[BaseRoute] = [Route("/journal", journal_part)]
