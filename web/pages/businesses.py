"""Businesses: the home of who runs the installation."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from people.businesses import OpenBusiness, businesses, open_business
from people.persons import AddPerson, add_person
from store.errors import Forbidden, Refusal
from web.asking import signed_in
from web.commands import read_command
from web.page import Feedback, fields_of, kept, page, posted
from web.refusals import translate
from web.site import site_of
from web.zones import zones


async def opening_business(request: Request) -> Response:
    """Open a business together with its first admin, by one posted form: both, or neither."""
    actor, form = await posted(request)
    if actor.kind != "superadmin":
        raise Forbidden()
    business, admin = fields_of(OpenBusiness, form), fields_of(AddPerson, form) | {"kind": "admin"}
    try:
        opening = read_command(OpenBusiness, business)
        async with site_of(request).database.transaction(actor.within) as tx:
            opened = await open_business(tx, actor, opening)
            adding = read_command(AddPerson, admin | {"business_id": opened.id})
            await add_person(tx, actor, adding)
    except Refusal as refusal:
        said = translate(actor.language, refusal)
        feedback = Feedback(
            OpenBusiness.wire_name, said["message"], refusal.status, said.get("fields", {}), kept(business | admin)
        )
        return await _refused(request, feedback)
    return RedirectResponse("/?done=business.open", 303)


async def _refused(request: Request, feedback: Feedback) -> Response:
    async with signed_in(request) as (tx, actor):
        shown: dict[str, Any] = {"businesses": await businesses(tx, actor), "zones": zones(), "streams": "", "done": ""}
        return await page(
            request,
            tx,
            actor,
            "home/superadmin.html",
            status=feedback.status,
            page="home",
            feedback=feedback,
            **shown,
        )
