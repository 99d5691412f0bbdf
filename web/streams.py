"""Streams: what a live part of a page listens to."""

from collections.abc import Iterable
from uuid import UUID

from people.actors import Actor
from store.database import Transaction
from store.log import Position, heads

ROOMS_AT_MOST = 24


async def streams_of(tx: Transaction, actor: Actor, room_ids: Iterable[UUID]) -> str:
    """These are the streams in which a page about rooms can change, for ``<live-part>``.

    Each is with its place in the log at this moment: what happens after it, the browser is told.
    """
    rooms = [f"room:{id}" for id in list(room_ids)[:ROOMS_AT_MOST]]
    own = {"person": f"person:{actor.id}"}
    if actor.of_the_team:
        own["business"] = f"business:{actor.business_id}"
    places = await heads(tx, [*rooms, *own.values()])
    return " ".join(
        [
            *(_at(name, places.get(stream)) for name, stream in own.items()),
            *(_at(name, places[name]) for name in rooms if name in places),
        ]
    )


def _at(name: str, place: Position | None) -> str:
    return f"{name}@{place.epoch}:{place.offset}" if place else f"{name}@:0"
