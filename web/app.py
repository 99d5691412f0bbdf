"""The web: pages, forms, the HTTP API, and what serves them."""

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from store.errors import NotFound, Refusal
from store.reads import Read
from web import api, assets, downloads, health, uploads
from web.authentication import Sliding, asker
from web.declared import opens
from web.page import strangers_page
from web.pages import routes as pages
from web.pages.settings.logos import LOGO
from web.refusals import BY_STATUS, refused
from web.request_limits import RequestLimits
from web.requests import RequestLog
from web.security import OwnOrigin
from web.site import Site


async def lost(request: Request) -> Response:
    """No page at all; said in the language of who asks."""
    await asker(request)
    raise NotFound()


PAGES: list[BaseRoute] = [*pages.ROUTES, Route("/{path:path}", lost)]


def create_web(site: Site, reads: Iterable[Read]) -> Starlette:
    """This is the web as one application, for a site and the reads of its API."""
    limits = [Middleware(RequestLimits, most_bytes=site.body_bytes, bodies=site.bodies)]
    routes: list[BaseRoute] = [
        *uploads.ROUTES,
        *downloads.ROUTES,
        LOGO,
        Mount(api.PLACE, routes=api.routes(reads), middleware=limits),
        Route("/static/{name}", assets.static),
        Route("/favicon.ico", favicon),
        Route("/robots.txt", robots),
        Route("/offline", offline),
        *health.ROUTES,
        Mount("/parts", routes=pages.PARTS, middleware=limits),
        Mount("/", routes=PAGES, middleware=limits),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(RequestLog),
            Middleware(OwnOrigin, site=site),
            Middleware(Sliding),
            Middleware(Compression, minimum_size=1000, compresslevel=5),
        ],
        exception_handlers={Refusal: on_refusal, HTTPException: on_status},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    site.opens = opens(pages.PAGES)
    return app


class Compression(GZipMiddleware):
    """Makes answers smaller, but not people's files: their parts must fit together, whoever asked for them how."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/files/"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def on_refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return refused(request, refusal)


async def on_status(request: Request, raised: Exception) -> Response:
    """The framework's own refusals, such as no such route, said like ours."""
    assert isinstance(raised, HTTPException)
    response = refused(request, BY_STATUS.get(raised.status_code, NotFound)())
    response.headers.update(raised.headers or {})
    return response


async def favicon(_request: Request) -> Response:
    return RedirectResponse(assets.asset("favicon.svg"))


async def robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


async def offline(request: Request) -> Response:
    """What a browser shows while the hub can't be reached."""
    return strangers_page(request, "shared/offline.html")
