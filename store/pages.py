"""Pages of lists: no longer than asked for, and no heavier than everyone can bear.

A message may weigh a thousand times another. What one person writes must not make what others read cost them more.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select, Text, cast, func
from sqlalchemy.sql.elements import ColumnElement

if TYPE_CHECKING:
    from store.database import Transaction

K = TypeVar("K")

PAGE_BYTES = 256 * 1024


async def page_of(tx: "Transaction", keys: Select[K, int], limit: int, most: int = PAGE_BYTES) -> tuple[list[K], bool]:
    """These are the first keys of a query for keys and what the row of each weighs (bytes): at most so many, and no
    heavier together than ``most``, but for the first, which comes however heavy it is. And whether there are more.
    """
    found: list[K] = []
    weight = 0
    rows = list(await tx.execute(keys.limit(limit + 1)))
    for key, weighs in rows[:limit]:
        weight += weighs
        if found and weight > most:
            break
        found.append(key)
    return found, len(found) < len(rows)


def weight(*columns: Any) -> ColumnElement[int]:
    """This is how much a row's longest columns weigh (bytes), which of texts is known without reading them."""
    weights = [func.coalesce(func.octet_length(cast(column, Text)), 0) for column in columns]
    return sum(weights[1:], start=weights[0])
