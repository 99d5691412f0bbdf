"""Streams: where events are recorded, each with its place, its audience and who did it; and how they are appended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict
from sqlalchemy import BigInteger, Index, Text, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.rows import Row


class Log(Row):
    """A stream's head: the offset of its newest event."""

    __tablename__ = "logs"

    stream: Mapped[str] = mapped_column(Text, primary_key=True)
    business_id: Mapped[UUID | None]
    epoch: Mapped[str] = mapped_column(Text)
    head: Mapped[int] = mapped_column(BigInteger)


class EventRow(Row):
    """One event. Partitioned by ``recorded_at``; what keeps offsets unique is the log row's lock."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_stream_subject", "stream", "subject_id"),
        Index("ix_events_named", "actor_id", "recorded_at", postgresql_where=text("actor_name is not null")),
        {"postgresql_partition_by": "RANGE (recorded_at)"},
    )

    stream: Mapped[str] = mapped_column(Text, primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(primary_key=True)
    business_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    """Who really did it."""
    on_behalf_of: Mapped[UUID | None]
    """In whose name they did it, where that is another's."""
    actor_name: Mapped[str | None] = mapped_column(Text)
    """Their name, where who reads the stream can't look it up."""
    subject_id: Mapped[UUID | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


@dataclass(frozen=True, slots=True)
class Stream:
    """Where events are recorded: ``room:<id>``, ``process:<id>``, ``person:<id>`` or ``business:<id>``."""

    kind: str
    id: UUID
    business_id: UUID | None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a stream's log."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    stream: str
    epoch: str
    offset: int

    def wire(self) -> dict[str, Any]:
        return {"stream": self.stream, "epoch": self.epoch, "offset": self.offset}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who really does what a transaction does, where the readers of its streams can't look them up: who runs the
    installation, and whoever acts in another's name."""

    id: UUID
    name: str
    on_behalf_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who did it: whose hand it was, and in whose name; the name of the hand only where it can't be looked up."""

    actor_id: UUID | None
    on_behalf_of: UUID | None = None
    actor_name: str | None = None

    def wire(self) -> dict[str, Any]:
        """This is what an event says of it. It says nothing more than the identifier of what people do themselves."""
        said: dict[str, Any] = {"actor_id": None if self.actor_id is None else str(self.actor_id)}
        if self.on_behalf_of is not None:
            said["on_behalf_of"] = str(self.on_behalf_of)
        if self.actor_name is not None:
            said["actor_name"] = self.actor_name
        return said


OF_ROOMS = {"room", "process"}
"""The kinds of streams that everyone in a room hears, clients among them."""


def signature(by: UUID | None, hand: Hand | None, stream_kind: str = "room") -> Signature:
    """This is who did what bears a person's name, in a transaction of some hand. A room, and all rooms of a process,
    learn the name of who does something in them, not of who changes their people or stages from above."""
    if hand is None or by is None:
        return Signature(by)
    if by == hand.on_behalf_of:
        return Signature(hand.id, by, hand.name)
    return Signature(by, actor_name=hand.name if by == hand.id and stream_kind not in OF_ROOMS else None)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its place; ``epoch`` and ``offset`` are None for what is told but not stored."""

    stream: str
    epoch: str | None
    offset: int | None
    name: str
    audience: str
    signature: Signature
    recorded_at: datetime
    body: dict[str, Any]

    @property
    def actor_id(self) -> UUID | None:
        return self.signature.actor_id

    @property
    def position(self) -> Position | None:
        if self.epoch is None or self.offset is None:
            return None
        return Position(self.stream, self.epoch, self.offset)

    def wire(self) -> dict[str, Any]:
        """This is the payload that a client gets under the event's name."""
        kind, _, id = self.stream.partition(":")
        place = None if self.offset is None else {"epoch": self.epoch, "offset": self.offset}
        payload: dict[str, Any] = {"at": place, "stream": self.stream}
        if kind == "room":
            payload["room_id"] = id
        payload |= self.signature.wire()
        payload["recorded_at"] = instant(self.recorded_at)
        return payload | self.body


def instant(moment: datetime) -> str:
    """This is a moment as the wire writes it: ISO 8601 in UTC, ending in Z."""
    return moment.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event on its way into the log."""

    stream: Stream
    name: str
    audience: str
    signature: Signature
    subject_id: UUID | None
    recorded_at: datetime
    body: dict[str, Any]

    def row(self) -> dict[str, Any]:
        return {
            "stream": self.stream.name,
            "business_id": self.stream.business_id,
            "name": self.name,
            "audience": self.audience,
            "actor_id": self.signature.actor_id,
            "on_behalf_of": self.signature.on_behalf_of,
            "actor_name": self.signature.actor_name,
            "subject_id": self.subject_id,
            "recorded_at": self.recorded_at,
            "body": self.body,
        }

    def at(self, epoch: str, offset: int) -> StoredEvent:
        return StoredEvent(
            self.stream.name,
            epoch,
            offset,
            self.name,
            self.audience,
            self.signature,
            self.recorded_at,
            self.body,
        )


_APPEND = text('SELECT nr, epoch, "offset" FROM append_events(:entries)').bindparams(bindparam("entries", type_=JSONB))


async def append(session: AsyncSession, recorded: Sequence[Recorded]) -> list[StoredEvent]:
    """Append events in one round trip, each to its stream, in the order given."""
    if not recorded:
        return []
    rows = await session.execute(_APPEND, {"entries": [event.row() for event in recorded]})
    places = {row.nr: (row.epoch, row.offset) for row in rows}
    return [event.at(*places[nr]) for nr, event in enumerate(recorded, start=1)]
