"""Counts: how many there are of something in a room whose snapshot may not have it whole. Each part says its own; the
contract and the browser, which goes on counting by what it is told, are made of them.
"""

from dataclasses import dataclass

from store.events import Event, WireForm


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of one thing."""

    name: str
    of: type[WireForm]
    added_by: type[Event]
    """What tells of a new one. What comes otherwise, and was never heard of, may have been counted already."""
    without: str | None = None
    """The field that is empty in those that count, where not all do."""
