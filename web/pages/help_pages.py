"""Help: short pages about what Atrium does, for everyone signed in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from rooms.markdown import draw
from store.errors import NotFound
from web.authentication import signed_in
from web.page import page
from web.words.help_topics import TOPICS
from web.words.translations import translated


async def contents(request: Request) -> Response:
    """List the topics."""
    async with signed_in(request) as (tx, actor):
        return await page(request, tx, actor, "help.html", page="help", topics=TOPICS, topic=None, chosen="")


async def topic(request: Request) -> Response:
    """Show one of them."""
    name = request.path_params["topic"]
    async with signed_in(request) as (tx, actor):
        if name not in TOPICS:
            raise NotFound()
        text = "\n\n".join(translated(actor.language, paragraph) for paragraph in TOPICS[name].paragraphs)
        return await page(
            request,
            tx,
            actor,
            "help.html",
            page="help",
            topics=TOPICS,
            topic=TOPICS[name],
            chosen=name,
            html=draw(text),
        )


ROUTES: list[BaseRoute] = [Route("/help", contents), Route("/help/{topic}", topic)]
