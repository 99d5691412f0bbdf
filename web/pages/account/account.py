"""The account page: name, password, language, time zone, theme, and one's own sign-ins."""

from collections.abc import Mapping
from typing import Any

from people.actors import Actor
from people.devices import device
from people.mail.mail_settings import mail_works
from people.persons.emails import ChangeEmail, waiting_email
from people.persons.own_accounts import START_ROOM, ChangeAccount, account
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
from web.forms.command_forms import Asked
from web.forms.usual_fields import LANGUAGE, TIME_ZONE
from web.words.translations import translated

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


THEMES = (("auto", _("Same as the device")), ("light", _("Light")), ("dark", _("Dark")))
PROFILE = (
    Asked("name", _("Name"), _("Others see it in every room that you are in."), more={"autocomplete": "name"}),
    (LANGUAGE, Asked("theme", _("Theme"), choices=THEMES)),
    Asked("phone", _("Phone"), type="tel", more={"autocomplete": "tel"}),
    Asked(
        "address",
        _("Address"),
        _("Only those who manage staff see it."),
        rows=2,
        more={"autocomplete": "street-address"},
    ),
    TIME_ZONE,
    Asked(
        "start_page",
        _("After signing in, open"),
        _(
            "A page or one of your rooms. If it's no longer available, you start on your home page. Links always take "
            "you where they lead."
        ),
        choices="starts",
    ),
)
PROVING = {"autocomplete": "current-password"}
EMAIL = (
    Asked("email", _("You sign in with"), type="email", more={"autocomplete": "email", "maxlength": "254"}),
    Asked("password", _("Confirm with your password"), type="password", more=PROVING),
)
PASSWORD = (
    Asked("old_password", _("Current password"), type="password", more=PROVING),
    Asked(
        "new_password",
        _("New password"),
        _("At least 10 characters. You'll be signed out everywhere else, and your API tokens stop working."),
        type="password",
        more={"autocomplete": "new-password"},
    ),
)
PAGE = Page(
    "/account",
    "account/account.html",
    reads,
    forms=(
        Form(ChangeAccount, at="profile", fields=PROFILE),
        Form(ChangeEmail, at="email", fields=EMAIL),
        Form(ChangePassword, at="password", fields=PASSWORD),
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
