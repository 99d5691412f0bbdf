"""Every page of the installation, at a glance."""

from starlette.routing import BaseRoute, Route

from web.pages.installation import first, general

ROUTES: list[BaseRoute] = [Route("/installation", first), *general.PLACE.routes]
PARTS: list[BaseRoute] = []
