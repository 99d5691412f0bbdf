"""Processes among the settings: what the stages are called, and in which order."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from processes.stages import (
    AddStage,
    ChangeProcess,
    ChangeStage,
    MoveStage,
    RemoveStage,
    make_first_process,
    processes,
    stage_uses,
)
from store.database import Transaction
from store.errors import Forbidden, NotFound
from web.authentication import must_be_signed_in, signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.site import site_of
from web.streams import streams_of

COMMANDS = tuple(command.wire_name for command in (ChangeProcess, AddStage, ChangeStage, MoveStage, RemoveStage))


async def processes_page(request: Request) -> Response:
    """Show the processes to the business's admins."""
    await make_first_process(site_of(request).database, await must_be_signed_in(request))
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def processes_part(request: Request) -> Response:
    """The list by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/settings/processes.html")


async def change(request: Request) -> Response:
    """Change a process or a stage by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse("/settings/processes?done=1", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "settings/processes.html",
) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    if actor.kind != "admin":
        raise Forbidden()
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="settings",
        setting="processes",
        streams=await streams_of(tx, actor, ()),
        processes=await processes(tx, actor),
        uses=await stage_uses(tx, actor),
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


ROUTES: list[BaseRoute] = [
    Route("/settings/processes", processes_page),
    Route("/settings/processes", change, methods=["POST"]),
]
PARTS: list[BaseRoute] = [Route("/settings/processes", processes_part)]
