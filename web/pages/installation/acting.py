"""Acting as somebody else: the browser goes over into a session as them, and lays its own aside until then."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.installation.impersonations import EndImpersonation, Impersonate, begin_impersonation, person_of
from people.sessions import actor_at_once
from store.errors import NotFound, Refusal
from web.asking import COOKIE, drop_session, keep_session
from web.commands import read_command
from web.page import Feedback, posted, text_of
from web.pages.installation import admins
from web.refusals import translate
from web.site import site_of

OWN = "hub_own_session"
LASTS_SECONDS = 2 * 3600


async def begin(request: Request) -> Response:
    """Act as whoever has the e-mail that a form says."""
    actor, form = await posted(request)
    own = request.cookies.get(COOKIE)
    if actor.kind != "superadmin" or own is None:
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
        return await admins.PLACE.again(request, feedback)
    response = RedirectResponse("/", 303)
    keep_session(request, response, token)
    secure = site_of(request).https or request.url.scheme == "https"
    response.set_cookie(OWN, own, max_age=LASTS_SECONDS, httponly=True, samesite="lax", secure=secure)
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
    own = request.cookies.get(OWN)
    actor = await actor_at_once(site_of(request).database, own) if own else None
    if own is None or actor is None or actor.kind != "superadmin":
        return None
    response = RedirectResponse(to, 303)
    keep_session(request, response, own)
    response.delete_cookie(OWN, httponly=True, samesite="lax")
    return response


ROUTES: list[BaseRoute] = [
    Route("/installation/impersonate", begin, methods=["POST"]),
    Route("/impersonation/end", end, methods=["POST"]),
]
