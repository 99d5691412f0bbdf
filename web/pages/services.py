"""What the business offers, among the settings."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from clients.services import AddService, ChangeService, RemoveService, offers
from people.actors import Actor
from store.database import Transaction
from store.errors import Forbidden, NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.streams import streams_of

COMMANDS = (AddService.wire_name, ChangeService.wire_name, RemoveService.wire_name)


async def services_page(request: Request) -> Response:
    """Show the products and services to who manages clients."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def services_part(request: Request) -> Response:
    """The list by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/settings/services.html")


async def change(request: Request) -> Response:
    """Add, change or remove one by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse("/settings/services?done=1", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "settings/services.html",
) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    if not actor.may("clients"):
        raise Forbidden()
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="settings",
        setting="services",
        streams=await streams_of(tx, actor, ()),
        offers=await offers(tx, actor),
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


ROUTES: list[BaseRoute] = [
    Route("/settings/services", services_page),
    Route("/settings/services", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/settings/services", services_part)]
