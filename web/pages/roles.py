"""Roles, and who may do what: two pages of the settings."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import PERMISSIONS, Actor, Permission
from people.businesses import Business
from people.persons.rights import holders
from people.profiles import ChangeBusiness
from people.roles import AddRole, ChangeRole, RemoveRole, roles
from store.database import Transaction
from store.errors import NotFound
from web.authentication import signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.request_limits import sought
from web.site import site_of
from web.words.permissions import opened

COMMANDS = (AddRole.wire_name, ChangeRole.wire_name, RemoveRole.wire_name)


async def roles_page(request: Request) -> Response:
    """Show the roles, to who looks after staff."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def roles_part(request: Request) -> Response:
    """The list of them by itself."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/settings/roles.html")


async def change(request: Request) -> Response:
    """Add, change or remove a role by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS or not actor.of_the_team:
        raise NotFound()
    given: dict[str, Any] = {}
    if name != RemoveRole.wire_name:
        given["permissions"] = [value for value in form.getlist("permissions") if value]
    outcome = await perform(request, actor, name, form, **given)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/settings/roles?done={name}", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "settings/roles.html",
) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="settings",
        setting="roles",
        roles=await roles(tx, actor),
        permissions=PERMISSIONS,
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


async def rights_page(request: Request) -> Response:
    """Show who may do what and why, and what each permission opens."""
    return await _rights(request, "settings/rights.html")


async def rights_part(request: Request) -> Response:
    """The table by itself."""
    return await _rights(request, "parts/settings/rights.html")


async def finding_part(request: Request) -> Response:
    """Whether staff find what they can't open, by itself."""
    return await _rights(request, "parts/settings/finding.html")


async def change_finding(request: Request) -> Response:
    """Let staff find what they can't open, or not any more, by a posted form."""
    actor, form = await posted(request)
    if text_of(form, "command") != ChangeBusiness.wire_name or not actor.of_the_team or "find_closed" not in form:
        raise NotFound()
    chosen = form.getlist("find_closed")[-1]  # a box that isn't ticked sends nothing, so that a "no" goes before it
    given = FormData({"find_closed": chosen})
    outcome = await perform(request, actor, ChangeBusiness.wire_name, given)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/settings/rights?done={ChangeBusiness.wire_name}#finding", 303)
    return await _rights(request, "settings/rights.html", outcome)


async def _rights(request: Request, template: str, feedback: Feedback | None = None) -> Response:
    asked = request.query_params.get("permission", "")
    permission: Permission | None = asked if asked in PERMISSIONS else None
    async with signed_in(request) as (tx, actor):
        if not actor.of_the_team:
            raise NotFound()
        business = await tx.get(Business, actor.business_id)
        return await page(
            request,
            tx,
            actor,
            template,
            status=feedback.status if feedback else 200,
            page="settings",
            setting="rights",
            find_closed=business is not None and business.find_closed,
            feedback=feedback,
            done=request.query_params.get("done", ""),
            holders=await holders(tx, actor, permission, q=sought(request)),
            permissions=PERMISSIONS,
            opened=opened(entry.command for entry in site_of(request).commands.catalogue.values()),
            permission=permission or "",
            q=sought(request),
        )


ROUTES: list[BaseRoute] = [
    Route("/settings/roles", roles_page),
    Route("/settings/roles", change, methods=["POST"]),
    Route("/settings/rights", rights_page),
    Route("/settings/rights", change_finding, methods=["POST"]),
]
PARTS: list[BaseRoute] = [
    Route("/settings/roles", roles_part),
    Route("/settings/rights", rights_part),
    Route("/settings/finding", finding_part),
]
