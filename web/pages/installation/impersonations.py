"""Acting as somebody else: the browser goes over into a session as them, and lays its own aside until then. No declared
page does that, since its answer is another session's cookie."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from commands.faults import read_command
from people.actors import Actor
from people.installation.impersonations import LASTS, EndImpersonation, Impersonate, begin_impersonation, person_of
from people.signing.session_ends import sign_out
from people.signing.sessions import actor_at_once
from store.errors import NotFound, Refusal
from web.authentication import OWN, coming_from, drop_session, go_over, keep_session, session_cookie
from web.cookies import cookie
from web.page import Feedback, posted, text_of
from web.pages.installation import admins
from web.refusals import translate
from web.site import site_of

LATE = timedelta(hours=1)
"""So long after its hour an acting that ran out still leads back to oneself."""


async def begin(request: Request) -> Response:
    """Act as whoever has the e-mail that a form says."""
    actor, form = await posted(request)
    if actor.kind != "superadmin" or session_cookie(request) is None:
        raise NotFound()
    given = {"email": text_of(form, "whom").strip(), "reason": text_of(form, "reason").strip()}
    try:
        async with site_of(request).database.asked_by(actor) as tx:
            person_id = await person_of(tx, given["email"])
            wish = read_command(Impersonate, {"person_id": str(person_id), "reason": given["reason"]})
            token = await begin_impersonation(tx, actor, wish)
    except Refusal as refusal:
        said = translate(actor.language, refusal)
        feedback = Feedback("impersonate", said["message"], refusal.status, said.get("fields", {}), given)
        return await admins.PAGE.shown(request, feedback=feedback)
    response = RedirectResponse("/", 303)
    go_over(request, response, token, LASTS + LATE)
    return response


async def end(request: Request) -> Response:
    """Stop acting as somebody else, and be oneself again."""
    actor, _form = await posted(request)
    await site_of(request).commands.run(actor, EndImpersonation.wire_name, {})
    back = await come_back(request, "/installation/admins")
    if back is not None:
        return back
    response = RedirectResponse("/sign-in", 303)
    drop_session(request, response)
    return response


async def come_back(request: Request, to: str = "/") -> Response | None:
    """Take up the session that was laid aside, if there is one and it lives."""
    own = cookie(request, OWN)
    if own is None or await laid_aside(request) is None:
        return None
    response = RedirectResponse(to, 303)
    keep_session(request, response, own)
    return response


async def laid_aside(request: Request) -> Actor | None:
    """This is who laid their own session aside in this browser, if that lives."""
    own = cookie(request, OWN)
    actor = await actor_at_once(site_of(request).database, own) if own else None
    return actor if actor is not None and actor.kind == "superadmin" else None


async def end_laid_aside(request: Request) -> None:
    """Sign out whoever laid their own session aside in this browser."""
    actor = coming_from(request, await laid_aside(request))
    if actor is not None:
        async with site_of(request).database.asked_by(actor) as tx:
            await sign_out(tx, actor)


ROUTES: list[BaseRoute] = [
    Route("/installation/impersonate", begin, methods=["POST"]),
    Route("/impersonation/end", end, methods=["POST"]),
]
