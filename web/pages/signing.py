"""Signing in and out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from people.sessions import sign_in, sign_out
from store.errors import NotSignedIn, Refusal, TooMany, _
from web.asking import address_of, asker, drop_session, keep_session
from web.csrf import check_csrf
from web.page import local, posted, strangers_page, text_of
from web.refusals import LANGUAGE_COOKIE, language_of, translate
from web.site import site_of
from web.translations import LANGUAGES

DEMO_PEOPLE = (
    {"who": _("An admin"), "email": "admin@atrium.example"},
    {"who": _("Ana, who works here"), "email": "ana@atrium.example"},
    {"who": _("Mihai, who works here"), "email": "mihai@atrium.example"},
    {"who": _("A client"), "email": "client@atrium.example"},
    {"who": _("Another business's admin"), "email": "admin@other.example"},
    {"who": _("Who runs the installation"), "email": "root@atrium.example"},
)


async def sign_in_page(request: Request) -> Response:
    """Ask who it is; who is signed in already goes on."""
    if await asker(request):
        return RedirectResponse(_next(request.query_params.get("next", "")), 303)
    response = _form(request, email=request.query_params.get("email", ""), onward=request.query_params.get("next", ""))
    chosen = request.query_params.get("language")
    if chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=365 * 86400, httponly=True, samesite="lax")
    return response


async def signing_in(request: Request) -> Response:
    """Sign in with a posted form."""
    form = await request.form()
    email, onward = text_of(form, "email").strip(), text_of(form, "next")
    site = site_of(request)
    try:
        check_csrf(request, text_of(form, "csrf"))
        _, token = await sign_in(
            site.database,
            email,
            text_of(form, "password"),
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
            limits=site.sign_in_limits,
        )
    except Refusal as refusal:
        return _refused(request, refusal, email, onward)
    response = RedirectResponse(_next(onward), 303)
    keep_session(request, response, token)
    return response


def _refused(request: Request, refusal: Refusal, email: str, onward: str) -> Response:
    error = translate(language_of(request), refusal)["message"]
    response = _form(request, email=email, onward=onward, error=error, status=refusal.status)
    if isinstance(refusal, TooMany):
        response.headers["retry-after"] = str(int(refusal.retry_after_seconds))
    return response


def _form(request: Request, *, email: str, onward: str, error: str | None = None, status: int = 200) -> Response:
    return strangers_page(
        request,
        "sign_in.html",
        status=status,
        email=email,
        onward=onward,
        error=error,
        people=DEMO_PEOPLE if site_of(request).demo else (),
        demo_password=site_of(request).demo_password,
    )


async def signing_out(request: Request) -> Response:
    """End the session by a posted form."""
    response = RedirectResponse("/sign-in", 303)
    try:
        actor, _ = await posted(request)
    except NotSignedIn:
        return response
    async with site_of(request).database.transaction(actor.within) as tx:
        await sign_out(tx, actor)
    drop_session(request, response)
    return response


def _next(address: str) -> str:
    return local(address) if not address.startswith("/sign-") else "/"
