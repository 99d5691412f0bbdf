"""The site: the parts that every page and call stands on, found again from a request."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request

from commands.pace import UploadPace
from commands.runner import Commands
from people.actors import Actor
from people.installations import current
from people.mail import MailKind
from people.signing.throttling import SignInLimits
from rooms.files.senders import Senders
from rooms.files.uploads import UploadLimits
from rooms.pictures import Pictures
from store.database import Database
from store.files.blobs import Blobs
from store.loop.turns import Turns
from store.sentences import Sentences
from store.streams import Position
from store.tabs import Tabs
from web.body_limits import Bodies
from web.draw import Drawer

READS_AT_ONCE = 4
"""So many reads of one person go on at a time: those of all others need the database, too."""


async def always_ready() -> dict[str, bool]:
    return {}


async def known_already() -> None:
    pass


async def nothing_found() -> list[Any]:
    return []


@dataclass
class Site:
    """What the hub hands to the web."""

    database: Database
    commands: Commands
    blobs: Blobs
    pictures: Pictures
    presences: Callable[[Position, Collection[UUID]], Mapping[str, orjson.Fragment]]
    """Who of a room is here now, of its members at a place of its log, as its snapshot has them."""
    timeline: Sentences
    """What is said of what happens in a room."""
    journal: Sentences
    """What is said of the lines of the journal."""
    letters: Mapping[str, MailKind]
    """The kinds of letters, by their names."""
    tabs: Tabs
    """Where in a room it is looked at."""
    secret: bytes = field(default_factory=lambda: token_bytes(32))
    """What form tokens are signed with; the same on every node."""
    public_url: str | None = None
    """The address that people use, where a proxy hides it from the hub."""
    demo: bool = False
    data_dir: str = ""
    """Where the hub keeps its data, for the command that adds its first person."""
    somebody_is_there: bool = False
    """Whether anybody was seen to have an account; from then on nobody looks again."""
    sign_in_limits: SignInLimits | None = field(default_factory=SignInLimits)
    body_bytes: int = 1024 * 1024
    """The largest body of a form or a command; uploads have a limit of their own."""
    bodies: Bodies = field(default_factory=Bodies)
    """What of such bodies waits in memory for its rest."""
    file_bytes: int = 2_000_000_000
    """The largest file."""
    journal_days: int = 400
    """How long a line of the journal is kept."""
    upload_limits: UploadLimits | None = None
    """How much one person may have on its way at a time."""
    senders: Senders = field(default_factory=Senders)
    """Who sends files to this node now."""
    upload_pace: UploadPace | None = None
    """How many files one person may begin to send."""
    engines: Callable[[], Awaitable[dict[str, bool]]] = always_ready
    """Which of the engines beside PostgreSQL can be reached; none of them is needed to serve."""
    documents: Callable[[], Mapping[str, bytes]] = dict
    """The contract's documents, by file name."""
    standing: Callable[[], Awaitable[Any]] | None = None
    """How the tables stand to the version: what runs, and which migrations are pending."""
    findings: Callable[[], Awaitable[list[Any]]] = nothing_found
    """What the doctor finds, each with ``level``, ``what`` and ``advice``."""
    know_installation: Callable[[], Awaitable[None]] = known_already
    """Takes over what was changed of the installation, so that the next page shows it."""
    demo_password: str = "atrium-demo"  # noqa: S105 - printed on the sign-in page of a demo
    measure: Callable[[], Awaitable[None]] = known_already
    """Brings up to date what is counted only when it is asked for, before the metrics are read."""
    session_lifetime: timedelta = timedelta(days=30)
    metrics_from: tuple[str, ...] = ()
    """The networks that may read the metrics; any may, when none is named."""

    opens: Mapping[str, Callable[[Actor], bool]] = field(default_factory=dict)
    """Who may open each page, by its address, as it declares it: what menus and links ask."""
    drawer: Drawer = field(default_factory=Drawer)
    reads: Turns = field(default_factory=lambda: Turns(READS_AT_ONCE))

    @property
    def https(self) -> bool:
        return (self.public_url or "").startswith("https://")


def site_of(request: Request) -> Site:
    """This is the site that a request came to."""
    site: Site = request.app.state.site
    return site


def own_address(request: Request) -> str:
    """This is the address of the site as far as the hub knows by itself."""
    return (site_of(request).public_url or str(request.base_url)).rstrip("/")


def address_of_site(request: Request) -> str:
    """This is the address by which people reach the site, for links that they pass on."""
    return current().address.rstrip("/") or own_address(request)
