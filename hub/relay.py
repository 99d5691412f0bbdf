"""The relay: brings every stream's events to this node's sockets, each once, in the log's order, without holes.

Events come by three ways: told by this node's own commits, hinted by other nodes over the bus, read from the log. Per
stream a cursor says what was delivered. What comes next in line is delivered; what was delivered is dropped; on a hole
the log is read. Once a second at most the heads of all streams listened to are compared with their cursors in one
query, so that with every hint lost everything still comes, about a second later.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from hub import metrics
from hub.sockets.packets import PackedEvent, pack, unpack
from store import log
from store.bus import Bus
from store.database import Database, Transaction
from store.errors import Unavailable
from store.loop.tasks import end, happens
from store.scopes import EVERYWHERE
from store.streams import Position, StoredEvent

SWEEP_SECONDS = 1.0
SWEEP_ALONE_SECONDS = 0.4
"""With Redis away the sweep is all there is."""
HOLE_PATIENCE_SECONDS = 0.02
"""Two connections' commits may tell in the other order: so long a hole may fill by itself."""
LINGER_SECONDS = 5.0
"""So long a stream is followed on after its last listener, who may only be reloading the page."""
RING = 128
AHEAD_AT_MOST = 512
READ_AT_ONCE = 100
READ_BYTES_AT_ONCE = 2_000_000
READERS = 2

logger = structlog.get_logger(__name__)


class StreamCursor:
    """How far a stream was delivered on this node, what came too early, and what was delivered last."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.holds = 0
        self.epoch = ""
        self.offset: int | None = None
        """None until somebody has read the stream."""
        self.early: dict[int, PackedEvent] = {}
        self.ring: deque[PackedEvent] = deque(maxlen=RING)
        self.subscribing: asyncio.Future[bool] | None = None
        self.patience: asyncio.TimerHandle | None = None
        self.reading = False

    def starts_in(self, epoch: str) -> bool:
        """Whether the cursor is in this epoch. One that stood before the first event takes the epoch that comes."""
        if self.epoch == "" and self.offset == 0:
            self.epoch = epoch
        return self.epoch == epoch


class Relay:
    """
    * ``hold`` a stream, read its log or a snapshot, ``begin`` at what was read, and deliver ``since`` there;
    * ``release`` it when nobody listens any more.

    ``deliver`` is called for every event of a held stream, in order, from the event loop; it must not wait.
    ``has_others`` says whether anybody hears hints; whom it doesn't know of yet learns by the sweep.
    ``lost`` is called when a stream can't be continued (a restore from backup began a new epoch): its listeners must
    come in anew.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        node: str,
        deliver: Callable[[PackedEvent], None],
        lost: Callable[[str], None],
        has_others: Callable[[], bool],
    ) -> None:
        self._database = database
        self._bus = bus
        self._node = node
        self._deliver = deliver
        self._lost = lost
        self._has_others = has_others
        self._cursors: dict[str, StreamCursor] = {}
        self._sweep_now = asyncio.Event()
        self._readers = asyncio.Semaphore(READERS)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._database.told.append(self.told)
        self._bus.turned.append(self._turned)
        metrics.redis_up.set(self._bus.up)
        self._run(self._sweep_always())

    async def stop(self) -> None:
        self._database.told.remove(self.told)
        self._bus.turned.remove(self._turned)
        for cursor in self._cursors.values():
            if cursor.patience:
                cursor.patience.cancel()
        await end(list(self._tasks))

    @property
    def streams(self) -> list[str]:
        """These are the streams that are followed."""
        return list(self._cursors)

    async def hold(self, stream: str) -> None:
        """Follow a stream. Returns when Redis has confirmed the subscription, or at once when Redis is away."""
        cursor = self._cursors.get(stream)
        if cursor is None:
            cursor = self._cursors[stream] = StreamCursor(stream)
            subscribing = self._bus.subscribe(stream, partial(self._hear, stream))
            cursor.subscribing = asyncio.ensure_future(subscribing)
        cursor.holds += 1
        if cursor.subscribing is not None:
            try:
                await asyncio.shield(cursor.subscribing)
            except asyncio.CancelledError:
                self.release(stream)
                raise

    def release(self, stream: str) -> None:
        """Undo one ``hold``."""
        cursor = self._cursors[stream]
        cursor.holds -= 1
        if cursor.holds == 0:
            asyncio.get_running_loop().call_later(LINGER_SECONDS, self._drop, cursor)

    def begin(self, position: Position) -> bool:
        """Say what was read. False when the stream began a new epoch meanwhile: then it is lost, and read again."""
        cursor = self._cursors[position.stream]
        if cursor.offset is None:
            cursor.epoch, cursor.offset = position.epoch, position.offset
            self._advance(cursor)
        elif position.epoch and not cursor.starts_in(position.epoch) and cursor.offset > 0:  # "" is before any event
            self._lose(cursor)
            return False
        return True

    def since(self, position: Position) -> list[PackedEvent] | None:
        """These are the events delivered after a position, or None when they are more than are kept."""
        cursor = self._cursors[position.stream]
        missing = (cursor.offset or 0) - position.offset
        if missing <= 0:
            return []
        return list(cursor.ring)[-missing:] if missing <= len(cursor.ring) else None

    def told(self, events: list[StoredEvent]) -> None:
        """Take what this node committed: deliver it here, hint it to the others."""
        for event in events:
            packed = pack(event)
            self.tell_others(packed)
            self._take(packed)
            metrics.relay_lag_seconds.observe((datetime.now(UTC) - event.recorded_at).total_seconds())

    def tell_others(self, packed: PackedEvent) -> None:
        """Hint an event to the other nodes, when there are any. A hint may be lost."""
        if self._has_others():
            self._bus.publish(packed.stream, packed.hint(self._node))

    def _hear(self, stream: str, hint: bytes) -> None:
        node, packed = unpack(stream, hint)
        if node == self._node:
            return
        if packed.offset is not None:
            self._take(packed)
        elif stream in self._cursors:
            self._deliver(packed)

    def _take(self, packed: PackedEvent) -> None:
        cursor = self._cursors.get(packed.stream)
        if cursor is None or packed.offset is None or packed.epoch is None:
            return
        if cursor.offset is None:
            self._keep_early(cursor, packed)
        elif not cursor.starts_in(packed.epoch):
            self._sweep_now.set()
        elif packed.offset > cursor.offset:
            self._keep_early(cursor, packed)
            self._advance(cursor)

    def _keep_early(self, cursor: StreamCursor, packed: PackedEvent) -> None:
        if packed.offset is not None and len(cursor.early) < AHEAD_AT_MOST:
            cursor.early[packed.offset] = packed

    def _advance(self, cursor: StreamCursor) -> None:
        """Deliver all that is next in line; for what comes after a hole, wait a moment and then read the log."""
        assert cursor.offset is not None
        while (packed := cursor.early.pop(cursor.offset + 1, None)) is not None:
            if packed.epoch != cursor.epoch:
                continue
            cursor.offset += 1
            cursor.ring.append(packed)
            self._deliver(packed)
        for offset in [offset for offset in cursor.early if offset <= cursor.offset]:
            del cursor.early[offset]
        if cursor.early and cursor.patience is None and not cursor.reading:
            loop = asyncio.get_running_loop()
            cursor.patience = loop.call_later(HOLE_PATIENCE_SECONDS, self._look_into_hole, cursor)

    def _look_into_hole(self, cursor: StreamCursor) -> None:
        cursor.patience = None
        if cursor.early and not cursor.reading and self._cursors.get(cursor.stream) is cursor:
            self._run(self._read_hole(cursor))

    async def _read_hole(self, cursor: StreamCursor) -> None:
        async with self._readers:
            with suppress(Unavailable):  # the sweep tries on
                async with self._database.reading(EVERYWHERE) as tx:
                    await self._catch_up(tx, cursor)

    async def _sweep_always(self) -> None:
        while True:
            await happens(self._sweep_now, SWEEP_SECONDS if self._bus.up else SWEEP_ALONE_SECONDS)
            self._sweep_now.clear()
            try:
                await self._sweep()
            except Unavailable:
                logger.info("relay_waits_for_database")
            except Exception:
                logger.exception("relay_sweep_failed")

    async def _sweep(self) -> None:
        begun = [stream for stream, cursor in self._cursors.items() if cursor.offset is not None]
        if not begun:
            return
        async with self._database.reading(EVERYWHERE) as tx:
            heads = await log.heads(tx, begun)
            for stream, head in heads.items():
                cursor = self._cursors.get(stream)
                if cursor is None or cursor.offset is None or cursor.reading:
                    continue
                if not cursor.starts_in(head.epoch) or head.offset < cursor.offset:
                    # A read that is older than what was delivered meanwhile shows a smaller head of the same epoch.
                    if cursor.epoch != head.epoch:
                        self._lose(cursor)
                elif head.offset > cursor.offset:
                    await self._catch_up(tx, cursor)

    async def _catch_up(self, tx: Transaction, cursor: StreamCursor) -> None:
        """Deliver from the log until there is no more."""
        cursor.reading = True
        try:
            while cursor.offset is not None and self._cursors.get(cursor.stream) is cursor:
                after = cursor.offset
                events, more = await log.read_page(
                    tx, cursor.stream, after, READ_AT_ONCE, bytes_at_most=READ_BYTES_AT_ONCE
                )
                if any(not cursor.starts_in(event.epoch or "") for event in events) or _first(events) > after + 1:
                    self._lose(cursor)
                    return
                metrics.log_reads.inc()
                for event in events:
                    if event.offset is not None and event.offset > cursor.offset:
                        cursor.early[event.offset] = pack(event)
                self._advance(cursor)
                if not more:
                    return
        finally:
            cursor.reading = False
            if cursor.offset is not None:
                self._advance(cursor)

    def _lose(self, cursor: StreamCursor) -> None:
        """Forget where the stream stood, and have its listeners come in anew."""
        logger.warning("stream_lost", stream=cursor.stream, epoch=cursor.epoch, offset=cursor.offset)
        cursor.epoch, cursor.offset = "", None
        cursor.early.clear()
        cursor.ring.clear()
        self._lost(cursor.stream)

    def _drop(self, cursor: StreamCursor) -> None:
        if cursor.holds == 0 and self._cursors.get(cursor.stream) is cursor:
            del self._cursors[cursor.stream]
            self._bus.unsubscribe(cursor.stream)
            if cursor.patience:
                cursor.patience.cancel()

    def _turned(self, up: bool) -> None:
        metrics.redis_up.set(up)
        self._sweep_now.set()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _first(events: list[StoredEvent]) -> int:
    return (events[0].offset or 0) if events else 0
