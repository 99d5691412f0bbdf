"""The settings: which of its pages someone may open, and the way to the first of them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from store.errors import Forbidden, NotFound
from web.authentication import must_be_signed_in
from web.pages import first_steps, processes, profile, services


async def settings(request: Request) -> Response:
    """Go to the first page of the settings that one may open."""
    return RedirectResponse(_first(await must_be_signed_in(request)), 303)


def _first(actor: Actor) -> str:
    if not actor.of_the_team:
        raise NotFound()
    if actor.kind == "admin":
        return "/settings/business"
    if actor.may("clients"):
        return "/settings/services"
    if actor.may("staff"):
        return "/settings/roles"
    raise Forbidden()


ROUTES: list[BaseRoute] = [
    Route("/settings", settings),
    *profile.ROUTES,
    *first_steps.ROUTES,
    *processes.ROUTES,
    *services.ROUTES,
]
PARTS: list[BaseRoute] = [*profile.PARTS, *first_steps.PARTS, *processes.PARTS, *services.PARTS]
