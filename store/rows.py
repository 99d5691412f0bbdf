"""The base of every table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Row(DeclarativeBase):
    """A row of a table. Times are UTC and aware; identifiers are UUIDv7."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: Any = {datetime: DateTime(timezone=True), UUID: Uuid()}


class Signed:
    """What bears somebody's name: ``Transaction.add`` notes who really put it there, where that is another."""

    acted_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    """Their identifier and name; the name is kept, since they aren't of the business."""
