"""Every page of the installation, at a glance."""

from starlette.routing import BaseRoute, Route

from web.pages.installation import acting, admins, businesses, first, general, mail, updates, vocabulary

ROUTES: list[BaseRoute] = [
    Route("/installation", first),
    *general.PLACE.routes,
    *businesses.PLACE.routes,
    *admins.ROUTES,
    *vocabulary.ROUTES,
    *mail.PLACE.routes,
    *updates.PLACE.routes,
    *acting.ROUTES,
]
PARTS: list[BaseRoute] = [*businesses.PLACE.parts, *admins.PLACE.parts, *mail.PLACE.parts, *updates.PLACE.parts]
