"""Streams: what a live part of a page listens to."""

from collections.abc import Iterable
from uuid import UUID

from people.actors import Actor
from store.database import Transaction
from store.log import heads

ROOMS_AT_MOST = 24


async def streams_of(tx: Transaction, actor: Actor, room_ids: Iterable[UUID]) -> str:
    """These are the streams in which a page about rooms can change, for ``<live-part>``.

    Each room's is with its place in the log at this moment: what happens after it, the browser is told.
    """
    names = [f"room:{id}" for id in list(room_ids)[:ROOMS_AT_MOST]]
    places = await heads(tx, names)
    rooms = [f"{name}@{places[name].epoch}:{places[name].offset}" for name in names if name in places]
    return " ".join(["person", *(["business"] if actor.of_the_team else []), *rooms])
