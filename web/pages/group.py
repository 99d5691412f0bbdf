"""The group: for a parent's admin, all businesses below theirs at a glance."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from rooms.time.groups import group
from web.authentication import signed_in
from web.page import page


async def group_page(request: Request) -> Response:
    """Show the group. It isn't there for who has none."""
    return await _draw(request, "group.html")


async def group_part(request: Request) -> Response:
    """The part of the page that lists it."""
    return await _draw(request, "group_part.html")


async def _draw(request: Request, template: str) -> Response:
    async with signed_in(request) as (tx, actor):
        lines = await group(tx, actor)
        return await page(
            request,
            tx,
            actor,
            template,
            page="group",
            lines=lines,
            working=sum(len(line.working) for line in lines),
            week_seconds=sum(line.week_seconds for line in lines),
            people=sum(line.people for line in lines),
            streams="person business",
        )


ROUTES: list[BaseRoute] = [Route("/group", group_page)]
PARTS: list[BaseRoute] = [Route("/group", group_part)]
