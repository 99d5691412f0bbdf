"""Activity in words: what an event says to someone who reads of it at home."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rooms.lenses import for_the_team
from store.sentences import Readings, Sentences
from store.texts.texts import is_seen
from web.words.sentences import in_markup, stretch
from web.words.signatures import signed
from web.words.translations import translated

ActivityEvent = dict[str, Any]
SHORT = 110
LOOKED_AT = 2_000
SIGNS = re.compile(r"\[(?P<words>[^\[\]]*)\]\([^()]*\)|[*`~]+|^[^\S\n]*(?:[>#-]+|\d+\.)[^\S\n]", re.MULTILINE)
"""None of its parts looks past the next sign that could begin one: what it costs grows with the text alone."""


def said(
    sentences: Sentences, tabs: Mapping[str, str], activity: Iterable[ActivityEvent], language: str
) -> list[dict[str, Any]]:
    """This is activity as a page shows it: icon, sentence, room, moment, and at which of the room's tabs to look."""
    return [line for event in activity if (line := _said(sentences, tabs, event, language))]


def _said(sentences: Sentences, tabs: Mapping[str, str], event: ActivityEvent, language: str) -> dict[str, Any] | None:
    sentence = sentences.said(event, _readings(event, language))
    if sentence is None:
        return None
    return {
        "icon": sentence.icon,
        "text": in_markup(sentence, language),
        "for_team": for_the_team(event["audience"]),
        "room_id": event["room_id"],
        "room_title": event["room_title"],
        "tab": f"/{tabs[sentence.kind]}" if sentence.kind in tabs else "",
        "at": event["recorded_at"],
    }


def _readings(event: ActivityEvent, language: str) -> Readings:
    """Names come beside the event."""
    worker = (event.get("entry") or {}).get("person_id")
    return {
        "doer": lambda _: signed(event["actor_name"] or "Atrium", event["acted_by"], language),
        "person": {worker: event["worker_name"]}.get,
        "words": plain,
        "task": lambda _: event["task_title"],
        "file": lambda _: None,
        "stage": lambda _: translated(language, event["stage_name"] or ""),
        "hours": stretch,
    }


def plain(markdown: str) -> str:
    """This is the beginning of a Markdown text without its signs, for a line in a list; with them, where it has no
    more than those."""
    text = markdown[:LOOKED_AT]
    bare = SIGNS.sub(lambda found: found["words"] or "", text)
    words = " ".join((bare if is_seen(bare) else text).split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
