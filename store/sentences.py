"""Sentences: what is said of an event, declared once beside the events, for every page and for the browser.

A sentence is one or several patterns, of which the first is said whose conditions hold and whose blanks are all known:
``{who} stopped working on {what}`` comes before ``{who} stopped working``. Where a blank's filling is found is declared
too, as the places in the event where it may stand and how it is read there; so the browser
(``web/client/models/sentences.ts``) says the same, and both are held to ``tests/shared/sentences.json``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.events import Event, WireForm

Told = Mapping[str, Any]
"""An event as the wire has it, with its ``name``, and with what the reader's side adds, such as whose deed it is."""
Readings = Mapping[str, Callable[..., str | None]]
"""How what stands in an event is read, by name: an entry as its hours, what somebody wrote as its beginning. ``text``
is as it stands; ``name`` is given what is ``Named``, too."""
BLANK = re.compile(r"\{(\w+)\}")


def at(told: Told, path: str) -> Any:
    """This is what stands at a place in an event, such as ``task.title``; the empty path is the event itself."""
    found: Any = told
    for name in filter(None, path.split(".")):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class Is:
    """At a place stands just this."""

    path: str
    value: Any

    def holds(self, told: Told) -> bool:
        return bool(at(told, self.path) == self.value)


@dataclass(frozen=True, slots=True)
class Same:
    """At two places stands the same."""

    path: str
    other: str

    def holds(self, told: Told) -> bool:
        found = at(told, self.path)
        return found is not None and bool(found == at(told, self.other))


@dataclass(frozen=True, slots=True)
class Differs:
    """At two places stand two things."""

    path: str
    other: str

    def holds(self, told: Told) -> bool:
        found, other = at(told, self.path), at(told, self.other)
        return None not in (found, other) and bool(found != other)


Condition = Is | Same | Differs


@dataclass(frozen=True, slots=True)
class Named:
    """How an identifier is read: as the name of what it means."""

    things: str
    """Where in the snapshot of a room their list stands."""
    field: str = "name"
    built_in: bool = False
    """Whether a name may be the installation's own, which every reader sees in their language."""


@dataclass(frozen=True, slots=True)
class FromEvent:
    """A place where a blank's filling may stand, and how it is read."""

    path: str
    reading: str | Named = "text"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What fills a blank where nothing is found before, if there is something at a place; it is translated."""

    text: str
    path: str = ""


Source = FromEvent | Otherwise
Blanks = Mapping[str, tuple[Source, ...]]
DOER: tuple[Source, ...] = (FromEvent("", "doer"),)
"""Fills a blank with whose deed the event is."""
NOBODY = "–"
"""Stands for a name that the reader doesn't see."""


@dataclass(frozen=True, slots=True)
class Say:
    """A pattern, when it is said, and its icon where that isn't the sentence's."""

    pattern: str
    conditions: tuple[Condition, ...] = ()
    icon: str = ""
    says_all: bool = False
    """Whether no details need stand behind it."""

    @property
    def blanks(self) -> list[str]:
        return BLANK.findall(self.pattern)


@dataclass(frozen=True, slots=True)
class Fact:
    """That a thing tells of an event by being as it is, so that a room's wall shows it between the messages: what has a
    day of completion was completed.
    """

    of: type[WireForm]
    at: str
    """The field that says when it happened; while that is empty it hasn't."""
    by: str = ""
    """The field that says who did it, if one does."""
    shorter: str = ""
    """What is said of it rather than the sentence's own patterns, where its blanks are known."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of an event, and the kind that one may ask for; a log that tells of no events has words for names.

    ``latest`` says whether it stands among the latest that one is shown without asking: at home, or in the journal.
    """

    name: str
    says: tuple[Say, ...]
    kind: str
    icon: str = ""
    latest: bool = False
    fact: Fact | None = None

    @property
    def patterns(self) -> list[str]:
        """These are all that can be said of it."""
        shorter = [self.fact.shorter] if self.fact and self.fact.shorter else []
        return [*shorter, *(say.pattern for say in self.says)]


LATEST = ""
"""As a kind: the latest, which one is shown without asking."""


def when(pattern: str, *conditions: Condition, icon: str = "", says_all: bool = False) -> Say:
    """This is a pattern that is said where all conditions hold."""
    return Say(pattern, conditions, icon, says_all)


def only(field: str) -> Is:
    """This is the condition that just this field was changed."""
    return Is("changed", [field])


def sentence(
    of: type[Event] | str,
    *says: Say | str,
    kind: str,
    icon: str = "",
    latest: bool = False,
    fact: Fact | None = None,
) -> Sentence:
    """This is the sentence of an event; a pattern alone is said whenever its blanks are known."""
    patterns = tuple(Say(each) if isinstance(each, str) else each for each in says)
    return Sentence(_name_of(of), patterns, kind, icon, latest, fact)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one event: a pattern, still in English, and what its blanks are filled with."""

    pattern: str
    params: dict[str, str | Otherwise]
    icon: str
    kind: str
    says_all: bool = False


def _name_of(event: type[Event] | str) -> str:
    return event if isinstance(event, str) else event.wire_name


class Sentences(Mapping[str, Sentence]):
    """The sentences of one log, by the names of its events.

    ``silent`` are the events of which nothing is said there: each follows from one that is said, or is for a list.
    ``kinds`` are those that one can ask for, as they are called; ``place`` is where they are offered among those of
    other tables. ``details`` are the words for what may stand behind a sentence, by how it was noted: a field that was
    changed, a way, a reason.

    Raises:
        ValueError: an event is listed twice, or a blank is declared nowhere.
    """

    def __init__(
        self,
        *sentences: Sentence,
        blanks: Blanks,
        silent: Iterable[type[Event] | str] = (),
        kinds: Mapping[str, str] | None = None,
        place: int = 0,
        details: Mapping[str, str] | None = None,
    ) -> None:
        unsaid = [_name_of(event) for event in silent]
        names = [*(sentence.name for sentence in sentences), *unsaid]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"listed twice: {', '.join(sorted(twice))}")
        used = {blank for sentence in sentences for pattern in sentence.patterns for blank in BLANK.findall(pattern)}
        if unknown := used - blanks.keys():
            raise ValueError(f"declared nowhere: {', '.join(sorted(unknown))}")
        self.blanks = blanks
        self.kinds = kinds or {}
        self.place = place
        self.details = details or {}
        self.silent = frozenset(unsaid)
        self._by_name = {sentence.name: sentence for sentence in sentences}

    def __getitem__(self, name: str) -> Sentence:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def of(self, *kinds: str) -> tuple[str, ...]:
        """These are the names of the events of some kinds."""
        return tuple(name for name, each in self.items() if each.kind in kinds or (each.latest and LATEST in kinds))

    @property
    def latest(self) -> tuple[str, ...]:
        return self.of(LATEST)

    def said(self, told: Told, readings: Readings) -> Said | None:
        """This is what is said of an event; None where that is nothing."""
        sentence = self.get(told["name"])
        for say in sentence.says if sentence else ():
            if all(condition.holds(told) for condition in say.conditions):
                found = {blank: self._filling(blank, told, readings) for blank in say.blanks}
                params = {blank: filling for blank, filling in found.items() if filling}
                if sentence and len(params) == len(found):
                    return Said(say.pattern, params, say.icon or sentence.icon, sentence.kind, say.says_all)
        return None

    def _filling(self, blank: str, told: Told, readings: Readings) -> str | Otherwise | None:
        for source in self.blanks[blank]:
            there = at(told, source.path)
            if there is None:
                continue
            if isinstance(source, Otherwise):
                return source
            if filling := _read(source.reading, there, readings):
                return filling
        return None


def _read(reading: str | Named, there: Any, readings: Readings) -> str | None:
    if isinstance(reading, Named):
        return readings["name"](reading, there)
    return str(there) if reading == "text" else readings[reading](there)


def joined(*tables: Sentences) -> Sentences:
    """These are the sentences that several folders have for one log. What fills a blank is looked for at the places
    that each of them names, in their order.

    Raises:
        ValueError: an event is listed twice, or a place would never be looked at.
    """
    blanks: dict[str, tuple[Source, ...]] = {}
    for table in tables:
        for name, sources in table.blanks.items():
            blanks[name] = tuple(dict.fromkeys((*blanks.get(name, ()), *sources)))
    if lost := [name for name, sources in blanks.items() if any(map(_always_fills, sources[:-1]))]:
        raise ValueError(f"always filled before: {', '.join(sorted(lost))}")
    silent = [name for table in tables for name in table.silent]
    sentences = [each for table in tables for each in table.values()]
    offered = sorted(tables, key=lambda table: table.place)
    kinds = {kind: called for table in offered for kind, called in table.kinds.items()}
    details = {noted: words for table in tables for noted, words in table.details.items()}
    return Sentences(*sentences, blanks=blanks, silent=silent, kinds=kinds, details=details)


def _always_fills(source: Source) -> bool:
    return isinstance(source, Otherwise) and not source.path
