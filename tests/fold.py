"""The generic fold: old state + events = new state.

State is a snapshot: lists of forms by their plural names, single forms by their own. An event's field that names a
thing is upserted, or dropped when it is gone; one that names a list of things, each of them. That is all; no event
needs code of its own here or in the browser.
"""

from collections.abc import Iterable, Mapping
from typing import Any

State = dict[str, Any]


def fold(state: State, events: Iterable[Mapping[str, Any]], things: Mapping[str, str]) -> State:
    """This is the state after the events. ``things`` maps a thing's name to its list's ("task": "tasks")."""
    for event in events:
        for thing, plural in things.items():
            if (form := event.get(thing)) is not None:
                _put(state, thing, plural, form)
            if thing != plural:
                for form in event.get(plural) or ():
                    _put(state, thing, plural, form)
    return state


def _put(state: State, thing: str, plural: str, form: dict[str, Any]) -> None:
    gone = bool(form.get("gone"))
    if thing == plural:
        state[thing] = None if gone else form
        return
    listed = state.setdefault(plural, [])
    place = next((i for i, known in enumerate(listed) if known["id"] == form["id"]), None)
    if gone:
        if place is not None:
            del listed[place]
    elif place is None:
        listed.append(form)
    else:
        listed[place] = form
