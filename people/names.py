"""Names that are one thing's alone among those of its kind, whatever case they are typed in."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from store.database import Transaction
from store.errors import Refusal
from store.own_rows import change, differing
from store.texts.folding import caseless


async def name_taken(
    tx: Transaction, table: Any, business_id: UUID, name: str, *among: ColumnElement[bool], but: UUID | None = None
) -> bool:
    """Whether something else of a business's has a name, but for case. Those who ask go on one after the other, so that
    two who give a name at once don't both find it free.
    """
    alone = func.hashtextextended(f"names {table.__tablename__} {business_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(alone)))
    rows = await tx.execute(select(table.id, table.name).where(table.business_id == business_id, *among))
    return caseless(name) in {caseless(other) for id, other in rows if id != but}


@dataclass(frozen=True)
class Names:
    """The names of a business's list of its own: each thing in it has one that no other has."""

    table: Any
    constraint: str
    """What the database calls it that no two are alike."""
    taken: Callable[[], Refusal]
    built_in: tuple[str, ...] = ()
    """Names of what is in every business's list."""
    beside: str = ""
    """The field that says where a thing stands, if a name is one thing's alone only among those in the same place."""

    async def add(self, tx: Transaction, row: Any) -> None:
        """Add a thing to the list."""
        await self.must_be_free(tx, row)
        async with self.kept(tx):
            tx.add(row)

    async def change(self, tx: Transaction, row: Any, given: Mapping[str, Any]) -> list[str]:
        """Change a thing of the list to what is given; these are the fields that weren't so already."""
        if {"name", self.beside} & set(differing(row, given)):
            await self.must_be_free(tx, row, given)
        async with self.kept(tx):
            return change(row, given)

    async def must_be_free(self, tx: Transaction, row: Any, given: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Refuse a thing's name, as it would be with what is given, if another has it."""
        name = given.get("name", row.name)
        if caseless(name) in map(caseless, self.built_in):
            raise self.taken()
        among = [self._in(given.get(self.beside, getattr(row, self.beside)))] if self.beside else []
        if await name_taken(tx, self.table, row.business_id, name, *among, but=row.id):
            raise self.taken()

    def _in(self, place: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = getattr(self.table, self.beside).is_not_distinct_from(place)
        return found

    def kept(self, tx: Transaction) -> AbstractAsyncContextManager[None]:
        """What is done in here refuses a name that somebody else has given at the same moment."""
        return tx.refusing(self.constraint, self.taken())
