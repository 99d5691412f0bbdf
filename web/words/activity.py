"""Activity in words: what an event says to someone who reads of it at home."""

from collections.abc import Iterable, Mapping
from typing import Any

from rooms.lenses import for_the_team
from rooms.wall.addressees import spoken
from store.sentences import Readings, Sentences
from web.words.readings import readings_in
from web.words.sentences import in_markup
from web.words.signatures import signed

ActivityEvent = dict[str, Any]


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
    names = event["names"]
    return readings_in(
        language,
        doer=lambda _: signed(event["actor_name"] or "Atrium", event["acted_by"], language),
        name=lambda _named, known: names.get(known),
        spoken=lambda body: spoken(body, names),
    )
