"""The driver itself: single statements for the few paths where a session and its transaction cost more than the work.

A statement is a transaction of its own (READ COMMITTED): one round trip, no unit of work. What is read in several
statements isn't one picture; who needs that uses ``Database.reading``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import asyncpg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from store import scopes
from store.addresses.database_addresses import Address
from store.errors import DiskFull, Overloaded, Unavailable
from store.loop.patience import AT_MOST_SECONDS, LACKING, LOST, Patience, WaitingLine
from store.scopes import NOWHERE, Within

Record = Any
"""A row, by its columns' names: asyncpg's."""


_CLASHES = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)


def is_full(sqlstate: str, message: str) -> bool:
    """Whether an error of PostgreSQL's says that its disk is full, or its quota, for which it has no code."""
    return sqlstate == "53100" or (sqlstate == "XX000" and "could not extend file" in message)


class Clashed(Exception):
    """A statement met another's rows, and did nothing."""


class Statement:
    """A statement compiled when it is first needed, with its parameters by name."""

    def __init__(self, query: ClauseElement) -> None:
        self._query = query

    @cached_property
    def _compiled(self) -> Any:
        return self._query.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]

    @cached_property
    def sql(self) -> str:
        return str(self._compiled)

    def values(self, named: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(named[name] if name in named else self._constants[name] for name in self._names)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._compiled.positiontup)

    @cached_property
    def _constants(self) -> dict[str, Any]:
        return {name: value for name, value in self._compiled.params.items() if value is not None}


class Driver:
    """So many connections, opened when they are first needed."""

    def __init__(self, address: Address, *, size: int) -> None:
        self._options = {"timeout": AT_MOST_SECONDS} | address.for_asyncpg
        self._idle: list[tuple[Any, str]] = []
        self._places = WaitingLine(size)
        self.patience = Patience(self._connect)

    async def rows(
        self, statement: Statement | str, *values: Any, within: Within = NOWHERE, **named: Any
    ) -> list[Record]:
        """These are the rows that a statement gives, which is committed then.

        Raises:
            Unavailable: the database is away, or silent. What was to be written may be there.
            Overloaded: it has too much to do. What was to be written may be there.
            Clashed: a constraint or a deadlock undid it.
        """
        if isinstance(statement, Statement):
            values = statement.values(named)
        sql = statement if isinstance(statement, str) else statement.sql
        async with self._connection(scopes.setting(within)) as connection:
            found: list[Record] = await connection.fetch(sql, *values)
            return found

    @asynccontextmanager
    async def _connection(self, scope: str) -> AsyncIterator[Any]:
        try:
            async with self.patience.wait() as wait, self._places:
                connection, known = await self._opened(scope)
                wait.connection = connection
                try:
                    if known != scope:
                        await connection.execute(scopes.ENTER if known is None else scopes.MOVE, scope)
                    yield connection
                except BaseException as error:
                    # What the statement itself did wrong leaves the connection whole; nothing else does.
                    if isinstance(error, asyncpg.PostgresError) and not isinstance(error, LOST):
                        self._idle.append((connection, scope))
                    else:
                        connection.terminate()
                    raise
                self._idle.append((connection, scope))
        except _CLASHES as error:
            raise Clashed() from error
        except LOST as error:
            raise Unavailable() from error
        except asyncpg.PostgresError as error:
            if is_full(error.sqlstate, str(error)):
                raise DiskFull() from error
            if isinstance(error, LACKING):
                raise Overloaded() from error
            if isinstance(error, asyncpg.PostgresSystemError):
                raise Unavailable() from error
            raise

    async def _opened(self, scope: str) -> tuple[Any, str | None]:
        """This is a connection, of the same scope if one is idle, and the scope that it has."""
        while self._idle:
            place = next((at for at, (_idle, known) in enumerate(self._idle) if known == scope), -1)
            connection, known = self._idle.pop(place)
            if not connection.is_closed():
                return connection, known
        return await self._connect(), None

    async def _connect(self) -> Any:
        return await asyncpg.connect(**self._options)

    async def close(self) -> None:
        await self.patience.close()
        while self._idle:
            await self._idle.pop()[0].close()
