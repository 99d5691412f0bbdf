"""Databases for tests, each a copy of one that is ready: quicker than making or emptying the tables."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Any

import asyncpg
from sqlalchemy import event, text

from store.database import Database

TABLES = text(
    "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
    " and relnamespace = 'public'::regnamespace"
)
"""The names of all tables; a partition is read by its table's."""


class Owner:
    """Who owns a server's databases: a connection that stays open, since many are made and dropped."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._connection: asyncpg.Connection | None = None

    async def say(self, statement: str) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(f"{self.place}/postgres")
        await self._connection.execute(statement)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


class Template:
    """A database that copies are made of. Nobody may be connected to it meanwhile."""

    def __init__(self, owner: Owner, name: str) -> None:
        self._owner = owner
        self._name = name
        self._numbers = count(1)

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """This is the address of a copy, which is gone at the end."""
        copied = await self.kept_copy()
        try:
            yield copied.url
        finally:
            await self._owner.say(f"DROP DATABASE {copied._name} WITH (FORCE)")

    async def kept_copy(self) -> "Template":
        """A copy that stays, of which copies can be made in turn."""
        name = f"{self._name}_{next(self._numbers)}"
        await self._owner.say(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY file_copy")
        return Template(self._owner, name)

    @property
    def url(self) -> str:
        return f"{self._owner.place}/{self._name}"


async def as_owner(url: str, statement: str) -> None:
    """Say something that only who owns the tables may, which the hub doesn't."""
    async with owner_of(url) as connection:
        await connection.execute(statement)


@asynccontextmanager
async def owner_of(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def asked_of(database: Database, table: str) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of a table, but for what is written into it."""
    queries: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if table in statement and not statement.startswith("INSERT"):
            queries.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield queries
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
