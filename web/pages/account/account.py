"""The account page: name, password, language, time zone, theme, and one's own sign-ins."""

from collections.abc import Mapping
from typing import Any

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
from store.errors import _
from web.declared import Form, LivePart, Page, Visit
from web.feeds import feed_shown
from web.words.translations import translated
from web.words.zones import zones

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


async def reads(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    return {
        "account": await account(tx, actor),
        "waiting_email": await waiting_email(tx, actor),
        "mail_works": await mail_works(tx),
        "zones": zones(),
        "starts": await _starts(tx, actor),
        **await reads_sessions(visit),
        **await feed_shown(visit.request, tx, actor),
    }


async def reads_sessions(visit: Visit) -> Mapping[str, Any]:
    tx, actor = visit.tx, visit.actor
    return {"sessions": await _sessions(tx, actor), "devices": await _devices(tx, actor)}


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


PAGE = Page(
    "/account",
    "account/account.html",
    reads,
    forms=(
        Form(ChangeAccount, at="profile"),
        Form(ChangeEmail, at="email"),
        Form(ChangePassword, at="password"),
        Form(RevokeSession, at="sessions"),
        Form(RevokeOtherSessions, at="sessions"),
        Form(RevokeAllSessions, at="sessions"),
        Form(ForgetDevice, at="devices"),
        Form(RenewCalendarFeed, at="feed"),
        Form(RemoveCalendarFeed, at="feed"),
    ),
    at="account",
    parts=(LivePart("/sessions", "account/sessions_part.html", reads_sessions),),
)
