"""A business's own rows, such as those of its lists: each is found by who asks, and changed by what is given."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from store.database import Transaction
from store.errors import NotFound
from store.rows import Row

R = TypeVar("R", bound=Row)


async def own_row(tx: Transaction, table: type[R], business_id: UUID | None, id: UUID, *, lock: bool = True) -> R:
    """This is a row of a business's, for writing. That it isn't there and that it is another's are one answer.

    Raises:
        NotFound: it isn't there, or is another business's.
    """
    row = await tx.get(table, id, lock=lock)
    owned: Any = row
    if row is None or owned.business_id != business_id:
        raise NotFound()
    return row


def differing(row: Any, given: Mapping[str, Any]) -> list[str]:
    """These are the fields that are given and aren't so already."""
    return [field for field, value in given.items() if getattr(row, field) != value]


def change(row: Any, given: Mapping[str, Any]) -> list[str]:
    """Change a row's fields to what is given; these are those that weren't so already."""
    changed = differing(row, given)
    for field in changed:
        setattr(row, field, given[field])
    return changed
