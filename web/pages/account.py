"""The account page: name, password, language, time zone, theme, and one's own sign-ins."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from people.actors import Actor
from people.devices import device
from people.mail.mail_settings import mail_works
from people.persons.emails import ChangeEmail, waiting_email
from people.persons.persons import START_ROOM, ChangeAccount, account
from people.signing.access import ChangePassword, RevokeAllSessions, RevokeOtherSessions
from people.signing.known_devices import ForgetDevice, own_devices
from people.signing.session_ends import RevokeSession
from people.signing.sessions import sessions
from rooms.landing_pages import places
from rooms.rooms import rooms
from staff.leave.feeds import RemoveCalendarFeed, RenewCalendarFeed
from store.database import Transaction
from store.errors import NotFound, _
from web.authentication import signed_in
from web.feeds import feed_shown
from web.page import Feedback, page, perform, posted, text_of
from web.words.translations import translated
from web.words.zones import zones

COMMANDS = {
    command.wire_name: place
    for command, place in (
        (ChangeAccount, "profile"),
        (ChangeEmail, "email"),
        (ChangePassword, "password"),
        (RevokeSession, "sessions"),
        (RevokeOtherSessions, "sessions"),
        (RevokeAllSessions, "sessions"),
        (ForgetDevice, "devices"),
        (RenewCalendarFeed, "feed"),
        (RemoveCalendarFeed, "feed"),
    )
}
"""What may be posted here, and where on the page its outcome is said."""
ROOMS_TO_BEGIN_IN = 100
STARTS = {
    "home": _("Home"),
    "rooms": _("Rooms"),
    "people": _("People"),
    "companies": _("Companies"),
    "departments": _("Departments"),
    "leave": _("Leave"),
}
WAYS = {
    "password": _("with a password"),
    "provider": _("with another service"),
    "code": _("with a password and code"),
    "recovery_code": _("with a recovery code"),
    "passkey": _("with a passkey"),
}


async def account_page(request: Request) -> Response:
    """Show one's own account."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, done=request.query_params.get("done", ""))


async def change(request: Request) -> Response:
    """Change it by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/account?done={name}#{COMMANDS[name]}", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


async def own_sessions(request: Request) -> Response:
    """The part of the page that shows one's sign-ins."""
    async with signed_in(request) as (tx, actor):
        known, devices = await _sessions(tx, actor), await _devices(tx, actor)
        return await page(request, tx, actor, "parts/sessions.html", sessions=known, devices=devices)


async def _draw(
    request: Request, tx: Transaction, actor: Actor, *, feedback: Feedback | None = None, done: str = ""
) -> Response:
    return await page(
        request,
        tx,
        actor,
        "account.html",
        status=feedback.status if feedback else 200,
        page="account",
        account=await account(tx, actor),
        waiting_email=await waiting_email(tx, actor),
        mail_works=await mail_works(tx),
        sessions=await _sessions(tx, actor),
        devices=await _devices(tx, actor),
        zones=zones(),
        starts=await _starts(tx, actor),
        **await feed_shown(request, tx, actor),
        feedback=feedback,
        done=done,
    )


async def _starts(tx: Transaction, actor: Actor) -> list[tuple[str, str]]:
    """The pages on which the asker may begin, with their names; the open rooms that they see after them."""
    found = [(place, translated(actor.language, STARTS[place])) for place in places(actor)]
    if actor.business_id is not None:
        found += [(f"{START_ROOM}{room.id}", room.title) for room in await rooms(tx, actor, limit=ROOMS_TO_BEGIN_IN)]
    return found


async def _sessions(tx: Transaction, actor: Actor) -> list[dict[str, Any]]:
    return [
        session.model_dump() | {"device": device(session.agent), "way": WAYS.get(session.factor, session.factor)}
        for session in await sessions(tx, actor)
    ]


async def _devices(tx: Transaction, actor: Actor) -> list[dict[str, Any]]:
    return [known.model_dump() | {"device": device(known.agent)} for known in await own_devices(tx, actor)]
