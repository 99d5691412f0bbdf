"""The people page: who belongs to the business, the companies it works for, and adding to both."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from people.actors import PERMISSIONS, Actor
from people.companies import AddCompany, companies
from people.persons import AddPerson, people
from store.database import Transaction
from store.errors import Forbidden, NotFound
from web.asking import signed_in
from web.page import Feedback, page, perform, posted, text_of

KINDS = ("admin", "staff", "client")


async def people_page(request: Request) -> Response:
    """Show the people and the companies. It isn't there for clients."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def people_part(request: Request) -> Response:
    """The part of the page that lists them."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, template="parts/people.html")


async def add(request: Request) -> Response:
    """Add a person or a company by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in (AddPerson.wire_name, AddCompany.wire_name):
        raise NotFound()
    outcome = await perform(request, actor, name, form)
    if not isinstance(outcome, Feedback):
        return RedirectResponse(f"/people?done={name}", 303)
    async with signed_in(request) as (tx, again):
        return await _draw(request, tx, again, feedback=outcome)


async def _draw(
    request: Request,
    tx: Transaction,
    actor: Actor,
    *,
    feedback: Feedback | None = None,
    template: str = "people.html",
) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    kinds = [kind for kind in KINDS if _adds(actor, kind)]
    if not kinds:
        raise Forbidden()
    return await page(
        request,
        tx,
        actor,
        template,
        status=feedback.status if feedback else 200,
        page="people",
        people=await people(tx, actor),
        companies=await companies(tx, actor),
        kinds=kinds,
        permissions=[permission for permission in PERMISSIONS if actor.may(permission)],
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


def _adds(actor: Actor, kind: str) -> bool:
    """Whether someone may add people of a kind; the verb decides, this is for what the form offers."""
    if kind == "admin":
        return actor.kind == "admin"
    return actor.may("clients" if kind == "client" else "staff")
