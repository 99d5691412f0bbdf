"""What may be asked about leave, at a glance."""

from people.leave.entitling import carry_leave_allowances, change_leave_allowance
from people.leave.feeds import remove_calendar_feed, renew_calendar_feed
from people.leave.holidays import (
    add_holiday,
    add_working_day,
    change_calendar,
    remove_holiday,
    remove_working_day,
    rename_holiday,
    restore_holiday,
)
from people.leave.kinds import add_leave_kind, change_leave_kind, remove_leave_kind
from people.leave.leaves import (
    approve_leave,
    cancel_leave,
    record_leave,
    refuse_leave,
    request_leave,
    withdraw_leave,
)
from people.leave.rostering import change_employee_week, remove_employee_week

VERBS = (
    request_leave,
    record_leave,
    approve_leave,
    refuse_leave,
    withdraw_leave,
    cancel_leave,
    add_leave_kind,
    change_leave_kind,
    remove_leave_kind,
    change_leave_allowance,
    carry_leave_allowances,
    add_holiday,
    rename_holiday,
    remove_holiday,
    restore_holiday,
    add_working_day,
    remove_working_day,
    change_calendar,
    change_employee_week,
    remove_employee_week,
    renew_calendar_feed,
    remove_calendar_feed,
)
