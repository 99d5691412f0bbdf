"""How people of a business sign in, for its admins; and of the installation, for who runs it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.signing.domains.domain_proofs import CheckDomain, VouchDomain, WithdrawDomain
from people.signing.domains.domains import Place as ClaimPlace
from people.signing.domains.domains import claims, domains
from people.signing.oidc import ProviderFailed, test_provider
from people.signing.policies import ChangeInstallationPolicy, ChangeSignInPolicy, own_policy, people_without
from people.signing.providers import AddProvider, ChangeProvider, RemoveProvider, own_provider, providers
from people.signing.sessions import sessions_last
from store.database import Transaction
from store.errors import Forbidden, NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.pages.passkeys import relying
from web.pages.providers import COMING_BACK
from web.queries import flag, identifier

HOUR, DAY = 60, 24 * 60
LENGTHS = (HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY)
IDLE = (15, 30, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 7 * DAY)
TEST = "provider.test"


@dataclass(frozen=True)
class Place:
    """Where a policy is changed: a business's settings, or the installation's pages."""

    url: str
    template: str
    kind: str
    commands: tuple[str, ...]


BUSINESS = Place(
    "/settings/security",
    "settings/security.html",
    "admin",
    (ChangeSignInPolicy.wire_name, CheckDomain.wire_name),
)
INSTALLATION = Place(
    "/installation/security",
    "installation/security.html",
    "superadmin",
    (ChangeInstallationPolicy.wire_name, VouchDomain.wire_name, WithdrawDomain.wire_name),
)
PROVIDERS = (AddProvider.wire_name, ChangeProvider.wire_name, RemoveProvider.wire_name)


def place_of(request: Request) -> Place:
    return INSTALLATION if request.url.path.endswith(INSTALLATION.url) else BUSINESS


async def policy_page(request: Request) -> Response:
    """Show how people sign in."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, done=request.query_params.get("done", ""))


async def policy_part(request: Request) -> Response:
    """The same by itself, drawn anew when another admin has changed it."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/sign_in_policy.html")


async def change(request: Request) -> Response:
    """Change it by a posted form."""
    place = place_of(request)
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name == TEST:
        return await _test(request, text_of(form, "provider_id"))
    if name not in (*place.commands, *PROVIDERS):
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if isinstance(outcome, Feedback):
        async with signed_in(request) as (tx, again):
            return await _draw(request, tx, again, feedback=outcome)
    if name == CheckDomain.wire_name:
        async with signed_in(request) as (tx, again):
            return await _draw(request, tx, again, checked=outcome.result)
    return RedirectResponse(f"{place.url}?done={name}", 303)


async def _test(request: Request, provider_id: str) -> Response:
    """Ask a service whether it is there, and say what came of it."""
    async with signed_in(request) as (tx, actor):
        try:
            provider = await own_provider(tx, actor, UUID(provider_id), lock=False)
        except ValueError as error:
            raise NotFound() from error
    try:
        await test_provider(provider)
        said: dict[str, Any] = {"name": provider.name, "works": True, "reason": ""}
    except ProviderFailed as refusal:
        said = {"name": provider.name, "works": False, "reason": refusal.reason}
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, tested=said)


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    tested: dict[str, Any] | None = None,
    checked: dict[str, Any] | None = None,
    template: str = "",
    done: str = "",
) -> Response:
    place = place_of(request)
    if actor.kind != place.kind:
        raise NotFound() if actor.kind == "client" else Forbidden()
    policy = await own_policy(tx, None if place is INSTALLATION else actor.business_id)
    unused, longest = sessions_last()
    return await page(
        request,
        tx,
        actor,
        template or place.template,
        status=feedback.status if feedback else 200,
        page="settings" if place is BUSINESS else "installation",
        setting="security",
        place="security",
        url=place.url,
        policy=policy,
        unused_days=unused.days,
        longest_days=longest.days,
        default=await own_policy(tx, None),
        without=await people_without(tx, actor.business_id) if actor.business_id else 0,
        lengths=spans(LENGTHS, policy.session_minutes),
        idle=spans(IDLE, policy.idle_minutes),
        providers=await providers(tx, actor),
        domains=await domains(tx, actor) if place is BUSINESS else [],
        claims=await claims(tx, actor, _after(request)) if place is INSTALLATION else None,
        coming_back=relying(request).origin + COMING_BACK,
        origin=relying(request).origin,
        feedback=feedback,
        tested=tested,
        checked=checked,
        done=done,
    )


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


ROUTES: list[BaseRoute] = [
    Route(place.url, endpoint, methods=[method])
    for place in (BUSINESS, INSTALLATION)
    for method, endpoint in (("GET", policy_page), ("POST", change))
]
PARTS: list[BaseRoute] = [Route(place.url, policy_part) for place in (BUSINESS, INSTALLATION)]
