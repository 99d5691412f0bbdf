"""Databases for tests, each a copy of one that is ready: quicker than making or emptying the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import asyncpg
from sqlalchemy import text

TABLES = text(
    "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
    " and relnamespace = 'public'::regnamespace"
)
"""The names of all tables; a partition is read by its table's."""


class Template:
    """A database that copies are made of. Nobody may be connected to it meanwhile."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._place, _, self._name = url.rpartition("/")
        self._numbers = count(1)

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[str]:
        """This is the address of a copy, which is gone at the end."""
        url = await self.kept_copy()
        try:
            yield url
        finally:
            await self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    async def kept_copy(self) -> str:
        """This is the address of a copy that stays."""
        name = f"{self._name}_{next(self._numbers)}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {self._name} STRATEGY file_copy")
        return f"{self._place}/{name}"

    async def _run(self, statement: str) -> None:
        await as_owner(f"{self._place}/postgres", statement)


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
