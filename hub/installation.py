"""The installation, as a node knows it: its settings, languages and words in memory, read anew when they change.

A change is told on the installation's stream, which every node follows; the relay brings it with Redis away too. A
slow look at the stream's head is the last net.
"""

import asyncio
from contextlib import suppress

import structlog

from hub.relay import Relay
from hub.sockets.packets import PackedEvent
from people import installations
from people.installation.further_languages import further_languages
from people.installation.vocabulary import wordings
from people.installations import installation, installation_stream
from store import log
from store.database import Database, Transaction
from store.errors import Unavailable
from store.loop.tasks import end, happens
from store.scopes import EVERYWHERE
from store.streams import Position
from web.words.translations import reword

LOOK_SECONDS = 4.0
STREAM = installation_stream().name

logger = structlog.get_logger(__name__)


class Knowledge:
    """What this node knows of the installation."""

    def __init__(self, database: Database, relay: Relay) -> None:
        self._database = database
        self._relay = relay
        self._known: Position | None = None
        self._reading = asyncio.Lock()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._relay.hold(STREAM)
        with suppress(Unavailable):
            await self.refresh()
        self._task = asyncio.create_task(self._always())

    async def stop(self) -> None:
        if self._task:
            await end([self._task])
        installations.know(installations.AS_SHIPPED, {})
        reword({})

    def heard(self, event: PackedEvent) -> None:
        """Something was told; if it concerns the installation, what is known is read anew."""
        if event.stream == STREAM:
            self._changed.set()

    async def refresh(self) -> None:
        """Know what is so now. Whoever has changed something calls this before drawing it."""
        async with self._reading, self._database.reading(EVERYWHERE) as tx:
            at = await log.head(tx, STREAM)
            self._relay.begin(at)
            if at == self._known:
                return
            await _take_over(tx)
            self._known = at

    async def _always(self) -> None:
        while True:
            await happens(self._changed, LOOK_SECONDS)
            self._changed.clear()
            try:
                await self.refresh()
            except Unavailable:
                logger.info("installation_waits_for_database")
            except Exception:
                logger.exception("installation_not_read")


async def keep_knowing(database: Database) -> None:
    """Know what is so, for a process that hears no streams: it looks at the stream's head every few seconds."""
    known: Position | None = None
    while True:
        with suppress(Unavailable):
            async with database.reading(EVERYWHERE) as tx:
                at = await log.head(tx, STREAM)
                if at != known:
                    await _take_over(tx)
                    known = at
        await asyncio.sleep(LOOK_SECONDS)


async def _take_over(tx: Transaction) -> None:
    installations.know(await installation(tx), await further_languages(tx))
    said = await wordings(tx)
    await asyncio.to_thread(reword, said)  # the first time all catalogues are read, which takes a while
