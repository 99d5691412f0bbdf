"""What the browser must know of a room's parts and of its tabs, as TypeScript."""

import json
from collections.abc import Iterable, Mapping

from hub.parts import IN_ROOMS, PARTS, TABS
from store.counts import Count
from store.parts import Part
from store.tabs import Tab

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

/** Those that have a place of their own at the bottom of a phone. */
export const PLACES: readonly { tab: Tab; icon: string }[] = [
%(places)s];

/** Those that share one. */
export const SHARED: readonly Tab[] = %(shared)s;
"""

ELEMENTS = """/** What shows the tabs of a room's page. Made from the server's parts by `python -m hub.contract`. */
%(imports)s
import type { TabClass } from "./elements/room/tab-element";
import type { Tab } from "./parts";

export const ELEMENTS: Record<Tab, TabClass> = {
%(elements)s};
"""


def parts() -> str:
    """This is the whole module."""
    return HEAD % {
        "parts": " | ".join(json.dumps(part.name) for part in IN_ROOMS),
        "lists": _fields({part.name: part.lists for part in IN_ROOMS}),
        "counted": "".join(f"  {_counted(part.name, count)},\n" for part in IN_ROOMS for count in part.counts),
        "tabs": json.dumps([tab.name for tab in TABS.all]),
        "needed": _fields({tab.name: tab.needs for tab in TABS.all}),
        "places": "".join(
            f"  {{ tab: {json.dumps(tab.name)}, icon: {json.dumps(tab.icon)} }},\n" for tab in TABS.all if tab.icon
        ),
        "shared": json.dumps([tab.name for tab in TABS.all if tab.shares_place]),
    }


def tab_elements() -> str:
    """This is the whole module. A tab's element stands in the folder of its part, and is called after it."""
    found = sorted(((part, tab) for part in PARTS for tab in part.tabs), key=lambda one: one[1].place)
    return ELEMENTS % {
        "imports": "\n".join(f'import {{ {_class(tab)} }} from "{_module(part, tab)}";' for part, tab in found),
        "elements": "".join(f"  {tab.name}: {_class(tab)},\n" for _part, tab in found),
    }


def _class(tab: Tab) -> str:
    return f"Room{tab.name.capitalize()}Element"


def _module(part: Part, tab: Tab) -> str:
    folder = f"{part.name}/" if part in IN_ROOMS else ""
    return f"./elements/room/{folder}room-{tab.name}"


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
