"""Allowances: how many days of a kind somebody has in a year. Without one, the kind says it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from store.rows import Row


class LeaveAllowance(Row):
    __tablename__ = "leave_allowances"
    __table_args__ = (Index("ix_leave_allowances_business_id_year", "business_id", "year"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("leave_kinds.id"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    entitled: Mapped[Decimal] = mapped_column(Numeric(5, 1))
    carried: Mapped[Decimal] = mapped_column(Numeric(5, 1))
