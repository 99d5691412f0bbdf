"""The group: for a parent's admin, all businesses below theirs at a glance. It isn't there for who has none."""

from collections.abc import Mapping
from typing import Any

from people.installation.groups import group
from web.declared import Page, Visit


async def reads(visit: Visit) -> Mapping[str, Any]:
    lines = await group(visit.tx, visit.actor)
    return {
        "lines": lines,
        "working": sum(len(line.pieces["working"]) for line in lines),
        "week_seconds": sum(line.pieces["week_seconds"] for line in lines),
        "people": sum(line.people for line in lines),
        "streams": "person business",
    }


PAGE = Page("/group", "group/group.html", reads, at="group", live=True)
