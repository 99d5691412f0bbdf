"""The contract's documents, for everybody."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from store.errors import NotFound
from web.site import site_of


async def document(request: Request) -> Response:
    """The contract."""
    documents = await asyncio.to_thread(site_of(request).documents)
    found = documents.get(request.url.path.rpartition("/")[2])
    if found is None:
        raise NotFound()
    return Response(found, media_type="application/json")


ROUTES = [Route("/openapi.json", document), Route("/asyncapi.json", document)]
