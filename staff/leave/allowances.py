"""Allowances: how many days of a kind somebody has in a year. Without one, the kind says it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, SmallInteger, select
from sqlalchemy.orm import Mapped, mapped_column

from people.businesses import Business
from staff.employees.records import Employee
from staff.leave.calendars import week_of
from staff.leave.weeks import own_weeks
from staff.leave.working_days import Employment, WorkingDays, entitlement
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


def usual_days(kind: Counted, employment: Employment | None, works: WorkingDays, year: int) -> Decimal:
    """This is what somebody has of a kind in a year when nothing else was said: in part who works a part of the week,
    and who comes or leaves within the year where the kind says so."""
    employed = employment if employment is not None and kind.prorated else Employment()
    return entitlement(kind.days_a_year, works.shares(employed, year))


async def usual_of(
    tx: Transaction, business: Business, people: Sequence[UUID], kinds: Iterable[Any], year: int
) -> dict[UUID, dict[UUID, Decimal]]:
    """This is what people have of counted kinds in a year when nothing else was said, by person and kind."""
    kinds, employed, weeks = list(kinds), await employments(tx, people), await own_weeks(tx, people)
    works = WorkingDays(week_of(business), ())
    return {
        id: {kind.id: usual_days(kind, employed.get(id), works.of(weeks.get(id, ())), year) for kind in kinds}
        for id in people
    }
