"""Readings: how what stands in a room's events is read, wherever their sentences are said. Who says them knows whose
deed each is, and how things are called there. The browser has the same (``web/client/models/readings.ts``).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rooms.time.hours import seconds_between
from store.sentences import Named, Readings, Told
from web.words.excerpts import plain
from web.words.formatting import hours
from web.words.translations import translated


def readings_in(
    language: str,
    *,
    doer: Callable[[Told], str],
    name: Callable[[Named, str], str | None],
    spoken: Callable[[str], str] = str,
) -> Readings:
    """These are the readings in a language. ``spoken`` puts names where what was written has identifiers."""

    def called(named: Named, id: str) -> str | None:
        found = name(named, id)
        return translated(language, found) if found and named.built_in else found

    return {"doer": doer, "words": lambda body: plain(spoken(body)), "hours": stretch, "name": called}


def stretch(entry: Mapping[str, Any]) -> str | None:
    """This is how long somebody worked, once they have stopped."""
    if not entry.get("stopped_at"):
        return None
    began, stopped = datetime.fromisoformat(entry["started_at"]), datetime.fromisoformat(entry["stopped_at"])
    return hours(seconds_between(began, stopped))
