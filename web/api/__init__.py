"""The HTTP API: the contract for other programs, in JSON.

A read is declared once (``store.reads``), in the module of its noun; its route and its description come from there.
What is no read has a route of its own and is described beside it.
"""

from starlette.routing import Route

from store.reads import Read
from web.api import commands, companies, documents, people, rooms, search, session, staff
from web.api.answers import route_of
from web.openapi import Paths

PLACE = "/api/v1"
READS: tuple[Read, ...] = (
    *rooms.READS,
    *people.READS,
    *companies.READS,
    *staff.READS,
    *session.READS,
    *search.READS,
)
ROUTES: list[Route] = [*session.ROUTES, *commands.ROUTES, *(route_of(read) for read in READS), *documents.ROUTES]
DESCRIBED: Paths = {PLACE + path: item for path, item in session.DESCRIBED.items()}
"""What is neither read nor command."""
