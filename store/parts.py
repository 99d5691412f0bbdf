"""Parts: what each folder brings to the whole, said in one object in its ``part.py``. ``hub.parts`` lists them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from store.announcements import Answer
from store.commands import Prepared, Verb
from store.events import Form
from store.reads import Read
from store.sentences import Sentences

Brought = TypeVar("Brought")
Shown = Literal["room", "process", "person", "business", "installation"]


@dataclass(frozen=True)
class Part:
    """What one folder brings. Who asks for something of all parts goes through them in their order."""

    name: str
    verbs: tuple[Verb | Prepared, ...] = ()
    """What may be asked for."""
    reads: tuple[Read, ...] = ()
    """What may be read over the HTTP API."""
    answers: tuple[Answer, ...] = ()
    """What follows from what is announced elsewhere: its piece of a snapshot, what it finds, what it hands over."""
    shown: Mapping[Shown, tuple[type[Form], ...]] = field(default_factory=dict)
    """What of it stands in which snapshot."""
    beside: Mapping[str, type] = field(default_factory=dict)
    """What a room's snapshot says of its things."""
    counts: tuple[str, ...] = ()
    """What is counted of it in a room's snapshot that needn't have it whole."""
    timeline: Sentences | None = None
    """What is said of its events in a room's timeline."""
    notices: Sentences | None = None
    """What is said of its events to a person, by their own stream."""


def of_all(parts: Iterable[Part], bring: Callable[[Part], Iterable[Brought]]) -> tuple[Brought, ...]:
    """This is what all parts bring of something, in their order."""
    return tuple(brought for part in parts for brought in bring(part))
