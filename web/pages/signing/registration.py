"""Registering a business: for anyone, where the installation lets them. A superadmin's yes opens it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from commands.faults import read_command
from people.installation.registrations import RegisterBusiness, register
from people.installations import current
from people.mail.mail_settings import mail_works
from store.errors import NotFound, Refusal
from store.scopes import EVERYWHERE
from web.authentication import address_of, asker
from web.csrf import check_csrf
from web.page import fields_of, kept, strangers_page, text_of
from web.refusals import language_of, translate, with_pause
from web.request_limits import FOR_STRANGERS, form_of
from web.site import site_of
from web.words.zones import zones


async def register_page(request: Request) -> Response:
    """Show the form, or that it was sent. It isn't there where nobody may register."""
    if await asker(request):
        return RedirectResponse("/", 303)
    if not current().registration_open:
        raise NotFound()
    return await _page(request, sent="sent" in request.query_params)


async def registering(request: Request) -> Response:
    """Take a posted form. The answer is the same whether the e-mail is known or not."""
    await asker(request)
    site, form = site_of(request), await form_of(request)
    fields = fields_of(RegisterBusiness, form)
    try:
        check_csrf(request, text_of(form, "csrf"))
        wish = read_command(RegisterBusiness, fields)
        limited = site.sign_in_limits is not None
        await register(site.database, wish, address=address_of(request), limited=limited)
    except Refusal as refusal:
        said = translate(language_of(request), refusal)
        shown = {"error": said["message"], "faults": said.get("fields", {}), "values": kept(fields)}
        return with_pause(await _page(request, status=refusal.status, **shown), refusal)
    return RedirectResponse("/register?sent", 303)


async def _page(request: Request, *, status: int = 200, sent: bool = False, **shown: Any) -> Response:
    async with site_of(request).database.reading(EVERYWHERE) as tx:
        given = {"error": None, "faults": {}, "values": {}, "mail_works": await mail_works(tx)} | shown
    return strangers_page(request, "signing/registration.html", status=status, sent=sent, zones=zones(), **given)


ROUTES: list[BaseRoute] = [
    Route("/register", register_page),
    Route("/register", registering, methods=["POST"], middleware=FOR_STRANGERS),
]
