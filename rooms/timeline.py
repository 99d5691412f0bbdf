"""The timeline: everything that happened in a room, read from its log, the newest first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from rooms.access import SeenRoom
from store.database import Transaction
from store.log import head, stored
from store.pages import page_of
from store.streams import EventRow


async def timeline(
    tx: Transaction,
    room: SeenRoom,
    *,
    before: int | None = None,
    names: Sequence[str] = (),
    person_id: UUID | None = None,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], bool]:
    """These are a room's events through a lens, before an offset, of the given names, by one person or for them; and
    whether there are earlier ones. Long ones come fewer at a time."""
    stream = room.stream.name
    query = select(EventRow).where(EventRow.stream == stream, EventRow.audience.in_(room.audiences))
    if before is not None:
        query = query.where(EventRow.offset < before)
    if names:
        query = query.where(EventRow.name.in_(names))
    if person_id is not None:
        query = query.where(or_(EventRow.actor_id == person_id, EventRow.on_behalf_of == person_id))
    epoch = (await head(tx, stream)).epoch
    newest_first = [EventRow.offset.desc()]
    rows, earlier = await page_of(tx, query, newest_first, EventRow.body, count_at_most=min(limit, 200))
    return [{"name": row.name, **stored(row, epoch).wire()} for row in rows], earlier
