"""Pages for those who come by a link in a letter, and for those who forgot their password. Nobody is signed in here."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.installation.registrations import confirm_registration, registration_by
from people.languages import LANGUAGES
from people.mail.links import LinkDead
from people.mail.mail_settings import mail_works
from people.persons.emails import confirm_email, email_by
from people.persons.invitation_links import Invited, accept_invitation, invited_by
from people.persons.resets import ask_for_reset, complete_reset, reset_by
from people.signing.throttling import Whence
from store.database import Database
from store.errors import Forbidden, Refusal
from store.scopes import EVERYWHERE
from web.authentication import asker, begin_session
from web.csrf import check_csrf
from web.page import strangers_page, text_of
from web.pages.signing.sign_in import whence_of
from web.refusals import language_of, translate, with_pause
from web.request_limits import FOR_STRANGERS, form_of
from web.site import site_of


async def invitation_page(request: Request) -> Response:
    """Say who invites to what, and ask for a password."""
    await asker(request)
    try:
        invited = await invited_by(site_of(request).database, _secret(request), whence_of(request))
    except LinkDead as refusal:
        return _dead(request, refusal, "invitation")
    return _invitation(request, invited)


async def accepting(request: Request) -> Response:
    """Take the password from a posted form, and let them in."""
    await asker(request)
    form = await form_of(request)
    database, secret, whence = site_of(request).database, _secret(request), whence_of(request)
    try:
        invited = await invited_by(database, secret, whence)
    except LinkDead as refusal:
        return _dead(request, refusal, "invitation")
    chosen = text_of(form, "language")
    language = chosen if chosen in LANGUAGES else invited.language
    try:
        check_csrf(request, text_of(form, "csrf"))
        _actor, token = await accept_invitation(database, secret, text_of(form, "password"), language, whence)
    except LinkDead as refusal:
        return _dead(request, refusal, "invitation")
    except Refusal as refusal:
        if isinstance(refusal, Forbidden) and refusal.code != "form_outdated":
            return _said(request, refusal)
        return _invitation(request, invited, refusal, language)
    response = RedirectResponse("/", 303)
    await begin_session(request, response, token)
    return response


def _invitation(
    request: Request, invited: Invited, refusal: Refusal | None = None, language: str | None = None
) -> Response:
    return _page(
        request, "signing/links/invitation.html", refusal, invited=invited, chosen=language or invited.language
    )


async def forgotten_page(request: Request) -> Response:
    """Ask for the e-mail of who forgot their password."""
    await asker(request)
    return await _forgotten(request, email=request.query_params.get("email", ""))


async def forgetting(request: Request) -> Response:
    """Have a letter sent, if the e-mail is anybody's; the answer is the same."""
    await asker(request)
    form = await form_of(request)
    site, email = site_of(request), text_of(form, "email").strip()
    try:
        check_csrf(request, text_of(form, "csrf"))
        await ask_for_reset(site.database, email, whence_of(request), limited=site.sign_in_limits is not None)
    except Refusal as refusal:
        return await _forgotten(request, refusal, email=email)
    return RedirectResponse("/reset?sent=1", 303)


async def _forgotten(request: Request, refusal: Refusal | None = None, *, email: str) -> Response:
    async with site_of(request).database.reading(EVERYWHERE) as tx:
        works = await mail_works(tx)
    return _page(request, "signing/links/forgotten.html", refusal, email=email, mail_works=works)


async def reset_page(request: Request) -> Response:
    """Ask for a new password."""
    await asker(request)
    try:
        email = await reset_by(site_of(request).database, _secret(request), whence_of(request))
    except LinkDead as refusal:
        return _dead(request, refusal, "reset")
    return _page(request, "signing/links/reset.html", email=email)


async def resetting(request: Request) -> Response:
    """Take the new password from a posted form."""
    await asker(request)
    form = await form_of(request)
    database, secret, whence = site_of(request).database, _secret(request), whence_of(request)
    try:
        email = await reset_by(database, secret, whence)
        check_csrf(request, text_of(form, "csrf"))
        await complete_reset(database, secret, text_of(form, "password"), whence)
    except LinkDead as refusal:
        return _dead(request, refusal, "reset")
    except Refusal as refusal:
        return _page(request, "signing/links/reset.html", refusal, email=email)
    return RedirectResponse("/reset?done=1", 303)


async def email_page(request: Request) -> Response:
    """Ask whether a new e-mail is to hold."""
    return await _confirmation(request, "email", email_by)


async def confirming(request: Request) -> Response:
    """Let the new e-mail hold, by a posted form."""
    return await _confirmation(request, "email", email_by, confirm_email)


async def registration_page(request: Request) -> Response:
    """Ask whoever registered to confirm their e-mail."""
    return await _confirmation(request, "registration", registration_by)


async def confirming_registration(request: Request) -> Response:
    """Take the e-mail of a registration for confirmed, by a posted form."""
    return await _confirmation(request, "registration", registration_by, confirm_registration)


Look = Callable[[Database, str], Awaitable[Any]]
Confirm = Callable[[Database, str, Whence], Awaitable[object]]


async def _confirmation(request: Request, purpose: str, look: Look, confirm: Confirm | None = None) -> Response:
    """Ask by a link's page, or with ``confirm`` take the posted yes: mail programs open links by themselves, but press
    no buttons."""
    await asker(request)
    database, secret, template = site_of(request).database, _secret(request), f"signing/links/{purpose}.html"
    try:
        found = await look(database, secret)
    except LinkDead as refusal:
        return _dead(request, refusal, purpose)
    if confirm is None:
        return _page(request, template, found=found, done=False)
    form = await form_of(request)
    try:
        check_csrf(request, text_of(form, "csrf"))
        await confirm(database, secret, whence_of(request))
    except LinkDead as refusal:
        return _dead(request, refusal, purpose)
    except Refusal as refusal:
        return _page(request, template, refusal, found=found, done=False)
    return _page(request, template, found=found, done=True)


def _secret(request: Request) -> str:
    return str(request.path_params["secret"])


def _dead(request: Request, refusal: LinkDead, purpose: str) -> Response:
    return _page(request, "signing/links/dead.html", refusal, purpose=purpose)


def _said(request: Request, refusal: Refusal) -> Response:
    return _page(request, "signing/links/said.html", refusal)


def _page(request: Request, template: str, refusal: Refusal | None = None, **context: Any) -> Response:
    said = translate(language_of(request), refusal) if refusal else {}
    response = strangers_page(
        request,
        template,
        status=refusal.status if refusal else 200,
        error=said.get("message"),
        faults=said.get("fields", {}),
        **context,
    )
    response.headers["cache-control"] = "no-store"
    return with_pause(response, refusal)


ROUTES: list[BaseRoute] = [
    Route("/invitation/{secret}", invitation_page),
    Route("/invitation/{secret}", accepting, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/email/{secret}", email_page),
    Route("/email/{secret}", confirming, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/registration/{secret}", registration_page),
    Route("/registration/{secret}", confirming_registration, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/reset", forgotten_page),
    Route("/reset", forgetting, methods=["POST"], middleware=FOR_STRANGERS),
    Route("/reset/{secret}", reset_page),
    Route("/reset/{secret}", resetting, methods=["POST"], middleware=FOR_STRANGERS),
]
