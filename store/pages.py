"""Pages of lists: no longer than asked for, and no larger than everyone can bear.

A message may be a thousand times as large as another. What one person writes must not make what others read cost them
more.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, Text, case, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.elements import ColumnElement

from store.database import Transaction
from store.rows import Row

R = TypeVar("R", bound=Row)

PAGE_BYTES = 256 * 1024


async def page_of(
    tx: Transaction,
    query: Select[R],
    order: Sequence[ColumnElement[Any]],
    *texts: InstrumentedAttribute[Any],
    count_at_most: int,
    bytes_at_most: int = PAGE_BYTES,
) -> tuple[list[R], bool]:
    """These are a query's first rows in an order, and whether there are more: at most so many, and with their texts
    together no larger than so many bytes; but the first comes however large it is."""
    place = func.row_number().over(order_by=order).label("place")
    listed = query.add_columns(place).order_by(*order).limit(count_at_most + 1).subquery()
    size = size_of(*(listed.c[column.key] for column in texts))
    reached = func.sum(size).over(order_by=listed.c.place)
    sized = select(listed, size.label("size"), reached.label("reached")).subquery()
    # One row more than there is room for shows that there are more.
    fitting = or_(sized.c.reached - sized.c.size <= bytes_at_most, sized.c.place <= 2)
    entity = aliased(query.column_descriptions[0]["entity"], sized)
    rows = list(await tx.execute(select(entity, sized.c.reached).where(fitting).order_by(sized.c.place)))
    over = len(rows) > count_at_most or (len(rows) > 1 and rows[-1][1] > bytes_at_most)
    return [row for row, _reached in (rows[:-1] if over else rows)], over


def size_of(*columns: Any) -> ColumnElement[int]:
    """This is how large a row's texts are together, in bytes. They aren't read for it, but for packed JSON."""
    sizes = [func.coalesce(_size(column), 0) for column in columns]
    return sum(sizes[1:], start=sizes[0])


def _size(column: Any) -> ColumnElement[int]:
    if isinstance(column.type, Text):
        return func.octet_length(column)
    as_text = func.octet_length(cast(column, Text))
    return case((func.pg_column_compression(column).is_(None), func.pg_column_size(column)), else_=as_text)
