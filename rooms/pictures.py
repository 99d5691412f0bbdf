"""Pictures: what all who look at a room through one lens see of it at one place of its log, read and written as JSON
once for all who come to it at a time, by a page or by a socket.

A room's log and its process's tell whatever changes in a picture, so it holds while both logs stand where they stood,
and goes on by what they told since (``rooms.folding``). After a while, or after much was told, it is read anew all the
same: a room's entries reach back so many days, and grow old untold; a page of its wall is no longer than it may be.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from people.actors import Actor
from rooms.access import RoomPosition, seen_position, visible_room
from rooms.folding import Folding, TooLittleTold
from rooms.lenses import Lens, audiences_of, lens_of
from rooms.snapshots import common_view, own_view, places_of
from store import scopes
from store.database import Database, to_json
from store.log import told_between
from store.streams import Position

KEPT_FOR = timedelta(minutes=10)
KEPT_BYTES = 32_000_000
"""So much altogether; a picture that is larger than a quarter of it isn't kept."""
FOLDED_AT_MOST = 50
"""So many events are folded into what was read once."""
FOLDED_BYTES_AT_MOST = 64 * 1024
"""So large they may be together each time."""

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
    fields: dict[str, bytes]
    """The snapshot's fields as JSON, but for what is the asker's alone."""
    read_at: datetime
    folded: int = 0
    """How many events were folded into it since it was read, or passed its lens by."""

    @property
    def size(self) -> int:
        return sum(map(len, self.fields.values()))

    def is_of(self, position: RoomPosition) -> bool:
        """Whether nothing was told since, in the room or in its process."""
        return (self.at, self.process_at) == (position.position, position.process)

    def seen_by(self, actor: Actor, unkept: Mapping[str, Any]) -> dict[str, Any]:
        """This is the snapshot for somebody who looks through the picture's lens, with what isn't kept of the room."""
        fields = {name: orjson.Fragment(value) for name, value in self.fields.items()}
        return {**fields, **unkept, "me": own_view(actor, archived=self.archived)}


class Pictures:
    """The pictures of one node, those that were asked for last: from each standpoint the latest."""

    def __init__(
        self, database: Database, parts: Collection[str], folding: Folding, *, bytes_at_most: int = KEPT_BYTES
    ) -> None:
        self._database = database
        self._folding = folding
        self._parts = frozenset(parts)
        """Those that a room can have: other names bring nothing, and keep nothing apart."""
        self._bytes_at_most = bytes_at_most
        self._kept: OrderedDict[Standpoint, Picture] = OrderedDict()
        self.size = 0

    async def seen(self, actor: Actor, room_id: UUID, parts: Parts = None) -> Picture:
        """This is a room as someone sees it now.

        Raises:
            NotFound: it isn't there, or isn't theirs.
        """
        now = await seen_position(self._database.driver, actor, room_id)
        parts = None if parts is None else parts & self._parts
        standpoint = room_id, lens_of(actor), parts, scopes.setting(actor.within)
        known = self._kept.get(standpoint)
        if known is None or known.read_at < self._database.clock() - KEPT_FOR:
            picture = await self._taken(actor, room_id, parts)
        elif not known.is_of(now):
            picture = await self._gone_on(actor, known, now) or await self._taken(actor, room_id, parts)
        else:
            self._kept.move_to_end(standpoint)
            return known
        self._keep(standpoint, picture)
        return picture

    async def _gone_on(self, actor: Actor, picture: Picture, now: RoomPosition) -> Picture | None:
        """A picture as it is further on in the logs; None where what they told since is too much, or too little."""
        told: list[orjson.Fragment] = []
        folded = picture.folded
        for before, at in ((picture.at, now.position), (picture.process_at, now.process)):
            folded += at.offset - before.offset
            if not _leads_to(before, at) or folded > FOLDED_AT_MOST:
                return None
            since = await told_between(
                self._database.driver,
                at,
                before.offset,
                audiences_of(lens_of(actor)),
                count_at_most=FOLDED_AT_MOST,
                bytes_at_most=FOLDED_BYTES_AT_MOST,
            )
            if since is None:
                return None
            told += since
        try:
            changes = self._folding.changes(picture.fields, orjson.loads(orjson.dumps(told)), picture.read_at)
        except TooLittleTold:
            return None
        return _changed(replace(picture, at=now.position, process_at=now.process, folded=folded), changes)

    async def _taken(self, actor: Actor, room_id: UUID, parts: Parts) -> Picture:
        """A new picture: the room and its place in the logs belong together, whatever happens meanwhile."""
        async with self._database.reading(actor.within) as tx:
            room = await visible_room(tx, actor, room_id)
            at, process_at = await places_of(tx, room)
            snapshot = await common_view(tx, actor, room, parts)
        return _changed(Picture(room.id, at, process_at, "", "", False, (), {}, tx.now), snapshot)

    def _keep(self, standpoint: Standpoint, picture: Picture) -> None:
        self._forget(standpoint)
        if picture.size > self._bytes_at_most / 4:
            return
        self._kept[standpoint] = picture
        self.size += picture.size
        while self.size > self._bytes_at_most:
            self._forget(next(iter(self._kept)))

    def _forget(self, standpoint: Standpoint) -> None:
        if standpoint in self._kept:
            self.size -= self._kept.pop(standpoint).size


def _leads_to(before: Position, at: Position) -> bool:
    """Whether a log goes on from one place to another. Another request may have come further meanwhile."""
    return (before.stream, before.epoch) == (at.stream, at.epoch) and before.offset <= at.offset


def _changed(picture: Picture, changes: Mapping[str, Any]) -> Picture:
    """A picture of which some fields are others."""
    facts: dict[str, Any] = {}
    if room := changes.get("room"):
        facts = {"title": room["title"], "default_audience": room["default_audience"]}
        facts["archived"] = room["archived_at"] is not None
    if "members" in changes:
        facts["members"] = tuple(UUID(member["id"]) for member in changes["members"])
    fields = picture.fields | {name: to_json(value) for name, value in changes.items()}
    return replace(picture, fields=fields, **facts)
