"""Timelines: a room's events in words, as the browser says them too (``web/client/models/timeline.ts``)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from rooms.lenses import for_the_team
from store.sentences import Named, Readings, Sentences, at
from web.words.formatting import reader
from web.words.mentions import spoken
from web.words.readings import readings_in
from web.words.sentences import in_words
from web.words.signatures import bearer, doer

Event = dict[str, Any]


class Line(NamedTuple):
    """An event with its sentence, and whether it tells of something that clients don't see."""

    event: Event
    text: str
    for_team: bool


def timeline_lines(
    sentences: Sentences, events: Iterable[Event], room: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[Line]:
    """These are the lines of events; those of which nothing is said have none. ``room`` is a snapshot, and ``names``
    are those of people and departments that the reader sees."""
    readings = room_readings(room, names, reader().language)
    for event in events:
        if said := sentences.said(event | {"bearer": bearer(event)}, readings):
            yield Line(event, in_words(said, reader().language), _tells_the_team(event))


def _tells_the_team(event: Event) -> bool:
    things = (thing for thing in event.values() if isinstance(thing, dict))
    return any(for_the_team(thing["audience"]) for thing in things if "audience" in thing)


def room_readings(room: Mapping[str, Any], names: Mapping[str, str], language: str) -> Readings:
    """These are the readings of a room's events for somebody who sees its snapshot, and these names."""

    @cache
    def listed(named: Named) -> Mapping[str, str]:
        return {thing["id"]: thing[named.field] for thing in at(room, named.things) or ()}

    return readings_in(
        language,
        doer=lambda event: doer(event, names),
        name=lambda named, known: names.get(known) or listed(named).get(known),
        spoken=lambda body: spoken(body, names),
    )
