"""The HTTP API: the contract for other programs, in JSON.

A read is declared once (``store.reads``), in its noun's folder; its route and its description come from there. What is
no read has a route of its own and is described beside it.
"""

from collections.abc import Iterable

from starlette.routing import Route

from store.reads import Read
from web.api import commands, documents, session
from web.api.answers import route_of
from web.openapi import Paths

PLACE = "/api/v1"
DESCRIBED: Paths = {PLACE + path: item for path, item in session.DESCRIBED.items()}
"""What is neither read nor command."""


def routes(reads: Iterable[Read]) -> list[Route]:
    """These are the routes of the API, below its place."""
    return [*session.ROUTES, *commands.ROUTES, *(route_of(read) for read in reads), *documents.ROUTES]
