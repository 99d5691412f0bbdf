"""Leaves as rows: what somebody asked for, when, and how many working days it takes of which year."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, literal_column, select, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from people.businesses import Business
from staff.leave.calendars import working_days
from staff.leave.weeks import own_weeks
from staff.leave.working_days import Period, WorkingDays
from store.database import Transaction
from store.rows import Row, Signed

DAYS_AT_MOST = 366


_RANGE = (
    "tsrange(starts_on + case when starts_at_noon then interval '12 hours' else interval '0' end,"
    " ends_on + case when ends_at_noon then interval '12 hours' else interval '24 hours' end)"
)


HELD = ("requested", "approved")


class Leave(Signed, Row):
    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("state in ('requested', 'approved', 'refused', 'withdrawn', 'cancelled')", name="state"),
        Index("ix_leaves_person_id_starts_on", "person_id", "starts_on"),
        Index("ix_leaves_business_id_ends_on", "business_id", "ends_on"),
        ExcludeConstraint(
            ("person_id", "="),
            (literal_column(_RANGE), "&&"),
            where=text("state in ('requested', 'approved')"),
            name="ex_leaves_overlap",
            using="gist",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    kind_id: Mapped[UUID] = mapped_column(ForeignKey("leave_kinds.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    starts_at_noon: Mapped[bool]
    ends_at_noon: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    days: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    decision_acted_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.starts_at_noon, self.ends_at_noon)


async def counted(tx: Transaction, business_id: UUID, person_id: UUID, period: Period) -> dict[str, str]:
    """These are the working days that a time takes of someone, by the calendar as it stands. It stands still until
    this transaction ends, so that whoever changes it finds what was counted here."""
    business = await with_calendar(tx, business_id)
    works = await working_days(tx, business, {period.starts_on.year, period.ends_on.year})
    weeks = await own_weeks(tx, [person_id])
    return days_by_year(works.of(weeks.get(person_id, ())), period)


async def with_calendar(tx: Transaction, business_id: UUID) -> Business:
    """This is a business, whose calendar stands still until this transaction ends. It is locked before its leaves are,
    as by whoever changes the calendar."""
    found = await tx.scalars(
        select(Business)
        .where(Business.id == business_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    business: Business = found.one()
    return business


def days_by_year(works: WorkingDays, period: Period) -> dict[str, str]:
    """These are the working days in a time, by year, as a leave keeps them."""
    return {str(year): str(days) for year, days in works.by_year(period).items()}
