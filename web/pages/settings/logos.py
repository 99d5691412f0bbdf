"""A business's logo: taking it from a form, and showing it. These have routes of their own, since a picture is larger
than other forms, and what is shown is no page."""

from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from people.logos import MOST_BYTES, keep_logo, logo_of
from people.profiles import welcome
from store.errors import NotFound, Refusal
from store.files.blobs import BlobMissing
from store.scopes import EVERYWHERE
from web.authentication import signed_in
from web.downloads import SANDBOX
from web.page import feedback_of, posted
from web.pages.settings.profile import PAGE
from web.request_limits import RequestLimits
from web.site import site_of

AROUND = 64 * 1024
"""What a form has beside its file."""


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
        return await PAGE.shown(request, feedback=feedback_of(actor, "logo.set", refusal, {}))
    return RedirectResponse("/settings/business?done=1", 303)


async def logo(request: Request) -> Response:
    """A business's logo, for its own people."""
    digest = request.path_params["digest"]
    async with signed_in(request) as (tx, actor):
        if actor.business_id is None or digest != await logo_of(tx, actor.business_id):
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


ROUTES: list[BaseRoute] = [Route("/logo/{digest}", logo), Route("/sign-in/logo/{digest}", logo_at_sign_in)]
LOGO = Route(
    "/settings/logo",
    change_logo,
    methods=["POST"],
    middleware=[Middleware(RequestLimits, most_bytes=MOST_BYTES + AROUND)],
)
"""A picture may be larger than other forms."""
