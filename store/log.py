"""The log: every stream's events, in one order without holes.

An event's offset is drawn under its log row's lock, in the transaction of the change, so offsets rise by one and commit
in order. ``append_events`` (a function in the database, see the migrations) takes all that a verb recorded in one
round trip and locks the logs in name order, so that two verbs can't wait for each other.

The log is rewritten in two ways only: erasing (``erase``, ``reword``) and narrowing (``narrow``). Offsets stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import orjson
from sqlalchemy import Select, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from store.database import Transaction
from store.driver import Driver, Record
from store.keys import forget_answers
from store.pages import PAGE_BYTES, page_of
from store.scopes import EVERYWHERE
from store.streams import EventRow, Log, Position, Signature, StoredEvent, Stream


async def read_page(
    tx: Transaction,
    stream: str,
    after: int,
    limit: int,
    audiences: Iterable[str] | None = None,
    bytes_at_most: int = PAGE_BYTES,
) -> tuple[list[StoredEvent], bool]:
    """These are a stream's events after an offset, oldest first, and whether there are more; of the given audiences
    only, if any are given. Large ones come fewer at a time."""
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


async def _epoch(tx: Transaction, stream: str) -> str:
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


async def heads(tx: Transaction, streams: Iterable[str]) -> dict[str, Position]:
    """These are the newest positions of the streams that have a log, in one query."""
    rows = await tx.execute(select(Log.stream, Log.epoch, Log.head).where(Log.stream.in_(list(streams))))
    return {row.stream: Position(row.stream, row.epoch, row.head) for row in rows}


async def head(tx: Transaction, stream: str) -> Position:
    """This is a stream's newest position; offset 0 in the empty epoch while nothing has happened."""
    [position] = await heads_of(tx, [stream])
    return position


async def heads_of(tx: Transaction, streams: Sequence[str]) -> list[Position]:
    """These are the newest positions of streams, in the order given, as ``head`` gives each."""
    found = await heads(tx, streams)
    return [found.get(stream, Position(stream, "", 0)) for stream in streams]


async def erase(tx: Transaction, stream: Stream, thing: str, *ids: UUID) -> None:
    """Take the words of things of one kind out of all that was told of them before, and of the answers that are kept:
    each form becomes ``{id, gone}`` there too. What stands beside it stays, since it has none of them (see ``Event``).
    """
    gone = func.jsonb_build_object("id", EventRow.subject_id, "gone", True)
    await tx.execute(
        update(EventRow)
        .where(EventRow.stream == stream.name, EventRow.subject_id.in_(ids), EventRow.body.has_key(thing))
        .values(body=EventRow.body.op("||")(func.jsonb_build_object(thing, gone)))
        .execution_options(synchronize_session=False)
    )
    await forget_answers(tx, stream.business_id, *ids)


async def narrow(tx: Transaction, stream: Stream, ids: Iterable[UUID], audience: str) -> None:
    """Take things out of a lens in all that was told of them before."""
    await tx.execute(
        update(EventRow)
        .where(EventRow.stream == stream.name, EventRow.subject_id.in_(list(ids)))
        .values(audience=audience)
    )


async def reword(
    tx: Transaction, streams: Iterable[str], named: tuple[str, str], id: UUID, fields: Mapping[str, str]
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
