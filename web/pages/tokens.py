"""API tokens: one's own, to make, look at and revoke."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.signing.tokens import OFFERED, MakeApiToken, RevokeApiToken, api_tokens
from store.database import Transaction
from store.errors import NotFound, _
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.words.formatting import zone_named

COMMANDS = (MakeApiToken.wire_name, RevokeApiToken.wire_name)
AREAS = {
    "rooms": _("Rooms: wall, tasks, time, files"),
    "people": _("People, roles and departments"),
    "companies": _("Companies and clients"),
    "leave": _("Leave and holidays"),
    "business": _("The business's own settings"),
    "account": _("Your own account and notices"),
    "installation": _("The installation"),
}
SCOPE_WORDS = {
    "rooms:read": _("Read rooms"),
    "rooms:write": _("Work in rooms"),
    "people:read": _("Read people"),
    "people:write": _("Manage people"),
    "companies:read": _("Read companies"),
    "companies:write": _("Manage companies"),
    "leave:read": _("Read leave"),
    "leave:write": _("Request leave and decide on it"),
    "business:read": _("Read the business's settings"),
    "business:write": _("Change the business's settings"),
    "account:read": _("Read your account"),
    "account:write": _("Change your account"),
    "installation:read": _("Read the installation's settings"),
    "installation:write": _("Run the installation"),
}


async def tokens_page(request: Request) -> Response:
    """Show one's own tokens."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, done=request.query_params.get("done", ""))


async def tokens_part(request: Request) -> Response:
    """The list by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/tokens.html")


async def change(request: Request) -> Response:
    """Make or revoke one by a posted form. The secret is shown in the answer itself: nowhere can it be read again."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if not isinstance(outcome, Feedback) and name == RevokeApiToken.wire_name:
        return RedirectResponse(f"/account/tokens?done={name}", 303)
    async with signed_in(request) as (tx, again):
        if isinstance(outcome, Feedback):
            return await _draw(request, tx, again, feedback=outcome)
        return await _draw(request, tx, again, secret=outcome.result["secret"])


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    template: str = "account_tokens.html",
    feedback: Feedback | None = None,
    secret: str | None = None,
    done: str = "",
) -> Response:
    shown: dict[str, Any] = {
        "tokens": await api_tokens(tx, actor),
        "areas": [(area, AREAS[area]) for area in OFFERED[actor.kind]],
        "scope_words": SCOPE_WORDS,
    }
    response = await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="account",
        feedback=feedback,
        secret=secret,
        done=done,
        today=tx.now.astimezone(zone_named(actor.time_zone)).date().isoformat(),
        **shown,
    )
    if secret:
        response.headers["cache-control"] = "no-store"
    return response


ROUTES: list[BaseRoute] = [
    Route("/account/tokens", tokens_page),
    Route("/account/tokens", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/tokens", tokens_part)]
