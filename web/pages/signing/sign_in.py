"""Signing in, in one step or two, and out."""

from collections.abc import Mapping
from datetime import timedelta
from shlex import quote
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.installation.impersonations import step_out
from people.mail.mail_settings import mail_works
from people.persons.superadmins import somebody_is_there
from people.profiles import welcome
from people.signing import pending_steps
from people.signing.domains.domains import some_are_proven
from people.signing.factors import Factor
from people.signing.proof_of_work import WorkNeeded
from people.signing.providers import offers
from people.signing.sign_in import Proven, enter, prove_code, prove_password
from people.signing.throttling import Whence, challenge_for
from rooms.landing_pages import HOME, start_of
from store.errors import Malformed, NotSignedIn, Refusal, _
from store.scopes import EVERYWHERE
from web.authentication import address_of, asker, begin_session, device_of, drop_session
from web.cookies import cookie, drop_cookie, keep_cookie
from web.csrf import check_csrf
from web.page import local, posted, strangers_page, text_of
from web.pages.installation.impersonations import come_back, end_laid_aside
from web.refusals import LANGUAGE_COOKIE, in_words, language_of, soon, translate, with_pause
from web.request_limits import FOR_STRANGERS, form_of, json_object, plain_text
from web.site import site_of
from web.words.translations import LANGUAGES, translated

DEMO_PEOPLE = (
    {"who": _("An admin"), "email": "admin@atrium.example"},
    {"who": _("Ana, who works here"), "email": "ana@atrium.example"},
    {"who": _("Mihai, who works here"), "email": "mihai@atrium.example"},
    {"who": _("A client"), "email": "client@atrium.example"},
    {"who": _("An admin of another business"), "email": "admin@other.example"},
    {"who": _("Superadmin"), "email": "root@atrium.example"},
)
STEP = "hub_step"
TOO_LONG = _("That took too long. Please sign in again.")
SLOWED_DOWN = _(
    "Too many wrong attempts for this account. Try again %(soon)s, or use “Forgot password?” below to get a reset link."
)
SLOWED_DOWN_WITHOUT_MAIL = _(
    "Too many wrong attempts for this account. Try again %(soon)s, or ask an admin of your business."
)
"""To whom the page's script did no work for."""


async def sign_in_page(request: Request) -> Response:
    """Ask who it is; who is signed in already goes on."""
    if await asker(request):
        return RedirectResponse(_next(request.query_params.get("next", "")), 303)
    if back := await come_back(request):
        return back
    query = request.query_params
    error = translated(language_of(request), TOO_LONG) if "again" in query else None
    response = await _form(request, email=query.get("email", ""), onward=query.get("next", ""), error=error)
    chosen = request.query_params.get("language")
    if chosen in LANGUAGES:
        keep_cookie(request, response, LANGUAGE_COOKIE, chosen, timedelta(days=365))
    return response


async def signing_in(request: Request) -> Response:
    """Sign in with a posted form."""
    form = await form_of(request)
    email, onward = text_of(form, "email").strip(), text_of(form, "next")
    site, whence = site_of(request), whence_of(request)
    try:
        check_csrf(request, text_of(form, "csrf"))
        password, solution = text_of(form, "password"), text_of(form, "solution")
        proven = await prove_password(site.database, email, password, whence, site.sign_in_limits, solution)
        return await go_on(request, proven, onward)
    except Refusal as refusal:
        return await _refused(request, refusal, email, onward)


async def asking_for_work(request: Request) -> Response:
    """Say what work another try for an e-mail takes, if any: a browser with script does it before it sends the form."""
    email = (await json_object(request)).get("email")
    if not isinstance(email, str):
        raise Malformed()
    site, whence = site_of(request), whence_of(request)
    work = await challenge_for(site.database, plain_text(email), whence, site.sign_in_limits)
    return JSONResponse({"ok": True, "challenge": work})


async def go_on(request: Request, proven: Proven, onward: str) -> Response:
    """Let someone in who has proved one factor, or send them on to the second step."""
    database = site_of(request).database
    if not proven.ways:
        return await let_in(request, proven.person_id, proven.factor, onward)
    about = {
        "person_id": str(proven.person_id),
        "email": proven.email,
        "factor": proven.factor,
        "ways": sorted(proven.ways),
        "onward": onward,
    }
    async with database.transaction(EVERYWHERE) as tx:
        token = await pending_steps.begin(tx, "second_step", about)
    response = RedirectResponse("/sign-in/code", 303)
    keep_step(request, response, token)
    return response


async def let_in(request: Request, person_id: UUID, factor: Factor, onward: str) -> Response:
    """Open a session, and go on to where they wanted to be; who wanted to be nowhere begins on the page they chose."""
    database = site_of(request).database
    actor, token = await enter(database, person_id, factor, whence_of(request))
    address = _next(onward)
    if address == HOME:
        async with database.reading(actor.within) as tx:
            address = await start_of(tx, actor)
    response = RedirectResponse(address, 303)
    await begin_session(request, response, token)
    return response


async def code_page(request: Request) -> Response:
    """Ask for the second factor."""
    step = await begun_step(request)
    return _begin_again(request) if step is None else _code_form(request, step)


async def giving_code(request: Request) -> Response:
    """Take the second factor's code from a posted form."""
    form = await form_of(request)
    site, whence = site_of(request), whence_of(request)
    step = await begun_step(request)
    if step is None:
        return _begin_again(request)
    try:
        check_csrf(request, text_of(form, "csrf"))
        factor = await prove_code(site.database, proven_by(step), text_of(form, "code"), whence, site.sign_in_limits)
        return await finish_step(request, step, factor)
    except Refusal as refusal:
        return with_pause(_code_form(request, step, refusal), refusal)


async def finish_step(request: Request, step: Mapping[str, Any], factor: Factor) -> Response:
    """Let someone in who has taken the second step; the step is over."""
    response = await let_in(request, UUID(step["person_id"]), factor, step["onward"])
    async with site_of(request).database.transaction(EVERYWHERE) as tx:
        await pending_steps.end(tx, "second_step", cookie(request, STEP) or "")
    drop_cookie(request, response, STEP)
    return response


async def begun_step(request: Request) -> dict[str, Any] | None:
    """This is what this browser's first step proved, if it was taken not long ago."""
    token = cookie(request, STEP)
    if not token:
        return None
    async with site_of(request).database.reading(EVERYWHERE) as tx:
        return await pending_steps.look(tx, "second_step", token)


def proven_by(step: Mapping[str, Any]) -> Proven:
    return Proven(UUID(step["person_id"]), step["email"], step["factor"], frozenset(step["ways"]))


def keep_step(request: Request, response: Response, token: str, *, name: str = STEP) -> None:
    """Give the browser what says that it has begun something: taken the first step, by default."""
    keep_cookie(request, response, name, token, pending_steps.LIVES)


def whence_of(request: Request) -> Whence:
    return Whence(address_of(request), request.headers.get("user-agent", ""), device_of(request))


def _code_form(request: Request, step: Mapping[str, Any], refusal: Refusal | None = None) -> Response:
    return strangers_page(
        request,
        "signing/code.html",
        status=refusal.status if refusal else 200,
        email=step["email"],
        ways=step["ways"],
        error=translate(language_of(request), refusal)["message"] if refusal else None,
    )


def _begin_again(request: Request) -> Response:
    response = RedirectResponse("/sign-in?again=1", 303)
    drop_cookie(request, response, STEP)
    return response


async def refused_at_the_door(request: Request, refusal: Refusal) -> Response:
    """This is the sign-in page with what was refused on another way in."""
    return await _refused(request, refusal, "", "")


async def _refused(request: Request, refusal: Refusal, email: str, onward: str) -> Response:
    error = await _why(request, refusal)
    form = await _form(request, email=email, onward=onward, error=error, status=refusal.status)
    return with_pause(form, refusal)


async def _why(request: Request, refusal: Refusal) -> str:
    language = language_of(request)
    if not isinstance(refusal, WorkNeeded):
        return str(translate(language, refusal)["message"])
    async with site_of(request).database.reading(EVERYWHERE) as tx:
        letters = await mail_works(tx)
    return in_words(language, SLOWED_DOWN if letters else SLOWED_DOWN_WITHOUT_MAIL, {"soon": soon(refusal)})


async def _form(request: Request, *, email: str, onward: str, error: str | None = None, status: int = 200) -> Response:
    site = site_of(request)
    async with site.database.reading(EVERYWHERE) as tx:
        site.somebody_is_there = site.somebody_is_there or await somebody_is_there(tx)
        offered, organisations = await offers(tx, language_of(request)), await some_are_proven(tx)
        house = await welcome(tx)
    return strangers_page(
        request,
        "signing/sign_in.html",
        status=status,
        email=email,
        onward=onward,
        error=error,
        offers=offered,
        organisations=organisations,
        house=house,
        nobody=not site.somebody_is_there,
        data_dir=quote(site.data_dir),
        people=DEMO_PEOPLE if site.demo else (),
        demo_password=site.demo_password,
    )


async def signing_out(request: Request) -> Response:
    """End the session by a posted form."""
    response = RedirectResponse("/sign-in", 303)
    try:
        actor, _ = await posted(request)
    except NotSignedIn:
        await end_laid_aside(request)
        drop_session(request, response)
        return response
    async with site_of(request).database.asked_by(actor) as tx:
        await step_out(tx, actor)
    drop_session(request, response)
    return response


def _next(address: str) -> str:
    return local(address) if not address.startswith("/sign-") else "/"


ROUTES: list[BaseRoute] = [
    Route("/sign-in", sign_in_page),
    Route("/sign-in", signing_in, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/sign-in/challenge", asking_for_work, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/sign-in/code", code_page),
    Route("/sign-in/code", giving_code, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/sign-out", signing_out, methods=["POST"]),
]
