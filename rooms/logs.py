"""Reading a stream's log, a page at a time."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel

from store.database import Transaction
from store.errors import Conflict, _
from store.log import head, read_page
from store.queries import Query, Whole, at_most
from store.streams import Position, Stream
from store.wire.shapes import WireEvent

EVENTS_AT_MOST = 500


class Gap(Conflict):
    code = "gap"
    message = _("The log can't be continued from there. Load the room again.")


class LogQuery(Query):
    epoch: str = ""
    after: Whole = 0
    limit: Annotated[Whole, at_most(EVENTS_AT_MOST)] = EVENTS_AT_MOST


class LogPage(BaseModel):
    events: list[WireEvent]
    at: Position
    more: bool


async def log_page(tx: Transaction, stream: Stream, audiences: Iterable[str], query: LogQuery) -> dict[str, Any]:
    """This is a stream's log after the offset that is asked for, as a ``LogPage``.

    Raises:
        Gap: it can't be continued from there.
    """
    at = await head(tx, stream.name)
    if (query.epoch and query.epoch != at.epoch) or query.after > at.offset:
        raise Gap()
    found, more = await read_page(tx, stream.name, query.after, query.limit, audiences)
    reached = found[-1].position if more else at
    return {
        "events": [{"name": event.name, **event.wire()} for event in found],
        "more": more,
        "at": (reached or at).wire(),
    }
