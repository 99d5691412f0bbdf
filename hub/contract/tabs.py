"""The tabs of a room's page, as TypeScript."""

import json

from hub.parts import TABS

HEAD = """/** The tabs of a room's page. Made from the server's parts by `python -m hub.contract`. */
import type { Part } from "./models/parts";

export const TABS = %(tabs)s as const;
export type Tab = (typeof TABS)[number];

/** The parts of the room that a tab shows whole, beside those that are always there. */
export const NEEDED: Record<Tab, readonly Part[]> = {
%(needed)s};

/** On a phone these share a place. */
export const SHARED: readonly Tab[] = %(shared)s;
"""


def tabs() -> str:
    """This is the whole module."""
    return HEAD % {
        "tabs": json.dumps([tab.name for tab in TABS.all]),
        "needed": "".join(f"  {tab.name}: {json.dumps(tab.needs)},\n" for tab in TABS.all),
        "shared": json.dumps([tab.name for tab in TABS.all if tab.shares_place]),
    }
