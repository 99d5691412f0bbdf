"""Folding: a room's snapshot goes on by what was told since it was read, as a browser's state does.

A snapshot leaves out what is old or isn't wanted. So of what it lacks, only what is new surely belongs in it; where
events speak of anything else that it lacks, they don't tell enough, and the room is to be read anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from store.counts import Count
from store.events import WireForm
from store.ids import made_until

Told = Mapping[str, Any]
"""An event, as the wire has it."""
Thing = dict[str, Any]
Carried = tuple[type[WireForm], Thing]


class TooLittleTold(Exception):
    """What a snapshot is now can't be known from it and the events since."""


class Folding:
    """How a room's snapshots are folded: of which forms they are made, and what they count of them."""

    def __init__(self, forms: Iterable[type[WireForm]], counts: Iterable[Count]) -> None:
        self._forms = tuple(forms)
        self._counts = tuple(counts)

    def changes(self, snapshot: Mapping[str, bytes], events: Iterable[Told], read_at: datetime) -> dict[str, Any]:
        """These are the fields of a snapshot that events change, as they are after them.

        Raises:
            TooLittleTold: the events don't say how they are.
        """
        fields, changed = Fields(snapshot), set[str]()
        for event in events:
            for kind, thing in self._carried(event):
                if "counts" in snapshot:
                    self._count(fields, kind, thing, event["name"])
                    changed.add("counts")
                _put(fields, kind, thing, read_at)
                changed.add(kind.things)
        return {name: fields[name] for name in changed}

    def _carried(self, event: Told) -> Iterator[Carried]:
        """The things that an event carries, alone or in a list."""
        for kind in self._forms:
            if (one := event.get(kind.thing)) is not None:
                yield kind, _of_this_version(kind, one)
            if kind.thing != kind.things:
                yield from ((kind, _of_this_version(kind, each)) for each in event.get(kind.things) or ())

    def _count(self, fields: "Fields", kind: type[WireForm], thing: Thing, told_by: str) -> None:
        for count in self._counts:
            if count.of is not kind:
                continue
            known = _known(fields[kind.things], thing["id"])
            if known is None and told_by != count.added_by.wire_name:
                raise TooLittleTold()
            fields["counts"][count.name] += int(_counts(count, thing)) - int(
                known is not None and _counts(count, known)
            )


class Fields(dict[str, Any]):
    """A snapshot's fields, each read from its JSON when it is first needed."""

    def __init__(self, snapshot: Mapping[str, bytes]) -> None:
        self._snapshot = snapshot

    def __missing__(self, name: str) -> Any:
        self[name] = read = orjson.loads(self._snapshot[name])
        return read


def _of_this_version(kind: type[WireForm], thing: Thing) -> Thing:
    """A thing as it was told; by a hub of another version that may be more, or less, than is to be known here."""
    if not _is_gone(thing):
        fields = kind.model_fields
        lacks = any(field.is_required() and name not in thing for name, field in fields.items())
        if lacks or not thing.keys() <= fields.keys() | kind.model_computed_fields.keys():
            raise TooLittleTold()
    return thing


def _put(fields: Fields, kind: type[WireForm], thing: Thing, read_at: datetime) -> None:
    if kind.thing == kind.things:
        fields[kind.things] = thing
        return
    listed, known = fields[kind.things], _known(fields[kind.things], thing["id"])
    if known is None and (_is_gone(thing) or not _is_new(thing, read_at)):
        raise TooLittleTold()
    _must_be_beside(fields, kind, thing)
    if known is None:
        listed.append(thing)
    elif _is_gone(thing):
        listed.remove(known)
    else:
        listed[listed.index(known)] = thing


def _must_be_beside(fields: Fields, kind: type[WireForm], thing: Thing) -> None:
    """Whatever a thing speaks of stands in its snapshot, too."""
    for field, things in kind.speaks_of.items():
        spoken_of = thing.get(field) or ()
        ids = (spoken_of,) if isinstance(spoken_of, str) else spoken_of
        if any(_known(fields[things], id) is None for id in ids):
            raise TooLittleTold()


def _known(listed: list[Thing], id: str) -> Thing | None:
    return next((each for each in listed if each["id"] == id), None)


def _is_new(thing: Thing, read_at: datetime) -> bool:
    made = made_until(UUID(thing["id"]))
    return made is not None and made > read_at


def _is_gone(thing: Thing) -> bool:
    return thing.get("gone") is True


def _counts(count: Count, thing: Thing) -> bool:
    return not _is_gone(thing) and (count.without is None or not thing[count.without])
