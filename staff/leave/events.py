"""What happens to leave, its kinds and allowances, weeks and the calendar."""

from staff.leave.forms import AbsenceForm, CalendarForm, EmployeeWeekForm, LeaveAllowanceForm, LeaveForm, LeaveKindForm
from store.events import Event, Gone


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
