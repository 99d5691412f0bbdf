"""The first steps, on a page of their own, where they stay when the home has no need of them."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.checklists import is_hidden
from people.mail.mail_settings import mail_works
from rooms.first_steps import first_steps
from store.database import Transaction
from store.errors import NotFound
from web.authentication import signed_in
from web.page import page
from web.streams import streams_of
from web.words.first_steps import shown


async def first_steps_page(request: Request) -> Response:
    """Show how far the business has come, to its admins."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, "settings/first_steps.html")


async def first_steps_part(request: Request) -> Response:
    """The list by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, "parts/settings/first_steps.html")


async def _draw(request: Request, tx: Transaction, actor: Actor, template: str) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    return await page(
        request,
        tx,
        actor,
        template,
        page="settings",
        setting="first-steps",
        streams=await streams_of(tx, actor, ()),
        steps=shown(await first_steps(tx, actor)),
        hidden=await is_hidden(tx, actor),
        mail_works=await mail_works(tx),
    )


ROUTES: list[BaseRoute] = [Route("/settings/first-steps", first_steps_page)]
PARTS: list[BaseRoute] = [Route("/settings/first-steps", first_steps_part)]
