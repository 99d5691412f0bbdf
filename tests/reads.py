"""Reads in a transaction of the test's own: who a session's token speaks for, a room, a stream's log."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from people.signing.sessions import Session, digest, living
from rooms.access import visible_room
from rooms.snapshots import snapshot_of
from store.database import Transaction
from store.log import read_page
from store.streams import StoredEvent

ALL = 2**31 - 1
"""More bytes than any page has."""


async def actor_of(tx: Transaction, token: str) -> Actor | None:
    """This is who a session's token speaks for, or None when it has ended."""
    session_id = await tx.scalar(select(Session.id).where(Session.token_digest == digest(token)))
    return None if session_id is None else (await living(tx, [session_id])).get(session_id)


async def room_snapshot(tx: Transaction, actor: Actor, room_id: UUID) -> dict[str, Any]:
    """This is a room as the asker sees it."""
    return await snapshot_of(tx, actor, await visible_room(tx, actor, room_id))


async def read_log(
    tx: Transaction, stream: str, after: int, limit: int = 500, audiences: Iterable[str] | None = None
) -> list[StoredEvent]:
    """These are a stream's events after an offset, oldest first; of the given audiences only, if any are given."""
    events, _more = await read_page(tx, stream, after, limit, audiences, bytes_at_most=ALL)
    return events
