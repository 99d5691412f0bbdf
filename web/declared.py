"""Pages, declared: a page is one object that says its address, its template, who may see it, what it reads, which
commands its forms run, and where one goes afterwards.

Its routes come from it, and those of the parts of it that are drawn again when something happens; so does what menus
show to whom, and what the tests ask of it::

    PAGE = Page(
        "/settings/services",
        "settings/services.html",
        reads,
        needs="clients",
        forms=(AddService, ChangeService, RemoveService),
        at="settings/services",
        live=True,
    )

A page that a person can't see refuses: it isn't there for whom it was never meant, and is forbidden to a colleague who
lacks a permission.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from commands.needs import met, words_of
from people.actors import Actor
from store.commands import Command, Needs
from store.database import Transaction
from store.errors import Forbidden, NotFound
from store.texts.texts import without_controls
from web.authentication import must_be_signed_in, signed_in
from web.forms.command_forms import Asked, Heading, Row, lists_in
from web.page import Feedback, page, perform, posted, text_of


@dataclass(frozen=True)
class Visit:
    """Somebody's look at a page, in one unchanging picture."""

    request: Request
    tx: Transaction
    actor: Actor
    feedback: Feedback | None = None
    """What was wrong with the form that they posted."""
    result: Any = None
    """What the command gave that they posted, where the page says it at once and never again: a secret."""
    command: str = ""
    """Which command that was."""

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    def id(self, name: str) -> UUID:
        """This is an identifier in the page's address.

        Raises:
            NotFound: it can't be one.
        """
        try:
            return UUID(self.request.path_params[name])
        except ValueError as error:
            raise NotFound() from error


@dataclass(frozen=True)
class Posted:
    """A form whose command was carried out."""

    request: Request
    form: FormData
    command: str
    result: Any

    def text(self, name: str) -> str:
        return text_of(self.form, name)


Reads = Callable[[Visit], Awaitable[Mapping[str, Any]]]
"""What a page shows, by the names that its template knows."""
Then = Callable[[Posted], str | None]
"""Where one goes when a form's command is done; None stays, and the page says what the command gave."""


async def nothing(_visit: Visit) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Form:
    """A form of a page's: the command that it runs, where on the page it stands, and where one goes afterwards."""

    command: type[Command]
    at: str = ""
    then: Then | None = None
    given: Callable[[FormData], Mapping[str, Any]] | None = None
    """Fields that the form has in another shape than the command."""
    fields: tuple[Asked | Row | Heading, ...] = ()
    """What it asks for, where the page has it drawn from the command: by ``ui.command_form`` in a template."""
    named: bool = True
    """Whether it says in a field which form it is; a page's only form needn't."""
    called: str = ""
    """What a template calls it, where a page has several forms of one command."""

    @property
    def name(self) -> str:
        return self.command.wire_name

    def says(self, form: FormData) -> dict[str, Any]:
        """These are the command's fields that the form has in another shape."""
        lists = [name for name in lists_in(self.command, self.fields) if name in form]
        entries = {name: [without_controls(line) for line in text_of(form, name).splitlines()] for name in lists}
        return entries | dict(self.given(form) if self.given else {})


@dataclass(frozen=True)
class LivePart:
    """A part of a page that is drawn by itself again and again; it reads what the page does, or less."""

    url: str
    template: str
    reads: Reads | None = None


@dataclass(frozen=True)
class Page:
    """A page for people who are signed in."""

    url: str
    template: str
    """Its file; ``{kind}`` in it stands for what kind of person looks."""
    reads: Reads = nothing
    needs: Needs = "anyone"
    """What whoever opens it must hold, or be, in the words of commands. What only rows tell, its reads refuse."""
    forms: tuple[Form | type[Command], ...] = ()
    at: str = ""
    """Where it stands in the menus: the place in the sidebar, and after a slash that in the menu beside the page."""
    live: bool = False
    """Whether it has a part as its own template's file is called, with ``_part``, at its own address."""
    parts: tuple[LivePart, ...] = ()
    private: bool = False
    """Whether nothing on the way may keep a copy of it."""
    before: Callable[[Request, Actor], Awaitable[object]] | None = None
    """What is done before it is shown: there must be something to show."""

    @property
    def routes(self) -> list[BaseRoute]:
        routes: list[BaseRoute] = [Route(self.url, self.show)]
        return [*routes, Route(self.url, self.act, methods=["POST"])] if self.forms else routes

    @property
    def part_routes(self) -> list[BaseRoute]:
        """These are the addresses of its parts, below the place of all parts."""
        return [Route(part.url, partial(self.show_part, part=part)) for part in self.all_parts]

    @property
    def all_parts(self) -> tuple[LivePart, ...]:
        own = LivePart(self.url, self.template.replace(".html", "_part.html"))
        return (own, *self.parts) if self.live else self.parts

    @property
    def all_forms(self) -> list[Form]:
        return [each if isinstance(each, Form) else Form(each) for each in self.forms]

    def opens_to(self, actor: Actor) -> bool:
        """Whether somebody may see it, as far as is known before it is read."""
        return met(actor, self.needs)

    def must_open(self, actor: Actor) -> None:
        """Refuse it to whom it isn't for.

        Raises:
            NotFound: it was never meant for people like them.
            Forbidden: they are of the team, and lack what it needs.
        """
        if not self.opens_to(actor):
            raise Forbidden() if actor.of_the_team and words_of(self.needs) != ("superadmin",) else NotFound()

    async def show(self, request: Request) -> Response:
        if self.before:
            await self.before(request, await must_be_signed_in(request))
        return await self.shown(request)

    async def show_part(self, request: Request, part: LivePart) -> Response:
        async with signed_in(request) as (tx, actor):
            return await self.draw(Visit(request, tx, actor), part.template, part.reads)

    async def shown(self, request: Request, **came: Any) -> Response:
        """This is the page as it is now, with what came of a form."""
        async with signed_in(request) as (tx, actor):
            return await self.draw(Visit(request, tx, actor, **came))

    async def draw(self, visit: Visit, template: str = "", reads: Reads | None = None) -> Response:
        self.must_open(visit.actor)
        section, _, place = self.at.partition("/")
        response = await page(
            visit.request,
            visit.actor,
            (template or self.template).format(kind=visit.actor.kind),
            status=visit.feedback.status if visit.feedback else 200,
            **{
                "page": section,
                "place": place,
                "feedback": visit.feedback,
                "done": visit.query.get("done", ""),
                "forms": {form.called or form.name: form for form in self.all_forms},
                "own_url": self.url.format(**visit.request.path_params),
            }
            | dict(await (reads or self.reads)(visit)),
        )
        if self.private or visit.result is not None:
            response.headers["cache-control"] = "no-store"
        return response

    async def act(self, request: Request) -> Response:
        """Run the command of a form that was posted, and go on."""
        actor, form = await posted(request)
        return await self.run(request, actor, form, self.form_named(text_of(form, "command")))

    async def run(self, request: Request, actor: Actor, form: FormData, which: Form) -> Response:
        self.must_open(actor)
        given = self.named_by_address(request, which) | which.says(form)
        outcome = await perform(request, actor, which.name, form, **given)
        if isinstance(outcome, Feedback):
            return await self.shown(request, feedback=outcome)
        await self.after(request)
        done = Posted(request, form, which.name, outcome.result)
        address = which.then(done) if which.then else self.back(request, which)
        if address is None:
            return await self.shown(request, result=outcome.result, command=which.name)
        return RedirectResponse(address, 303)

    async def after(self, request: Request) -> None:
        """What is done when a command was, before one goes on."""

    def form_named(self, name: str) -> Form:
        """This is the page's form that runs a command.

        Raises:
            NotFound: it has none; there is no page to say it on.
        """
        for form in self.all_forms:
            if form.name == name or not form.named:
                return form
        raise NotFound()

    def named_by_address(self, request: Request, which: Form) -> dict[str, Any]:
        """These are the command's fields that the page's address says: whose page it is."""
        return {name: value for name, value in request.path_params.items() if name in which.command.model_fields}

    def back(self, request: Request, which: Form, **query: Any) -> str:
        """This is the page's own address as it was, with what was done in its query."""
        return self.address(request, **{"done": which.name, **query}) + (f"#{which.at}" if which.at else "")

    def address(self, request: Request, **query: Any) -> str:
        """This is the page's own address with the query that it was posted from, and with more."""
        kept = {name: value for name, value in request.query_params.items() if name not in ("done", "count")}
        return f"{self.url.format(**request.path_params)}?{urlencode(kept | query)}"


@dataclass(frozen=True)
class Menu:
    """An address that leads on to the first of its pages that one may open."""

    url: str
    pages: tuple[Page, ...]

    @property
    def routes(self) -> list[BaseRoute]:
        return [Route(self.url, self.go)]

    @property
    def part_routes(self) -> list[BaseRoute]:
        return []

    def opens_to(self, actor: Actor) -> bool:
        return any(page.opens_to(actor) for page in self.pages)

    async def go(self, request: Request) -> Response:
        actor = await must_be_signed_in(request)
        if not self.opens_to(actor):
            self.pages[0].must_open(actor)
        return RedirectResponse(next(page.url for page in self.pages if page.opens_to(actor)), 303)


class Declared(Protocol):
    """What has an address, and says whom it opens to."""

    @property
    def url(self) -> str: ...
    @property
    def routes(self) -> list[BaseRoute]: ...
    @property
    def part_routes(self) -> list[BaseRoute]: ...
    def opens_to(self, actor: Actor) -> bool: ...


def routes_of(pages: Iterable[Declared]) -> list[BaseRoute]:
    return [route for page in pages for route in page.routes]


def parts_of(pages: Iterable[Declared]) -> list[BaseRoute]:
    return [route for page in pages for route in page.part_routes]


def opens(pages: Iterable[Declared]) -> dict[str, Callable[[Actor], bool]]:
    """This is whom each page opens to, by its address."""
    return {page.url: page.opens_to for page in pages}
