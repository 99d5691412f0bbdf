"""Leave, as the wire shows it.

A *leave* is told to the person and to those who decide on it. An *absence* is what their team sees of an approved one;
clients see nothing of either.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from store.events import ActedBy, SignedForm, WireForm, not_there

State = Literal["requested", "approved", "refused", "withdrawn", "cancelled"]
DayPart = Literal["off", "morning", "afternoon", "day"]
Color = Literal["teal", "blue", "violet", "green", "red", "yellow", "gray"]


class LeaveForm(SignedForm):
    """Days off, asked for or approved. At noon: from or until the middle of that day."""

    thing: ClassVar[str] = "leave"
    things: ClassVar[str] = "leaves"

    person_id: UUID
    kind_id: UUID
    starts_on: date
    ends_on: date
    starts_at_noon: bool
    ends_at_noon: bool
    note: str
    state: State
    days: dict[str, Decimal]
    """Working days, by year."""
    asked_by: UUID
    asked_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision_acted_by: ActedBy | None = Field(None, exclude_if=not_there)
    """Who decided in the name of the one named, where that was another."""
    reason: str


class AbsenceForm(WireForm):
    """That someone of the team is away; the identifier is the leave's. Of a private kind it is not said which."""

    thing: ClassVar[str] = "absence"
    things: ClassVar[str] = "absences"

    person_id: UUID
    starts_on: date
    ends_on: date
    starts_at_noon: bool
    ends_at_noon: bool
    kind_id: UUID | None


class LeaveKindForm(WireForm):
    """A kind of leave. ``key`` names a built-in one, whose name is translated where it is shown."""

    thing: ClassVar[str] = "leave_kind"
    things: ClassVar[str] = "leave_kinds"

    key: str | None
    name: str
    color: Color
    paid: bool
    counted: bool
    approved: bool
    private: bool
    days_a_year: Decimal
    prorated: bool
    """Whether who is employed for a part of a year has that part of its days."""


class LeaveAllowanceForm(WireForm):
    """How many days of a kind someone has in a year; the identifier is the person's."""

    thing: ClassVar[str] = "leave_allowance"
    things: ClassVar[str] = "leave_allowances"

    kind_id: UUID
    year: int
    entitled: Decimal
    carried: Decimal


class CalendarForm(WireForm):
    """The country, perhaps the region, whose holidays a business keeps, and the days it works on; the identifier is the
    business's."""

    thing: ClassVar[str] = "calendar"
    things: ClassVar[str] = "calendar"

    country: str | None
    region: str | None
    working_week: list[int]
    """Monday is 1."""


class WeekForm(BaseModel):
    """On which days, or halves of days, somebody works, from a day on.

    The days are named from Monday on. Without a day it is always so; without days they work by the business's week.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)

    since: date | None
    days: list[DayPart] | None


class EmployeeWeekForm(WireForm):
    """The weeks of somebody whose week isn't the business's, the earliest first; the identifier is the person's."""

    thing: ClassVar[str] = "employee_week"
    things: ClassVar[str] = "employee_weeks"

    weeks: list[WeekForm]
