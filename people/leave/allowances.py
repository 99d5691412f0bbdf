"""Allowances: how many days of a kind somebody has in a year. Without one, the kind says it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, SmallInteger, select
from sqlalchemy.orm import Mapped, mapped_column

from people.employees.cards import Employee
from people.leave.reckoning import Employment, entitlement
from store.database import Transaction
from store.rows import Row


class LeaveAllowance(Row):
    __tablename__ = "leave_allowances"
    __table_args__ = (Index("ix_leave_allowances_business_id_year", "business_id", "year"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("leave_kinds.id"), primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    entitled: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    """None where it is what the kind says, whatever that comes to."""
    carried: Mapped[Decimal] = mapped_column(Numeric(5, 1))


class Counted(Protocol):
    """A kind of leave whose days are counted."""

    @property
    def days_a_year(self) -> Decimal: ...
    @property
    def prorated(self) -> bool: ...


async def employments(tx: Transaction, people: Iterable[UUID]) -> dict[UUID, Employment]:
    """This is from when until when people are employed, as far as their cards say."""
    rows = await tx.execute(
        select(Employee.person_id, Employee.employed_from, Employee.employed_until).where(
            Employee.person_id.in_(list(people))
        )
    )
    return {person_id: Employment(starts_on, ends_on) for person_id, starts_on, ends_on in rows}


def usual_days(kind: Counted, employment: Employment | None, year: int) -> Decimal:
    """This is what somebody has of a kind in a year when nothing else was said."""
    if employment is None or not kind.prorated:
        return kind.days_a_year
    return entitlement(kind.days_a_year, employment, year)
