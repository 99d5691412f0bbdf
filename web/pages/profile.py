"""The business's profile among the settings, and its logo."""

from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from people.forms import BusinessForm
from people.profiles import ChangeBusiness, RenewMeetingsKey, has_logo, meetings_key, own_business, welcome
from rooms.files.logos import MOST_BYTES, RemoveLogo, keep_logo
from rooms.files.quotas import own_usage
from store.blobs import BlobMissing
from store.database import Transaction
from store.errors import NotFound, Refusal
from store.scopes import EVERYWHERE
from web.authentication import signed_in
from web.downloads import SANDBOX
from web.page import Feedback, page, perform, posted, text_of
from web.refusals import translate
from web.request_limits import Bounds
from web.site import site_of
from web.streams import streams_of
from web.words.zones import zones

COMMANDS = (ChangeBusiness.wire_name, RenewMeetingsKey.wire_name, RemoveLogo.wire_name)
AROUND = 64 * 1024
"""What a form has beside its file."""


async def profile_page(request: Request) -> Response:
    """Show the profile to the business's admins."""
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor)


async def paper(request: Request) -> Response:
    """The part of the page that shows a document's header and footer."""
    async with signed_in(request) as (tx, actor):
        profile = BusinessForm.model_validate(await own_business(tx, actor))
        streams = await streams_of(tx, actor, ())
        return await page(request, tx, actor, "parts/settings/paper.html", profile=profile, streams=streams)


async def storage(request: Request) -> Response:
    """The part of the page that shows how much the business's files take."""
    async with signed_in(request) as (tx, actor):
        usage = await own_usage(tx, actor)
        streams = await streams_of(tx, actor, ())
        return await page(request, tx, actor, "parts/settings/storage.html", usage=usage, streams=streams)


async def change(request: Request) -> Response:
    """Change the profile by a posted form."""
    actor, form = await posted(request)
    name = text_of(form, "command")
    if name not in COMMANDS:
        raise NotFound()
    switches = {"shown_at_sign_in": form.getlist("shown_at_sign_in")[-1]} if "shown_at_sign_in" in form else {}
    outcome = await perform(request, actor, name, form, **switches)
    return await _answer(request, outcome if isinstance(outcome, Feedback) else None)


async def change_logo(request: Request) -> Response:
    """Take a posted picture as the logo."""
    try:
        actor, form = await posted(request)
        file = form.get("logo")
        content = await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await request.close()
    site = site_of(request)
    try:
        if site.upload_pace is not None:
            site.upload_pace.take(actor)
        await keep_logo(site.database, site.blobs, actor, content)
    except Refusal as refusal:
        said = translate(actor.language, refusal)
        return await _answer(request, Feedback("logo.set", said["message"], refusal.status, said.get("fields", {})))
    return await _answer(request, None)


async def _answer(request: Request, feedback: Feedback | None) -> Response:
    if feedback is None:
        return RedirectResponse("/settings/business?done=1", 303)
    async with signed_in(request) as (tx, actor):
        return await _draw(request, tx, actor, feedback)


async def _draw(request: Request, tx: Transaction, actor: Actor, feedback: Feedback | None = None) -> Response:
    if not actor.of_the_team:
        raise NotFound()
    profile = BusinessForm.model_validate(await own_business(tx, actor))
    return await page(
        request,
        tx,
        actor,
        "settings/business.html",
        status=feedback.status if feedback else 200,
        page="settings",
        setting="business",
        profile=profile,
        usage=await own_usage(tx, actor),
        streams=await streams_of(tx, actor, ()),
        meetings_key=await meetings_key(tx, actor),
        zones=zones(),
        feedback=feedback,
        done=request.query_params.get("done", ""),
    )


async def logo(request: Request) -> Response:
    """A business's logo, for its own people."""
    digest = request.path_params["digest"]
    async with signed_in(request) as (tx, actor):
        if actor.business_id is None or not await has_logo(tx, actor.business_id, digest):
            raise NotFound()
    return await _picture(request, actor.business_id, digest)


async def logo_at_sign_in(request: Request) -> Response:
    """The logo of the installation's only business, for who isn't signed in, if it wants to be seen there."""
    async with site_of(request).database.reading(EVERYWHERE) as tx:
        shown = await welcome(tx)
    if shown is None or shown["logo"] is None or shown["logo"] != request.path_params["digest"]:
        raise NotFound()
    return await _picture(request, shown["id"], shown["logo"])


async def _picture(request: Request, business_id: UUID, digest: str) -> Response:
    headers = {
        "etag": f'"{digest}"',
        "cache-control": "private, max-age=31536000, immutable",
        "content-security-policy": SANDBOX,
        "content-disposition": 'inline; filename="logo.png"',
    }
    try:
        stream = await site_of(request).blobs.get(business_id, digest)
    except BlobMissing as error:
        raise NotFound() from error
    return StreamingResponse(stream, media_type="image/png", headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/settings/business", profile_page),
    Route("/settings/business", change, methods=["POST"]),
    Route("/logo/{digest}", logo),
    Route("/sign-in/logo/{digest}", logo_at_sign_in),
]
PARTS: list[BaseRoute] = [Route("/settings/paper", paper), Route("/settings/storage", storage)]

# A picture may be larger than other forms.
LOGO = Route(
    "/settings/logo",
    change_logo,
    methods=["POST"],
    middleware=[Middleware(Bounds, most_bytes=MOST_BYTES + AROUND)],
)
