"""The admins: the list with the queue of those who registered, and each one's page."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.installation.admins import ActivateAdmin, AddAdmin, ChangeAdmin, DeactivateAdmin, admins
from people.installation.deletions import DeleteAdmin, what_goes
from people.installation.openings import businesses
from people.installation.registration_decisions import ApproveRegistration, RefuseRegistration, registrations
from people.persons.resets import SendReset
from store.database import Transaction
from store.errors import NotFound
from web.page import Feedback, page, perform, posted, text_of
from web.pages.installation import Place, running_it
from web.request_limits import sought
from web.site import site_of


async def _reads(request: Request, tx: Transaction, actor: Actor) -> dict[str, Any]:
    q = sought(request)
    return {
        "q": q,
        "admins": await admins(tx, actor, q),
        "registrations": await registrations(tx, actor),
        "choices": [(str(card.id), card.name) for card in await businesses(tx, actor)],
    }


PLACE = Place(
    "admins",
    _reads,
    frozenset(command.wire_name for command in (AddAdmin, ApproveRegistration, RefuseRegistration)),
)
OF_ONE = frozenset(
    command.wire_name for command in (ChangeAdmin, ActivateAdmin, DeactivateAdmin, DeleteAdmin, SendReset)
)


async def admin_page(request: Request) -> Response:
    """Show an admin."""
    async with running_it(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def change(request: Request) -> Response:
    """Change, lock or delete an admin by a posted form."""
    actor, form = await posted(request)
    if actor.kind != "superadmin":
        raise NotFound()
    name = text_of(form, "command")
    if name not in OF_ONE:
        raise NotFound()
    outcome = await perform(request, actor, name, form, person_id=str(_id(request)))
    if isinstance(outcome, Feedback):
        async with running_it(request) as (tx, again):
            return await _draw(request, tx, again, feedback=outcome)
    await site_of(request).know_installation()
    if name == DeleteAdmin.wire_name:
        return RedirectResponse(f"{PLACE.url}?done={name}", 303)
    return RedirectResponse(f"{PLACE.url}/{_id(request)}?done={name}", 303)


def _id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["person_id"])
    except ValueError:
        raise NotFound() from None


async def _draw(request: Request, tx: Transaction, actor: Actor, *, feedback: Feedback | None = None) -> Response:
    stake = await what_goes(tx, actor, _id(request), lock=False)
    shown = {"page": "admins", "place": "admins", "done": request.query_params.get("done", "")}
    return await page(
        request,
        tx,
        actor,
        "installation/admin.html",
        status=feedback.status if feedback else 200,
        feedback=feedback,
        admin=stake.whom.person,
        account=stake.whom.account,
        of_business=stake.business,
        stake=stake,
        **shown,
    )


ROUTES: list[BaseRoute] = [
    *PLACE.routes,
    Route("/installation/admins/{person_id}", admin_page),
    Route("/installation/admins/{person_id}", change, methods=["POST"]),
]
