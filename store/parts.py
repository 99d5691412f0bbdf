"""Parts: what each folder brings to the whole, said in one object in its ``part.py``. ``hub.parts`` lists them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from store.announcements import Answer
from store.commands import Prepared, Verb
from store.counts import Count
from store.database import Database
from store.events import WireForm
from store.finds import Find
from store.reads import Read
from store.sentences import Sentences
from store.tabs import Tab, Tabs
from store.upkeep import Upkeep

Brought = TypeVar("Brought")
Shown = Literal["room", "process", "person", "business", "installation"]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What jobs are done with."""

    database: Database
    site: str
    """Where links in letters lead, unless the installation says where."""
    letters: Mapping[str, Any]
    """The kinds of letters, by their names."""
    draw_letter: Callable[[Any], Any]


Job = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """What one folder brings. Who asks for something of all parts goes through them in their order."""

    name: str
    verbs: tuple[Verb | Prepared, ...] = ()
    """What may be asked for."""
    reads: tuple[Read, ...] = ()
    """What may be read over the HTTP API."""
    answers: tuple[Answer, ...] = ()
    """What follows from what is announced elsewhere: its piece of a snapshot, what it hands over."""
    finds: tuple[Find, ...] = ()
    """What is found of it by its words."""
    shown: Mapping[Shown, tuple[type[WireForm], ...]] = field(default_factory=dict)
    """What of it stands in which snapshot."""
    beside: Mapping[str, type] = field(default_factory=dict)
    """What a room's snapshot says of its things."""
    counts: tuple[Count, ...] = ()
    """What is counted of it in a room's snapshot that needn't have it whole."""
    upkeep: Upkeep = field(default_factory=Upkeep)
    """What is forgotten, cleared and derived of it."""
    jobs: Mapping[str, Callable[[Workshop], Job]] = field(default_factory=dict)
    """What a worker does that verbs deferred, by the jobs' names."""
    letters: tuple[Any, ...] = ()
    """The kinds of letters that it posts (``people.mail``)."""
    timeline: Sentences | None = None
    """What is said of its events in a room's timeline."""
    journal: Sentences | None = None
    """What is said of what it notes in the journal."""
    notices: Sentences | None = None
    """What is said of its events to a person, by their own stream."""
    tabs: tuple[Tab, ...] = ()
    """Where in a room it is looked at."""
    at_every_tab: bool = False
    """Whether a room's page has it whole, whichever tab is open."""
    at_tabs: tuple[str, ...] = ()
    """The tabs of those below it at which a room's page has it whole."""

    @property
    def lists(self) -> tuple[str, ...]:
        """These are the names of what is its own in a room's snapshot. What it shows of a process isn't: every snapshot
        has that whole, and it lives by the process's log."""
        of_process = self.shown.get("process", ())
        forms = (form.things for form in self.shown.get("room", ()) if form not in of_process)
        return (*forms, *self.beside)


def of_all(parts: Iterable[Part], bring: Callable[[Part], Iterable[Brought]]) -> tuple[Brought, ...]:
    """This is what all parts bring of something, in their order."""
    return tuple(brought for part in parts for brought in bring(part))


def tabs_of(parts: Iterable[Part]) -> Tabs:
    """These are the tabs of a room's page."""
    parts = tuple(parts)
    tabs = (_with_those_above(tab, parts) for tab in of_all(parts, lambda part: part.tabs))
    return Tabs(
        tuple(sorted(tabs, key=lambda tab: tab.place)),
        tuple(part.name for part in parts if part.at_every_tab),
        {part.name: part.tabs[0].name for part in parts if len(part.tabs) == 1},
    )


def _with_those_above(tab: Tab, parts: Iterable[Part]) -> Tab:
    return replace(tab, needs=(*tab.needs, *(part.name for part in parts if tab.name in part.at_tabs)))
