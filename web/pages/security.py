"""How one signs in: codes by an app, passkeys, recovery codes, and other services that say who one is."""

import io

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.signing.authenticators import ConfirmAuthenticator, RemoveAuthenticator, StartAuthenticator, own_codes
from people.signing.identities import UnlinkIdentity, own_identities
from people.signing.passkeys import RemovePasskey, RenamePasskey, own_passkeys
from people.signing.recovery import RenewRecoveryCodes
from store.database import Transaction
from store.errors import NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of

COMMANDS = {
    StartAuthenticator.wire_name: "codes",
    ConfirmAuthenticator.wire_name: "codes",
    RemoveAuthenticator.wire_name: "codes",
    RenewRecoveryCodes.wire_name: "recovery",
    RenamePasskey.wire_name: "passkeys",
    RemovePasskey.wire_name: "passkeys",
    UnlinkIdentity.wire_name: "identities",
}
"""What may be posted here, and where on the page its outcome is said."""


async def security_page(request: Request) -> Response:
    """Show how one signs in."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, done=request.query_params.get("done", ""))


async def security_part(request: Request) -> Response:
    """What of it changes when something was set up in another window."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/security.html")


async def change(request: Request) -> Response:
    """Change it by a posted form. Recovery codes are shown in the answer itself: nowhere can they be read again."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    fresh = outcome.result.get("recovery_codes") if not isinstance(outcome, Feedback) and outcome.result else None
    if not isinstance(outcome, Feedback) and not fresh:
        return RedirectResponse(f"/account/security?done={name}#{COMMANDS[name]}", 303)
    async with signed_in(request) as (tx, again):
        feedback = outcome if isinstance(outcome, Feedback) else None
        return await _draw(request, tx, again, feedback=feedback, fresh=fresh, done=name if fresh else "")


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    template: str = "account_security.html",
    feedback: Feedback | None = None,
    fresh: list[str] | None = None,
    done: str = "",
) -> Response:
    codes = await own_codes(tx, actor)
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="account",
        needed=actor.second_factor_needed,
        codes=codes,
        qr=qr(codes.setup.uri) if codes.setup and codes.setup.uri else None,
        passkeys=await own_passkeys(tx, actor),
        identities=await own_identities(tx, actor),
        fresh=fresh,
        feedback=feedback,
        done=done,
    )


def qr(text: str) -> Markup:
    """This is a text as a QR code, black on white whatever the theme: phones read no other."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, dark="#000", light="#fff", omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, of squares alone


ROUTES: list[BaseRoute] = [
    Route("/account/security", security_page),
    Route("/account/security", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/security", security_part)]
