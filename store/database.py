"""The database: transactions in which rows change and events are recorded together.

    async with database.asked_by(actor) as tx:            # a verb: commits when the block ends, rolls back if it raises
        ...
    async with database.transaction(business_id) as tx:   # the same for what nobody asks: jobs and housekeeping
        ...
    async with database.reading(business_id) as tx:       # one unchanging picture: REPEATABLE READ, read only
        ...

Each says whose rows it sees; PostgreSQL hides all others from it (see ``store.scopes``).

Events recorded in a transaction are appended to the log as its last act, so that a log's lock is held for the shortest
time, and told to ``Database.told`` after the commit. PostgreSQL away or silent becomes ``Unavailable`` within five
seconds (see ``store.loop.patience``); nothing is acknowledged that isn't on disk.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import Connection, Executable, Result, ScalarResult
from sqlalchemy import exc as sa
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from store import scopes, streams
from store.addresses.database_addresses import Address
from store.announcements import Announcement, Answers
from store.driver import Driver, is_full
from store.errors import DiskFull, Overloaded, Refusal, Unavailable
from store.events import Event
from store.ids import new_id
from store.loop.patience import AT_MOST_SECONDS, LACKING, LOST, WaitingLine
from store.rows import Row, Signed
from store.scopes import EVERYWHERE, NOWHERE, Within

_NOT_OUR_DOING = ("08", "57P", "58")
"""Connections lost, shut down or coming up, failing disks. Source: PostgreSQL, Appendix A."""
_TOO_LITTLE = "53"
"""Too few resources, such as connections or memory. Source: the same."""

R = TypeVar("R", bound=Row)


def to_json(value: Any, *, sort: bool = False) -> bytes:
    """This is a value as JSON, with identifiers, times and dates as the wire writes them."""
    options = orjson.OPT_UTC_Z | (orjson.OPT_SORT_KEYS if sort else 0)
    return orjson.dumps(value, option=options, default=str)


class Transaction:
    """What a verb is given: the rows, the clock, and the log."""

    def __init__(
        self,
        session: AsyncSession,
        now: datetime,
        within: Within,
        hand: streams.Hand | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.session = session
        self.now = now
        self.within = within
        self.hand = hand
        self.stored: list[streams.StoredEvent] = []
        self._answers = answers
        self._recorded: list[streams.Recorded] = []
        self._recorded_everywhere = False

    def new_id(self) -> UUID:
        return new_id(self.now)

    async def look(self, within: Within) -> None:
        """See the rows of others than before from here on. Whoever calls this has looked whether the asker may."""
        self.within = within
        await _enter(self.session, within)

    @asynccontextmanager
    async def looking(self, within: Within) -> AsyncIterator[None]:
        """See the rows of others for a block, and those of before again after it. What the block changed is sent to the
        database at its end; what it recorded is appended as seen from there."""
        before = self.within
        await self.look(within)
        yield
        await self.flush()
        await self.look(before)

    async def announce(self, announcement: Announcement) -> list[Any]:
        """Have those answer who were handed in; these are what their answers give.

        Raises:
            LookupError: none were handed to this database, so nobody knows what would be left out.
        """
        if self._answers is None:
            raise LookupError(f"{type(announcement).__name__} is announced where no answers were handed in")
        return await self._answers.give(self, announcement)

    async def execute(self, query: Executable, params: Any = None) -> Result[*tuple[Any, ...]]:
        return await self.session.execute(query, params)

    async def scalar(self, query: Executable) -> Any:
        return await self.session.scalar(query)

    async def scalars(self, query: Executable, params: Any = None) -> ScalarResult[Any]:
        return await self.session.scalars(query, params)

    async def get(self, row: type[R], key: Any, *, lock: bool = False) -> R | None:
        return await self.session.get(row, key, with_for_update=lock or None, populate_existing=lock)

    def add(self, row: Row) -> None:
        if isinstance(row, Signed):
            row.acted_by = self.acted_by
        self.session.add(row)

    @property
    def acted_by(self) -> dict[str, str] | None:
        """This is who acts in another's name here, as a row of what is signed keeps it."""
        if self.hand is None or self.hand.on_behalf_of is None:
            return None
        return {"id": str(self.hand.id), "name": self.hand.name}

    async def delete(self, row: Row) -> None:
        await self.session.delete(row)

    async def flush(self) -> None:
        await self.session.flush()

    def record(self, stream: streams.Stream, event: Event, *, by: UUID | None, audience: str = "all") -> None:
        """Record an event: it is appended to the stream's log when this transaction commits.

        ``by`` is the person whose name it bears; whose hand it really was, the transaction knows.
        """
        body = {field: value for field, value in event.model_dump(mode="json").items() if value is not None}
        signed = streams.signature(by, self.hand, stream.kind)
        self._recorded_everywhere |= self.within == EVERYWHERE
        self._recorded.append(
            streams.Recorded(stream, event.wire_name, audience, signed, event.subject_id, self.now, body)
        )

    async def append(self) -> None:
        """Append what was recorded so far. The end of the block does this; after it no other row may be locked."""
        await self.flush()
        recorded, self._recorded = self._recorded, []
        async with self.looking(EVERYWHERE if self._recorded_everywhere else self.within):
            self.stored += await streams.append(self.session, recorded)
        self._recorded_everywhere = False

    @asynccontextmanager
    async def refusing(self, constraint: str, refusal: Refusal) -> AsyncIterator[None]:
        """Turn a broken constraint into a refusal. What the block did is sent to the database at its end."""
        try:
            yield
            await self.flush()
        except sa.IntegrityError as error:
            if constraint in str(error.orig):
                raise refusal from error
            raise


Told = Callable[[list[streams.StoredEvent]], None]


class Asker(Protocol):
    """Someone who asks: whose rows they see, and whose hand it is where that is another's."""

    @property
    def within(self) -> Within: ...
    @property
    def hand(self) -> streams.Hand | None: ...


class Database:
    """PostgreSQL, by its address. ``within`` is what a transaction sees that doesn't say; ``answers`` are given to what
    is announced in one."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        driver_size: int = 16,
        within: Within = NOWHERE,
        answers: Answers | None = None,
    ) -> None:
        self.within = within
        self.answers = answers
        self.address = Address.parse(url)
        self.driver = Driver(self.address, size=driver_size)
        self.patience, self._places = self.driver.patience, WaitingLine(pool_size)
        self.told: list[Told] = []
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=AT_MOST_SECONDS,
            pool_recycle=1800,
            pool_use_lifo=True,
            hide_parameters=True,  # they are what people wrote, and however much they wrote
            json_serializer=lambda value: to_json(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={"timeout": AT_MOST_SECONDS} | self.address.for_asyncpg,
        )
        self._writing = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        snapshot = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._reading = async_sessionmaker(snapshot, expire_on_commit=False, autoflush=False)
        listen(self.engine.sync_engine, "rollback", _forget_scope)

    @asynccontextmanager
    async def transaction(
        self,
        within: Within | None = None,
        *,
        now: datetime | None = None,
        hand: streams.Hand | None = None,
        at_most_seconds: float | None = AT_MOST_SECONDS,
    ) -> AsyncIterator[Transaction]:
        async with self._session(self._writing, at_most_seconds) as session:
            tx = Transaction(session, now or self.clock(), self._seen(within), hand, self.answers)
            await _enter(session, tx.within)
            yield tx
            await tx.append()
        self.tell(tx.stored)

    def asked_by(self, actor: Asker) -> AbstractAsyncContextManager[Transaction]:
        """This is the transaction of what someone asks: it sees their rows, and knows whose hand it is."""
        return self.transaction(actor.within, hand=actor.hand)

    def tell(self, stored: list[streams.StoredEvent]) -> None:
        """Tell what was committed."""
        for told in self.told if stored else ():
            told(stored)

    @asynccontextmanager
    async def reading(self, within: Within | None = None) -> AsyncIterator[Transaction]:
        async with self._session(self._reading, AT_MOST_SECONDS) as session:
            tx = Transaction(session, self.clock(), self._seen(within), answers=self.answers)
            await _enter(session, tx.within)
            yield tx

    @asynccontextmanager
    async def _session(
        self, sessions: async_sessionmaker[AsyncSession], at_most_seconds: float | None
    ) -> AsyncIterator[AsyncSession]:
        with _unavailable_when_lost():
            async with self.patience.wait(at_most_seconds) as wait, self._places, sessions.begin() as session:
                connection = await session.connection()
                wait.connection = (await connection.get_raw_connection()).driver_connection
                yield session

    def _seen(self, within: Within | None) -> Within:
        return self.within if within is None else within

    @property
    def url(self) -> str:
        return self.address.url

    async def close(self) -> None:
        await self.driver.close()
        await self.engine.dispose()


async def _enter(session: AsyncSession, within: Within) -> None:
    """Say on the session's connection whose rows it sees, unless that was said on it before."""
    connection = await session.connection()
    seen, known = scopes.setting(within), connection.sync_connection
    assert known is not None
    if known.info.get("scope") != seen:
        statement = scopes.MOVE if "scope" in known.info else scopes.ENTER
        await connection.exec_driver_sql(statement, (seen,))
        known.info["scope"] = seen


def _forget_scope(connection: Connection) -> None:
    if not connection.invalidated:
        connection.info.pop("scope", None)


@contextmanager
def _unavailable_when_lost() -> Iterator[None]:
    try:
        yield
    # Connecting raises the driver's own errors: SQLAlchemy wraps only those of statements.
    except (sa.TimeoutError, LACKING) as error:
        raise Overloaded() from error
    except (sa.InterfaceError, *LOST) as error:
        raise Unavailable() from error
    except sa.DBAPIError as error:
        if is_full(sqlstate(error), str(error.orig)):
            raise DiskFull() from error
        if sqlstate(error).startswith(_TOO_LITTLE):
            raise Overloaded() from error
        if error.connection_invalidated or sqlstate(error).startswith(_NOT_OUR_DOING):
            raise Unavailable() from error
        raise


def sqlstate(error: sa.DBAPIError) -> str:
    """This is PostgreSQL's code of an error, empty when it has none."""
    return str(getattr(error.orig, "sqlstate", None) or "")
