"""What the browser must know of a room's parts and of its tabs, as TypeScript."""

import json
from collections.abc import Iterable, Mapping

from hub.parts import IN_ROOMS, TABS
from store.counts import Count

HEAD = """/** A room's parts, and the tabs of its page. Made from the server's parts by `python -m hub.contract`. */
import type { Counts, EventName, Snapshot, ThingName } from "./contract";

export type Part = %(parts)s;

/** What is a part's of a room's state. */
export const LISTS: Record<Part, readonly (keyof Snapshot)[]> = {
%(lists)s};

/** How many there are of a part's things, here or not; of those that have no such field yet where one is named. */
export interface Counted {
  name: keyof Counts;
  part: Part;
  thing: ThingName;
  /** What tells of a new one. */
  addedBy: EventName;
  without?: string;
}

export const COUNTED: readonly Counted[] = [
%(counted)s];

export const TABS = %(tabs)s as const;
export type Tab = (typeof TABS)[number];

/** The parts of the room that a tab shows whole, beside those that are always there. */
export const NEEDED: Record<Tab, readonly Part[]> = {
%(needed)s};

/** On a phone these share a place. */
export const SHARED: readonly Tab[] = %(shared)s;
"""


def parts() -> str:
    """This is the whole module."""
    return HEAD % {
        "parts": " | ".join(json.dumps(part.name) for part in IN_ROOMS),
        "lists": _fields({part.name: part.lists for part in IN_ROOMS}),
        "counted": "".join(f"  {_counted(part.name, count)},\n" for part in IN_ROOMS for count in part.counts),
        "tabs": json.dumps([tab.name for tab in TABS.all]),
        "needed": _fields({tab.name: tab.needs for tab in TABS.all}),
        "shared": json.dumps([tab.name for tab in TABS.all if tab.shares_place]),
    }


def _counted(part: str, count: Count) -> str:
    fields = {
        "name": count.name,
        "part": part,
        "thing": count.of.thing,
        "addedBy": count.added_by.wire_name,
        **({} if count.without is None else {"without": count.without}),
    }
    return "{ " + ", ".join(f"{name}: {json.dumps(value)}" for name, value in fields.items()) + " }"


def _fields(lists: Mapping[str, Iterable[str]]) -> str:
    return "".join(f"  {name}: {json.dumps(list(names))},\n" for name, names in lists.items())
