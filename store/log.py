"""The log: every stream's events, in one order without holes.

An event's offset is drawn under its log row's lock, in the transaction of the change, so offsets rise by one and commit
in order. ``append_events`` (a function in the database, see the migrations) takes all that a verb recorded in one
round trip and locks the logs in name order, so that two verbs can't wait for each other.

The log is rewritten in two ways only: erasing (``erase``, ``reword``) and narrowing (``narrow``). Offsets stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Index, Select, Text, bindparam, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store.driver import Driver, Record
from store.pages import PAGE_BYTES, page_of
from store.rows import Row
from store.scopes import EVERYWHERE

if TYPE_CHECKING:
    from store.database import Transaction


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
    """A place in a stream."""

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


async def append(tx: "Transaction", recorded: Sequence[Recorded]) -> list[StoredEvent]:
    """Append events in one round trip, each to its stream, in the order given."""
    if not recorded:
        return []
    rows = await tx.execute(_APPEND, {"entries": [event.row() for event in recorded]})
    places = {row.nr: (row.epoch, row.offset) for row in rows}
    return [event.at(*places[nr]) for nr, event in enumerate(recorded, start=1)]


async def read_log(
    tx: "Transaction", stream: str, after: int, limit: int = 500, audiences: Iterable[str] | None = None
) -> list[StoredEvent]:
    """These are a stream's events after an offset, oldest first; of the given audiences only, if any are given."""
    rows = await tx.scalars(_after(stream, after, audiences).order_by(EventRow.offset).limit(limit))
    epoch = await _epoch(tx, stream)
    return [stored(row, epoch) for row in rows]


async def read_page(
    tx: "Transaction",
    stream: str,
    after: int,
    limit: int,
    audiences: Iterable[str] | None = None,
    bytes_at_most: int = PAGE_BYTES,
) -> tuple[list[StoredEvent], bool]:
    """These are a stream's events after an offset, as ``read_log`` gives them, and whether there are more. Large ones
    come fewer at a time."""
    rows, more = await page_of(
        tx,
        _after(stream, after, audiences),
        [EventRow.offset.asc()],
        EventRow.body,
        count_at_most=limit,
        bytes_at_most=bytes_at_most,
    )
    epoch = await _epoch(tx, stream)
    return [stored(row, epoch) for row in rows], more


def _after(stream: str, after: int, audiences: Iterable[str] | None) -> Select[EventRow]:
    query = select(EventRow).where(EventRow.stream == stream, EventRow.offset > after)
    return query if audiences is None else query.where(EventRow.audience.in_(list(audiences)))


async def _epoch(tx: "Transaction", stream: str) -> str:
    return (await heads(tx, [stream])).get(stream, Position(stream, "", 0)).epoch


async def told_between(
    driver: Driver, at: Position, after: int, audiences: Iterable[str], *, count_at_most: int, bytes_at_most: int
) -> list[orjson.Fragment] | None:
    """These are a stream's events after an offset up to a position, as a list of events has them on the wire; None if
    they are more than so many, or larger together.

    The log grows at its end alone, so what was there at the position is there when it is read.
    """
    if after >= at.offset:
        return []
    told = at.stream, after, at.offset, list(audiences)
    if at.offset - after > SURELY_FEW:
        [kept] = await driver.rows(_KEPT, *told, within=EVERYWHERE)
        if kept["count"] > count_at_most or kept["bytes"] > bytes_at_most or kept["packed"] > PACKED_AT_MOST:
            return None
    rows = await driver.rows(_TOLD, *told, count_at_most + 1, bytes_at_most, within=EVERYWHERE)
    if len(rows) > count_at_most or (rows and rows[-1]["reached"] > bytes_at_most):
        return None
    return [_fragment(row, at) for row in rows]


SURELY_FEW = 20
PACKED_AT_MOST = 40
"""So many events may be told singly that are kept packed, since they are long: to unpack one takes as long as to read
a hundred others."""
# What events take on the disk, and how they are kept, is known without reading them.
_KEPT = """
select count(*) as count, coalesce(sum(pg_column_size(body)), 0) as bytes,
    count(*) filter (where pg_column_compression(body) is not null) as packed
from events
where stream = $1 and "offset" > $2 and "offset" <= $3 and audience = any ($4::text[])
"""
# Of what is too large no more is sent than shows it.
_TOLD = """
select * from (
    select "offset", recorded_at, name, audience, actor_id, on_behalf_of, actor_name, body,
        sum(octet_length(body::text)) over (order by "offset") as reached, octet_length(body::text) as size
    from events where stream = $1 and "offset" > $2 and "offset" <= $3 and audience = any ($4::text[])
    order by "offset" limit $5
) as told where reached - size <= $6 order by "offset"
"""


async def stored_after(driver: Driver, reached: Position, limit: int) -> list[StoredEvent]:
    """These are a stream's events after a position in its epoch, oldest first."""
    rows = await driver.rows(_STORED, reached.stream, reached.offset, limit, within=EVERYWHERE)
    place = reached.stream, reached.epoch
    return [
        StoredEvent(
            *place, row["offset"], row["name"], row["audience"], _signed(row), row["recorded_at"],
            orjson.loads(row["body"]),
        )
        for row in rows
    ]  # fmt: skip


_STORED = """
select "offset", recorded_at, name, audience, actor_id, on_behalf_of, actor_name, body from events
where stream = $1 and "offset" > $2 order by "offset" limit $3
"""


def _fragment(row: Record, at: Position) -> orjson.Fragment:
    event = StoredEvent(
        at.stream, at.epoch, row["offset"], row["name"], row["audience"], _signed(row), row["recorded_at"], {}
    )
    head = orjson.dumps({"name": event.name, **event.wire()})
    body: str = row["body"]
    return orjson.Fragment(head if body == "{}" else head[:-1] + b"," + body[1:].encode())


def _signed(row: Record) -> Signature:
    return Signature(row["actor_id"], row["on_behalf_of"], row["actor_name"])


def stored(row: EventRow, epoch: str) -> StoredEvent:
    signed = Signature(row.actor_id, row.on_behalf_of, row.actor_name)
    return StoredEvent(row.stream, epoch, row.offset, row.name, row.audience, signed, row.recorded_at, row.body)


async def heads(tx: "Transaction", streams: Iterable[str]) -> dict[str, Position]:
    """These are the newest positions of the streams that have a log, in one query."""
    rows = await tx.execute(select(Log.stream, Log.epoch, Log.head).where(Log.stream.in_(list(streams))))
    return {row.stream: Position(row.stream, row.epoch, row.head) for row in rows}


async def head(tx: "Transaction", stream: str) -> Position:
    """This is a stream's newest position; offset 0 in the empty epoch while nothing has happened."""
    [position] = await heads_of(tx, [stream])
    return position


async def heads_of(tx: "Transaction", streams: Sequence[str]) -> list[Position]:
    """These are the newest positions of streams, in the order given, as ``head`` gives each."""
    found = await heads(tx, streams)
    return [found.get(stream, Position(stream, "", 0)) for stream in streams]


async def erase(tx: "Transaction", stream: Stream, thing: str, id: UUID) -> None:
    """Take a thing's words out of all that was told of it before: its form becomes ``{id, gone}`` there too."""
    await tx.execute(
        update(EventRow)
        .where(EventRow.stream == stream.name, EventRow.subject_id == id)
        .values(body=func.jsonb_build_object(thing, func.jsonb_build_object("id", str(id), "gone", True)))
    )


async def narrow(tx: "Transaction", stream: Stream, ids: Iterable[UUID], audience: str) -> None:
    """Take things out of a lens in all that was told of them before."""
    await tx.execute(
        update(EventRow)
        .where(EventRow.stream == stream.name, EventRow.subject_id.in_(list(ids)))
        .values(audience=audience)
    )


async def reword(
    tx: "Transaction", streams: Iterable[str], named: tuple[str, str], id: UUID, fields: Mapping[str, str]
) -> None:
    """Put other words into all that was told of somebody before: into the forms of ``named[0]`` (a thing) whose field
    ``named[1]`` is the identifier."""
    thing, key = named
    form = EventRow.body[thing]
    becomes = func.jsonb_build_object(thing, form.op("||")(literal(dict(fields), JSONB)))
    await tx.execute(
        update(EventRow)
        .where(EventRow.stream.in_(list(streams)), form[key].astext == str(id))
        .values(body=EventRow.body.op("||")(becomes))
        .execution_options(synchronize_session=False)
    )
