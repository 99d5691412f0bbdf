"""Companies: the list of them, and the page of each."""

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
PARTS: list[BaseRoute] = []
