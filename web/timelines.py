"""Timelines: a room's events in words, as the browser says them too (``web/client/models/timeline.ts``)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rooms.lenses import for_the_team
from store.sentences import Readings, Sentences
from web.words.activity import plain
from web.words.formatting import reader
from web.words.mentions import spoken
from web.words.sentences import in_words, stretch
from web.words.signatures import bearer, doer
from web.words.translations import translated

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
    readings = _readings(room, names, reader().language)
    for event in events:
        if said := sentences.said(event | {"bearer": bearer(event)}, readings):
            yield Line(event, in_words(said, reader().language), _tells_the_team(event))


def _tells_the_team(event: Event) -> bool:
    things = (thing for thing in event.values() if isinstance(thing, dict))
    return any(for_the_team(thing["audience"]) for thing in things if "audience" in thing)


def _readings(room: Mapping[str, Any], names: Mapping[str, str], language: str) -> Readings:
    process = room["process"]
    stages = {stage["id"]: stage["name"] for stage in (*process["room_stages"], *process["task_stages"])}
    return {
        "doer": lambda event: doer(event, names),
        "person": names.get,
        "words": lambda body: plain(spoken(body, names)),
        "task": {task["id"]: task["title"] for task in room["tasks"]}.get,
        "file": {file["id"]: file["name"] for file in room["files"]}.get,
        "stage": lambda stage_id: translated(language, stages.get(stage_id, "")),
        "hours": stretch,
    }
