"""Health: whether the hub lives and can serve, and its figures, for whoever watches over it."""

from contextlib import suppress

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from people.signing.policies import admits
from store.errors import NotFound, Refusal, Unavailable
from store.scopes import EVERYWHERE
from web.authentication import address_of
from web.openapi import Paths, operation
from web.site import site_of


async def alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def ready(request: Request) -> Response:
    """Whether this node can serve: PostgreSQL answers. Without Redis it serves too, a little slower."""
    site = site_of(request)
    try:
        async with site.database.reading(EVERYWHERE) as tx:
            await tx.execute(select(1))
        reachable = True
    except Refusal:
        reachable = False
    engines = {"postgresql": reachable, **await site.engines()}
    return JSONResponse({"ready": reachable, **engines}, 200 if reachable else 503)


async def metrics(request: Request) -> Response:
    """Figures for whoever watches over the hub, from near by; elsewhere there is no such page."""
    if not admits(site_of(request).metrics_from, address_of(request)):
        raise NotFound()
    with suppress(Unavailable):  # what this node counts by itself can be read without the database
        await site_of(request).measure()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


ROUTES = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]

_SO = {"200": {"description": "So it is."}}
_NOT_NOW = {"503": {"description": "Not now."}}
DESCRIBED: Paths = {
    "/healthz": {"get": operation("hub", "healthz", "Whether the hub lives.", _SO, security=[])},
    "/readyz": {"get": operation("hub", "readyz", "Whether the hub can serve.", _SO | _NOT_NOW, security=[])},
    "/metrics": {"get": operation("hub", "metrics", "Figures, as Prometheus reads them.", _SO, security=[])},
}
