"""Signing in with another service: going there, and coming back."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.journal import may_note, note
from people.rate_limits import RateLimit, of_network
from people.signing import oidc, pending_steps
from people.signing.factors import ways
from people.signing.identities import ProviderClaims, person_said
from people.signing.oidc import Journey, ProviderFailed
from people.signing.providers import Provider, offers
from people.signing.sentences import JOURNAL
from people.signing.sign_in import Proven, known_person, must_be_admitted
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Forbidden, NotFound, Refusal, TooMany, _
from store.scopes import EVERYWHERE
from web.cookies import cookie, drop_cookie
from web.page import strangers_page
from web.pages.signing.passkeys import relying
from web.pages.signing.sign_in import go_on, keep_step, refused_at_the_door, whence_of
from web.refusals import language_of
from web.site import site_of

COMING_BACK = "/sign-in/with/back"
COOKIE = "hub_provider"
MOST_OF_NETWORK = 600
"""So often may a network's people be sent to services in an hour: each time the service is asked where."""
SENT = RateLimit("provider.ask")


class NobodyHere(Forbidden):
    code = "nobody_here"
    message = _(
        "Nobody here has the email that the service reported, or it isn't verified there, or its domain "
        "isn't verified here. Sign in with your password, or ask an admin."
    )


async def choose(request: Request) -> Response:
    """Find the service of someone's organisation by the end of their e-mail address."""
    email, onward = request.query_params.get("email", "").strip(), request.query_params.get("next", "")
    found = []
    if "@" in email:
        async with site_of(request).database.reading(EVERYWHERE) as tx:
            found = await offers(tx, language_of(request), email)
    if len(found) == 1:
        return RedirectResponse(f"/sign-in/with/{found[0].id}?next={quote(onward)}", 303)
    return strangers_page(request, "signing/with.html", email=email, onward=onward, offers=found)


async def go(request: Request) -> Response:
    """Send someone to a service, to be asked there who they are: from a page of ours, not because another site leads
    them here, or they would come in as whom that site likes, unasked."""
    onward = request.query_params.get("next", "")
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return RedirectResponse(f"/sign-in?next={quote(onward)}", 303)
    site = site_of(request)
    async with site.database.reading(EVERYWHERE) as tx:
        provider = await _provider(tx, request.path_params["provider_id"])
    journey = oidc.begin_journey(relying(request).origin + COMING_BACK)
    try:
        if site.sign_in_limits is not None:
            await _count(site.database, whence_of(request))
        endpoints = await oidc.endpoints_of(provider)
    except ProviderFailed as refusal:
        await _note_failed(site.database, whence_of(request), provider, refusal.reason)
        return await refused_at_the_door(request, refusal)
    except TooMany as refusal:
        return await refused_at_the_door(request, refusal)
    about = {
        "provider_id": str(provider.id),
        "nonce": journey.nonce,
        "verifier": journey.verifier,
        "redirect_uri": journey.redirect_uri,
        "onward": onward,
    }
    async with site.database.transaction(EVERYWHERE) as tx:
        state = await pending_steps.begin(tx, "provider", about)
    response = RedirectResponse(oidc.address_to_ask(provider, endpoints, journey, state), 303)
    keep_step(request, response, state, name=COOKIE)
    return response


async def _count(database: Database, whence: Whence) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        await SENT.hit(tx, of_network(whence.address, MOST_OF_NETWORK))


async def come_back(request: Request) -> Response:
    """Let someone in who comes back from a service, if it says who they are and they are somebody here."""
    try:
        proven, onward = await _proven(request)
        response = await go_on(request, proven, onward)
    except Refusal as refusal:
        response = await refused_at_the_door(request, refusal)
    drop_cookie(request, response, COOKIE)
    return response


async def _proven(request: Request) -> tuple[Proven, str]:
    database, whence = site_of(request).database, whence_of(request)
    state = request.query_params.get("state", "")
    # Another browser's answer isn't ours: that is how one is signed in as somebody else without knowing.
    begun = await _begun(database, state) if state and state == cookie(request, COOKIE) else None
    if begun is None:
        await _note_failed(database, whence, None, "the state is another's, or too old")
        raise ProviderFailed("the state is another's, or too old")
    async with database.reading(EVERYWHERE) as tx:
        provider = await _provider(tx, begun["provider_id"])
    try:
        journey = Journey(begun["nonce"], begun["verifier"], begun["redirect_uri"])
        said = await oidc.said_by(provider, journey, dict(request.query_params))
    except ProviderFailed as refusal:
        await _note_failed(database, whence, provider, refusal.reason)
        raise
    return await _somebody(database, whence, provider, said), str(begun["onward"])


async def _somebody(database: Database, whence: Whence, provider: Provider, said: ProviderClaims) -> Proven:
    async with database.transaction(EVERYWHERE) as tx:
        person_id = await person_said(tx, provider, said)
        known = await known_person(tx, person_id) if person_id else None
        second = await ways(tx, person_id) if person_id else frozenset()
    if known is None:
        await _note_failed(database, whence, provider, "nobody here has this e-mail", email=said.email)
        raise NobodyHere()
    await must_be_admitted(database, known, whence)
    return Proven(known.id, known.email, "provider", second)


async def _begun(database: Database, state: str) -> dict[str, Any] | None:
    async with database.transaction(EVERYWHERE) as tx:
        return await pending_steps.end(tx, "provider", state)


async def _provider(tx: Any, provider_id: str) -> Provider:
    try:
        provider = await tx.get(Provider, UUID(provider_id))
    except ValueError as error:
        raise NotFound() from error
    if provider is None:
        raise NotFound()
    found: Provider = provider
    return found


async def _note_failed(
    database: Database, whence: Whence, provider: Provider | None, why: str, *, email: str = ""
) -> None:
    async with database.transaction(EVERYWHERE) as tx:
        if not await may_note(tx, JOURNAL["sign_in_failed"], whence.address):
            return
        note(
            tx,
            JOURNAL["sign_in_failed"],
            business_id=provider.business_id if provider else None,
            address=whence.address,
            agent=whence.agent,
            how="provider",
            why=why,
            provider=provider.name if provider else "",
            email=email[:200],
        )


ROUTES: list[BaseRoute] = [
    Route("/sign-in/with", choose),
    Route(COMING_BACK, come_back),
    Route("/sign-in/with/{provider_id}", go),
]
