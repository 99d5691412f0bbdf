"""Weeks: on which days, or halves of days, somebody works whose week isn't the business's, each from a day on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from staff.leave.forms import DayPart, EmployeeWeekForm, WeekForm
from staff.leave.working_days import AFTERNOON, MORNING, NOTHING, WHOLE, OwnWeek
from store.database import Transaction
from store.rows import Row

PARTS: dict[DayPart, int] = {"off": NOTHING, "morning": MORNING, "afternoon": AFTERNOON, "day": WHOLE}
NAMES: dict[int, DayPart] = {halves: name for name, halves in PARTS.items()}
EVER = date(1900, 1, 1)
"""Since when somebody works so of whom it isn't said."""


class EmployeeWeek(Row):
    __tablename__ = "employee_weeks"
    __table_args__ = (CheckConstraint("cardinality(days) = 7 and 0 <= all (days) and 3 >= all (days)", name="days"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"), index=True)
    days: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    """From Monday on: nothing, 1 the morning, 2 the afternoon, 3 the day. None: the business's week again."""


async def own_weeks(tx: Transaction, people: Iterable[UUID]) -> dict[UUID, tuple[OwnWeek, ...]]:
    """These are the weeks of those who have one of their own, the earliest first."""
    found: dict[UUID, list[OwnWeek]] = defaultdict(list)
    rows = select(EmployeeWeek).where(EmployeeWeek.person_id.in_(list(people)))
    for row in await tx.scalars(rows.order_by(EmployeeWeek.person_id, EmployeeWeek.since)):
        found[row.person_id].append(OwnWeek(row.since, None if row.days is None else tuple(row.days)))
    return {person_id: tuple(weeks) for person_id, weeks in found.items()}


async def week_form(tx: Transaction, person_id: UUID) -> EmployeeWeekForm:
    """These are somebody's weeks, as the wire shows them."""
    weeks = (await own_weeks(tx, [person_id])).get(person_id, ())
    return EmployeeWeekForm(
        id=person_id,
        weeks=[
            WeekForm(
                since=None if week.since == EVER else week.since,
                days=None if week.halves is None else [NAMES[halves] for halves in week.halves],
            )
            for week in weeks
        ],
    )
