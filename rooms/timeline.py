"""The timeline: everything that happened in a room, read from its log, the newest first."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from rooms.doors import SeenRoom
from store.database import Transaction
from store.log import EventRow, head, stored
from store.pages import page_of, weight


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
    keys = select(EventRow.offset, weight(EventRow.body)).where(
        EventRow.stream == stream, EventRow.audience.in_(room.audiences)
    )
    if before is not None:
        keys = keys.where(EventRow.offset < before)
    if names:
        keys = keys.where(EventRow.name.in_(names))
    if person_id is not None:
        keys = keys.where(or_(EventRow.actor_id == person_id, EventRow.on_behalf_of == person_id))
    found, earlier = await page_of(tx, keys.order_by(EventRow.offset.desc()), min(limit, 200))
    epoch = (await head(tx, stream)).epoch
    rows = await tx.scalars(
        select(EventRow).where(EventRow.stream == stream, EventRow.offset.in_(found)).order_by(EventRow.offset.desc())
    )
    return [{"name": row.name, **stored(row, epoch).wire()} for row in rows], earlier
