"""Streams: what a live part of a page listens to."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from people.actors import Actor
from rooms.access import Room
from store.database import Transaction
from store.log import heads
from store.streams import Position

ROOMS_AT_MOST = 24


async def streams_of(tx: Transaction, actor: Actor, room_ids: Iterable[UUID]) -> str:
    """These are the streams in which a page about rooms can change, for ``<live-part>``.

    Each is with its place in the log at this moment, a room with that in its process's log, too: what happens after
    it, the browser is told.
    """
    processes = await _processes_of(tx, list(room_ids)[:ROOMS_AT_MOST])
    own = {"person": f"person:{actor.id}"}
    if actor.of_the_team:
        own["business"] = f"business:{actor.business_id}"
    places = await heads(tx, [*processes, *processes.values(), *own.values()])
    return " ".join(
        [
            *(_at(name, places.get(stream)) for name, stream in own.items()),
            *(_at(name, places[name], places.get(process)) for name, process in processes.items() if name in places),
        ]
    )


async def _processes_of(tx: Transaction, room_ids: list[UUID]) -> dict[str, str]:
    """The rooms' streams, in the order given, with those of their processes."""
    rows = await tx.execute(select(Room.id, Room.process_id).where(Room.id.in_(room_ids)))
    found = {row.id: row.process_id for row in rows}
    return {f"room:{id}": f"process:{found[id]}" for id in room_ids if id in found}


def _at(name: str, *places: Position | None) -> str:
    return "@".join([name, *(f"{place.epoch}:{place.offset}" if place else ":0" for place in places)])
