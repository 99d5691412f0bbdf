"""The installation's pages, for who runs it: how such a page is drawn, and posted to."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from people.actors import Actor
from store.database import Transaction
from store.errors import NotFound
from web.authentication import must_be_signed_in, signed_in
from web.page import Feedback, page, perform, posted, text_of
from web.site import site_of

Reads = Callable[[Request, Transaction, Actor], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Place:
    """A page of the installation: what it reads, and which commands its forms may post."""

    name: str
    reads: Reads
    commands: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return f"/installation/{self.name}"

    @property
    def routes(self) -> list[BaseRoute]:
        return [Route(self.url, self.show), Route(self.url, self.act, methods=["POST"])]

    @property
    def parts(self) -> list[BaseRoute]:
        return [Route(self.url, self.part)]

    async def show(self, request: Request) -> Response:
        async with running_it(request) as (tx, actor):
            return await self.draw(request, tx, actor)

    async def part(self, request: Request) -> Response:
        """What changes on the page, by itself."""
        async with running_it(request) as (tx, actor):
            return await self.draw(request, tx, actor, template=f"installation/{self.name}_part.html")

    async def act(self, request: Request) -> Response:
        """Run a command that a form posted, and come back."""
        actor, form = await posted(request)
        if actor.kind != "superadmin":
            raise NotFound()
        name = text_of(form, "command")
        if name not in self.commands:
            raise NotFound()
        outcome = await perform(request, actor, name, form)
        if isinstance(outcome, Feedback):
            return await self.again(request, outcome)
        await site_of(request).know_installation()
        return self.back(request, done=name)

    def back(self, request: Request, **query: Any) -> Response:
        """Go back to the page as it was, with what was done in its query."""
        kept = {name: value for name, value in request.query_params.items() if name not in ("done", "count")}
        return RedirectResponse(f"{self.url}?{urlencode(kept | query)}", 303)

    async def again(self, request: Request, feedback: Feedback) -> Response:
        """Draw the page with what was wrong on it."""
        async with running_it(request) as (tx, actor):
            return await self.draw(request, tx, actor, feedback=feedback)

    async def draw(
        self,
        request: Request,
        tx: Transaction,
        actor: Actor,
        *,
        feedback: Feedback | None = None,
        template: str | None = None,
    ) -> Response:
        own = self.name in ("businesses", "admins")  # these stand in the sidebar by themselves
        shown = {
            "page": self.name if own else "installation",
            "place": self.name,
            "done": request.query_params.get("done", ""),
        }
        return await page(
            request,
            tx,
            actor,
            template or f"installation/{self.name}.html",
            status=feedback.status if feedback else 200,
            feedback=feedback,
            **shown,
            **await self.reads(request, tx, actor),
        )


@asynccontextmanager
async def running_it(request: Request) -> AsyncIterator[tuple[Transaction, Actor]]:
    """One unchanging picture for who runs the installation; for everyone else these pages aren't there.

    Raises:
        NotSignedIn: nobody known asks.
        NotFound: somebody else does.
    """
    async with signed_in(request) as (tx, actor):
        if actor.kind != "superadmin":
            raise NotFound()
        yield tx, actor


async def first(request: Request) -> Response:
    """Go to the first of these pages."""
    if (await must_be_signed_in(request)).kind != "superadmin":
        raise NotFound()
    return RedirectResponse("/installation/general", 303)
