"""Leave, as the wire shows it.

A *leave* is told to the person and to those who decide on it. An *absence* is what their team sees of an approved one;
clients see nothing of either.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from store.events import ActedBy, Event, Form, Gone, SignedForm, not_there

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


class AbsenceForm(Form):
    """That someone of the team is away; the identifier is the leave's. Of a private kind it is not said which."""

    thing: ClassVar[str] = "absence"
    things: ClassVar[str] = "absences"

    person_id: UUID
    starts_on: date
    ends_on: date
    starts_at_noon: bool
    ends_at_noon: bool
    kind_id: UUID | None


class LeaveKindForm(Form):
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


class LeaveAllowanceForm(Form):
    """How many days of a kind someone has in a year; the identifier is the person's."""

    thing: ClassVar[str] = "leave_allowance"
    things: ClassVar[str] = "leave_allowances"

    kind_id: UUID
    year: int
    entitled: Decimal
    carried: Decimal


class CalendarForm(Form):
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


class EmployeeWeekForm(Form):
    """The weeks of somebody whose week isn't the business's, the earliest first; the identifier is the person's."""

    thing: ClassVar[str] = "employee_week"
    things: ClassVar[str] = "employee_weeks"

    weeks: list[WeekForm]


class LeaveRequested(Event):
    """Someone asked for leave."""

    leave: LeaveForm


class LeaveRecorded(Event):
    """Leave was put down without being asked for."""

    leave: LeaveForm


class LeaveApproved(Event):
    """Leave was approved."""

    leave: LeaveForm


class LeaveRefused(Event):
    """Leave was refused; the reason says why."""

    leave: LeaveForm


class LeaveWithdrawn(Event):
    """What someone asked for was taken back, by themselves or since they leave."""

    leave: LeaveForm


class LeaveCancelled(Event):
    """Approved leave was cancelled."""

    leave: LeaveForm


class LeaveRecounted(Event):
    """The calendar or somebody's week was changed, or they leave, so leave takes another number of working days."""

    leave: LeaveForm


class AbsenceAdded(Event):
    """Someone of the team will be away."""

    absence: AbsenceForm


class AbsenceChanged(Event):
    """Someone of the team will be away for another time than was said."""

    absence: AbsenceForm


class AbsenceRemoved(Event):
    """Someone of the team won't be away after all."""

    absence: Gone


class LeaveKindAdded(Event):
    """A kind of leave was added."""

    leave_kind: LeaveKindForm


class LeaveKindChanged(Event):
    """A kind of leave was changed."""

    leave_kind: LeaveKindForm


class LeaveKindRemoved(Event):
    """A kind of leave is no longer given."""

    leave_kind: Gone


class LeaveAllowanceChanged(Event):
    """How many days of leave you have was changed."""

    leave_allowance: LeaveAllowanceForm


class EmployeeWeekChanged(Event):
    """The days on which you work were changed."""

    employee_week: EmployeeWeekForm


class CalendarChanged(Event):
    """The business's country, working week or holidays were changed."""

    calendar: CalendarForm
    changed: list[str]
