"""Every page at a glance: the declared ones, and what is none and has routes of its own."""

from starlette.routing import BaseRoute

from web.declared import Declared, parts_of, routes_of
from web.pages import acts, companies, departments, group, help_pages, home, journal
from web.pages.account import account, security, tokens
from web.pages.installation import impersonations, vocabulary
from web.pages.installation import menu as installation
from web.pages.leave import calendars, leave
from web.pages.people import employee_records, people, person, person_acts
from web.pages.rooms import room, rooms
from web.pages.settings import logos, policies
from web.pages.settings import menu as settings
from web.pages.signing import links, passkeys, providers, registration, sign_in

PAGES: tuple[Declared, ...] = (
    home.PAGE,
    rooms.PAGE,
    rooms.NEW,
    people.PAGE,
    people.NEW,
    person.PAGE,
    *person_acts.PAGES,
    employee_records.PAGE,
    companies.PAGE,
    companies.ONE,
    departments.PAGE,
    leave.PAGE,
    group.PAGE,
    journal.PAGE,
    account.PAGE,
    security.PAGE,
    tokens.PAGE,
    *help_pages.PAGES,
    settings.MENU,
    *settings.PAGES,
    installation.MENU,
    *installation.PAGES,
    policies.INSTALLATION,
)
OF_THEIR_OWN: list[BaseRoute] = [
    *sign_in.ROUTES,
    *passkeys.ROUTES,
    *providers.ROUTES,
    *registration.ROUTES,
    *links.ROUTES,
    *room.ROUTES,
    *acts.ROUTES,
    *impersonations.ROUTES,
    *logos.ROUTES,
    *vocabulary.ROUTES,
    *calendars.ROUTES,
]
ROUTES: list[BaseRoute] = sorted(
    [*routes_of(PAGES), *OF_THEIR_OWN], key=lambda route: not getattr(route, "path", "").startswith("/rooms")
)
"""Rooms' first, in their order: they are asked for most, and each route is tried in turn."""
PARTS: list[BaseRoute] = parts_of(PAGES)
"""Pieces of pages, drawn again when something happened: what <live-part> asks for."""
