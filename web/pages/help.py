"""Help: short pages about what Atrium does, for everyone signed in."""

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
