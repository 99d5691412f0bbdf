"""Folded columns, beside those that are searched.

PostgreSQL folds nothing: what it makes of a letter depends on the locale that it was set up with.

    title: Mapped[str] = mapped_column(Text)
    title_folded: Mapped[str | None] = folded_from("title")      # kept by itself, whoever sets the title
    query.where(holds(Room.title_folded, folded(q)))             # nothing in q is a wildcard
"""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, event, func, or_
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Mapper, mapped_column

from store.rows import Row
from store.texts.folding import folded, normalized

EACH = 6
"""How many of each kind are found."""


def holds(column: InstrumentedAttribute[str | None], wanted: str) -> ColumnElement[bool]:
    """This is whether a folded column has words in it, which are folded, too."""
    return func.strpos(column, wanted) > 0


def holds_plainly(column: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    """This is whether a column that isn't kept folded, such as an e-mail's, has words in it, whatever their case."""
    plain = func.lower(cast(column, Text))
    return or_(*(func.strpos(plain, each) > 0 for each in {folded(words), normalized("NFC", words.strip().lower())}))


def folded_from(source: str) -> Mapped[str | None]:
    """This is the column of another one's folded text. It is null only where another version wrote the row or its
    text, until it is folded (``store.migrations.backfills``).

    A statement that changes the text without loading the row says the folded text itself.
    """

    def of_row(context: Any) -> str:
        return folded(context.get_current_parameters()[source])

    return mapped_column(Text, default=of_row, info={"folded_from": source}, deferred=True)


@event.listens_for(Row, "after_mapper_constructed", propagate=True)
def _follow(mapper: Mapper[Any], row: type[Row]) -> None:
    """Have a class's folded columns follow their texts."""
    for column in mapper.columns:
        if source := column.info.get("folded_from"):
            event.listen(getattr(row, source), "set", partial(_set, column.key))


def _set(column: str, row: Row, text: str, *_: Any) -> None:
    setattr(row, column, folded(text))
