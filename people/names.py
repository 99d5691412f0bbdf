"""Names that are one thing's alone among those of its kind, whatever case they are typed in."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from store.database import Transaction
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
