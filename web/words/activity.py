"""Activity in words: what an event says to someone who reads of it at home."""

import re
from collections.abc import Iterable
from typing import Any

from store.sentences import Readings, Sentences
from store.texts.texts import is_seen
from web.words.sentences import in_markup, stretch
from web.words.signatures import signed
from web.words.translations import translated

Happening = dict[str, Any]
SHORT = 110
LOOKED_AT = 2_000
SIGNS = re.compile(r"\[(?P<words>[^\[\]]*)\]\([^()]*\)|[*`~]+|^[^\S\n]*(?:[>#-]+|\d+\.)[^\S\n]", re.MULTILINE)
"""None of its parts looks past the next sign that could begin one: what it costs grows with the text alone."""
TABS = {"wall": "/wall", "tasks": "/tasks", "time": "/timesheet", "files": "/files"}
"""Where in a room a kind is looked at."""


def said(sentences: Sentences, happenings: Iterable[Happening], language: str) -> list[dict[str, Any]]:
    """These are happenings as a page shows them: icon, sentence, room, moment, and where to go."""
    return [line for happening in happenings if (line := _said(sentences, happening, language))]


def _said(sentences: Sentences, happening: Happening, language: str) -> dict[str, Any] | None:
    sentence = sentences.said(happening, _readings(happening, language))
    if sentence is None:
        return None
    return {
        "icon": sentence.icon,
        "text": in_markup(sentence, language),
        "for_team": happening["audience"] == "team",
        "room_id": happening["room_id"],
        "room_title": happening["room_title"],
        "tab": TABS.get(sentence.kind, ""),
        "at": happening["recorded_at"],
    }


def _readings(happening: Happening, language: str) -> Readings:
    """Names come beside the event."""
    worker = (happening.get("entry") or {}).get("person_id")
    return {
        "doer": lambda _: signed(happening["actor_name"] or "Atrium", happening["acted_by"], language),
        "person": {worker: happening["worker_name"]}.get,
        "words": plain,
        "task": lambda _: happening["task_title"],
        "file": lambda _: None,
        "stage": lambda _: translated(language, happening["stage_name"] or ""),
        "hours": stretch,
    }


def plain(markdown: str) -> str:
    """This is the beginning of a Markdown text without its signs, for a line in a list; with them, where it has no
    more than those."""
    text = markdown[:LOOKED_AT]
    bare = SIGNS.sub(lambda found: found["words"] or "", text)
    words = " ".join((bare if is_seen(bare) else text).split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1].rstrip()}…"
