"""Pictures: what all who look at a room through one lens see of it at one place of its log, read and written as JSON
once for all who come to it at a time, by a page or by a socket.

A room's log and its process's tell whatever changes in a picture, so it holds while both logs stand where they stood.
After a while it is read anew all the same: a room's entries reach back so many days, and grow old untold.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from people.actors import Actor
from rooms.access import RoomPosition, seen_position, visible_room
from rooms.lenses import Lens, lens_of
from rooms.snapshots import common_view, own_view, places_of
from store import scopes
from store.database import Database, to_json
from store.streams import Position

KEPT_SECONDS = 600.0
KEPT_BYTES = 32_000_000
"""So much altogether; a picture that is larger than a quarter of it isn't kept."""

Parts = frozenset[str] | None
"""Those of a room that are wanted whole; None where all are."""
Standpoint = tuple[UUID, Lens, Parts, str]
"""From where all see the same: the room, the lens, the parts, and whose rows are seen."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A room as it is at a place of its log, and of its process's."""

    room_id: UUID
    at: Position
    process_at: Position
    title: str
    default_audience: str
    archived: bool
    members: tuple[UUID, ...]
    fields: dict[str, orjson.Fragment]
    """The snapshot's fields, but for what is the asker's alone."""
    size: int

    def is_of(self, position: RoomPosition) -> bool:
        """Whether nothing was told since, in the room or in its process."""
        return (self.at, self.process_at) == (position.position, position.process)

    def seen_by(self, actor: Actor, unkept: Mapping[str, Any]) -> dict[str, Any]:
        """This is the snapshot for somebody who looks through the picture's lens, with what isn't kept of the room."""
        return {**self.fields, **unkept, "me": own_view(actor, archived=self.archived)}


class Pictures:
    """The pictures of one node, those that were asked for last: from each standpoint the latest."""

    def __init__(self, database: Database, parts: Collection[str], *, bytes_at_most: int = KEPT_BYTES) -> None:
        self._database = database
        self._parts = frozenset(parts)
        """Those that a room can have: other names bring nothing, and keep nothing apart."""
        self._bytes_at_most = bytes_at_most
        self._kept: OrderedDict[Standpoint, tuple[float, Picture]] = OrderedDict()
        self.size = 0

    async def seen(self, actor: Actor, room_id: UUID, parts: Parts = None) -> Picture:
        """This is a room as someone sees it now.

        Raises:
            NotFound: it isn't there, or isn't theirs.
        """
        now = await seen_position(self._database.driver, actor, room_id)
        parts = None if parts is None else parts & self._parts
        standpoint = room_id, lens_of(actor), parts, scopes.setting(actor.within)
        taken_at, picture = self._kept.get(standpoint, (0.0, None))
        if picture is None or taken_at < time.monotonic() - KEPT_SECONDS or not picture.is_of(now):
            picture = await self._taken(actor, room_id, parts)
            self._keep(standpoint, picture)
        else:
            self._kept.move_to_end(standpoint)
        return picture

    async def _taken(self, actor: Actor, room_id: UUID, parts: Parts) -> Picture:
        """A new picture: the room and its place in the logs belong together, whatever happens meanwhile."""
        async with self._database.reading(actor.within) as tx:
            room = await visible_room(tx, actor, room_id)
            at, process_at = await places_of(tx, room)
            snapshot = await common_view(tx, actor, room, parts)
        fields = {name: to_json(value) for name, value in snapshot.items()}
        return Picture(
            room.id,
            at,
            process_at,
            room.row.title,
            room.row.default_audience,
            room.row.archived_at is not None,
            tuple(UUID(member["id"]) for member in snapshot["members"]),
            {name: orjson.Fragment(value) for name, value in fields.items()},
            sum(map(len, fields.values())),
        )

    def _keep(self, standpoint: Standpoint, picture: Picture) -> None:
        self._forget(standpoint)
        if picture.size > self._bytes_at_most / 4:
            return
        self._kept[standpoint] = time.monotonic(), picture
        self.size += picture.size
        while self.size > self._bytes_at_most:
            self._forget(next(iter(self._kept)))

    def _forget(self, standpoint: Standpoint) -> None:
        if standpoint in self._kept:
            _taken_at, picture = self._kept.pop(standpoint)
            self.size -= picture.size
