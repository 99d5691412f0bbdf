"""How people of a business sign in, for its admins; and of the installation, for who runs it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from people.signing.domains.domain_proofs import CheckDomain, VouchDomain, WithdrawDomain
from people.signing.domains.domains import Place as ClaimPlace
from people.signing.domains.domains import claims, domains
from people.signing.oidc import ProviderFailed, test_provider
from people.signing.policies import ChangeInstallationPolicy, ChangeSignInPolicy, own_policy, people_without
from people.signing.providers import AddProvider, ChangeProvider, RemoveProvider, own_provider, providers
from people.signing.sessions import sessions_last
from store.errors import NotFound, _
from web.authentication import signed_in
from web.declared import Form, LivePart, Page, Visit
from web.forms.command_forms import Asked
from web.forms.usual_fields import OWN_PASSWORD
from web.page import posted, text_of
from web.pages.signing.passkeys import relying
from web.pages.signing.providers import COMING_BACK
from web.queries import flag, identifier

HOUR, DAY = 60, 24 * 60
LENGTHS = (HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
IDLE = (15, 30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 7 * DAY)
TEST = "provider.test"


async def reads_own(visit: Visit) -> Mapping[str, Any]:
    """How people of a business sign in."""
    tx, actor = visit.tx, visit.actor
    assert actor.business_id
    return {
        **await _reads(visit, actor.business_id),
        "without": await people_without(tx, actor.business_id),
        "domains": await domains(tx, actor),
        "claims": None,
        "url": BUSINESS.url,
    }


async def reads_installation(visit: Visit) -> Mapping[str, Any]:
    """How people sign in where their business says nothing."""
    return {
        **await _reads(visit, None),
        "without": 0,
        "domains": [],
        "claims": await claims(visit.tx, visit.actor, _after(visit.request)),
        "url": INSTALLATION.url,
    }


async def _reads(visit: Visit, business_id: UUID | None) -> dict[str, Any]:
    tx, request = visit.tx, visit.request
    policy = await own_policy(tx, business_id)
    unused, longest = sessions_last()
    return {
        "policy": policy,
        "unused_days": unused.days,
        "longest_days": longest.days,
        "default": await own_policy(tx, None),
        "lengths": spans(LENGTHS, policy.session_minutes),
        "idle": spans(IDLE, policy.idle_minutes),
        "providers": await providers(tx, visit.actor),
        "coming_back": relying(request).origin + COMING_BACK,
        "origin": relying(request).origin,
        "tested": visit.result if visit.command == TEST else None,
        "checked": visit.result if visit.command == CheckDomain.wire_name else None,
    }


def _after(request: Request) -> ClaimPlace | None:
    """This is after which claim the list of domains goes on."""
    business_id = identifier(request, "after")
    if business_id is None:
        return None
    return flag(request, "proven"), request.query_params.get("domain", ""), business_id


def spans(offered: tuple[int, ...], chosen: int | None) -> list[tuple[int, int, str]]:
    """These are spans of time to choose from: minutes, and how many of which unit they are."""
    found = sorted({*offered, *([chosen] if chosen else [])})
    return [(minutes, *_in_units(minutes)) for minutes in found]


def _in_units(minutes: int) -> tuple[int, str]:
    for size, unit in ((DAY, "days"), (HOUR, "hours")):
        if minutes % size == 0:
            return minutes // size, unit
    return minutes, "minutes"


class Policies(Page):
    """A page from which another service can be asked, too, whether it is there: no command, since nothing changes."""

    async def act(self, request: Request) -> Response:
        _actor, form = await posted(request)
        return await (self._test(request, form) if text_of(form, "command") == TEST else super().act(request))

    async def _test(self, request: Request, form: FormData) -> Response:
        """Ask a service whether it is there, and say what came of it."""
        async with signed_in(request) as (tx, actor):
            self.must_open(actor)
            try:
                provider = await own_provider(tx, actor, UUID(text_of(form, "provider_id")), lock=False)
            except ValueError as error:
                raise NotFound() from error
        said = {"name": provider.name, "works": True, "reason": ""}
        try:
            await test_provider(provider)
        except ProviderFailed as refusal:
            said |= {"works": False, "reason": refusal.reason}
        return await self.shown(request, result=said, command=TEST)


EACH_DECIDES, EVERYONE = ("false", _("Each person decides")), ("true", _("Everyone needs one"))
SPANS = (
    Asked(
        "session_minutes", _("Longest session"), _("After this time, everyone has to sign in again."), choices="lengths"
    ),
    Asked(
        "idle_minutes",
        _("Sign out after inactivity of"),
        _("After this much time without activity."),
        choices="idle",
    ),
)
OWN_POLICY = (
    Asked(
        "two_factors",
        _("A second factor"),
        _("An authenticator app or a passkey. People without one have to set one up before they can do anything else."),
        choices=(EVERYONE, EACH_DECIDES),
    ),
    SPANS,
    Asked(
        "networks",
        _("Where people can sign in from"),
        placeholder="203.0.113.0/24",
        rows=3,
        more={"spellcheck": "false"},
    ),
)
DEFAULT_POLICY = (
    Asked(
        "superadmin_two_factors",
        _("Second factor for superadmins"),
        choices=(EACH_DECIDES, ("true", _("Every superadmin needs one"))),
    ),
    Asked(
        "two_factors",
        _("Second factor where the business hasn't decided"),
        choices=(EVERYONE,),
        nothing=_("Each person decides"),
    ),
    SPANS,
)
NAME = Asked("name", _("Its name"))
ISSUER = Asked(
    "issuer",
    _("Issuer"),
    _("Its address. Everything else is discovered from there."),
    type="url",
    placeholder="https://id.firm.example/realms/firm",
    more={},
)
CLIENT_ID, CLIENT_SECRET = (
    Asked("client_id", _("Client ID")),
    Asked("client_secret", _("Client secret"), type="password"),
)
DOMAINS = Asked("domains", _("Email domains"), more={})
TRUSTED = Asked(
    "trusted",
    _("If the service doesn't say that an email is verified"),
    _(
        "Microsoft Entra ID never does. Trust a service only if it belongs to your organisation, with your tenant in "
        "the issuer, and only for your own domains: the people who run it can sign in as anyone with such an address."
    ),
    choices=(("false", _("Don't trust it")), ("true", _("Trust it for the domains above"))),
)
NEW = (
    (
        replace(NAME, help=_("The name people know it by. It's shown on the button."), placeholder="Keycloak"),
        ISSUER,
    ),
    (CLIENT_ID, CLIENT_SECRET),
    replace(DOMAINS, placeholder="firm.example"),
    TRUSTED,
    OWN_PASSWORD,
)
CHANGES = (
    (NAME, DOMAINS),
    (CLIENT_ID, replace(CLIENT_SECRET, help=_("Leave empty to keep it as it is."))),
    TRUSTED,
    OWN_PASSWORD,
)
PROVIDERS = (Form(AddProvider, fields=NEW), Form(ChangeProvider, fields=CHANGES), RemoveProvider)
BUSINESS = Policies(
    "/settings/security",
    "settings/security.html",
    reads_own,
    needs="admin",
    forms=(Form(ChangeSignInPolicy, fields=OWN_POLICY), Form(CheckDomain, then=lambda _done: None), *PROVIDERS),
    at="settings/security",
    live=True,
)
INSTALLATION = Policies(
    "/installation/security",
    "installation/security.html",
    reads_installation,
    needs="superadmin",
    forms=(Form(ChangeInstallationPolicy, fields=DEFAULT_POLICY), VouchDomain, WithdrawDomain, *PROVIDERS),
    at="installation/security",
    parts=(LivePart("/installation/security", "settings/security_part.html"),),
)
