"""Whether what a log holds can be said: for tests that have much happen."""

from sqlalchemy import select

from hub.parts import NOTICES, TIMELINE
from people.sentences import HISTORY
from store.database import Database
from store.events import Event
from store.scopes import EVERYWHERE
from store.streams import EventRow


async def unsaid(database: Database) -> set[str]:
    """These are events that stand in a log and have no sentence there, and don't say that they need none."""
    async with database.reading(EVERYWHERE) as tx:
        rows = await tx.execute(select(EventRow.stream, EventRow.name).distinct())
    found = {(stream.partition(":")[0], name) for stream, name in rows}
    assert {kind for kind, _name in found} >= {"room", "person", "business"}, "little happened"
    return {f"{kind}: {name}" for kind, name in found if not _is_declared(kind, name)}


def _is_declared(kind: str, name: str) -> bool:
    if Event.registry[name].silent:
        return True
    if kind == "room":
        return name in TIMELINE or name in TIMELINE.silent
    if kind == "person":
        return name in NOTICES or name in NOTICES.silent
    return name in HISTORY or not name.startswith("person.")
