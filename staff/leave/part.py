"""What leave brings."""

from staff.leave import reads, recounts, sentences
from staff.leave.absences import show_absences
from staff.leave.decisions import approve_leave, cancel_leave, refuse_leave, withdraw_leave
from staff.leave.departures import end_leave, leave_held
from staff.leave.entitlements import carry_leave_allowances, change_leave_allowance
from staff.leave.erasures import erase_leave
from staff.leave.feeds import end_feed, remove_calendar_feed, renew_calendar_feed
from staff.leave.forms import AbsenceForm
from staff.leave.holidays import (
    add_holiday,
    add_working_day,
    change_calendar,
    remove_holiday,
    remove_working_day,
    rename_holiday,
    restore_holiday,
)
from staff.leave.kinds import add_leave_kind, change_leave_kind, remove_leave_kind
from staff.leave.leave_news import LEAVE_DECIDED
from staff.leave.leaves import LEAVE_ASKED, record_leave, request_leave
from staff.leave.recounts import recount_by_profile
from staff.leave.rosters import change_employee_week, remove_employee_week
from store.parts import Part
from store.upkeep import Upkeep

LEAVE = Part(
    "leave",
    verbs=(
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
    ),
    reads=reads.READS,
    answers=(show_absences, leave_held, end_leave, erase_leave, end_feed, recount_by_profile),
    shown={"business": (AbsenceForm,)},
    upkeep=Upkeep(once=(recounts.count_after_update,)),
    letters=(LEAVE_ASKED, LEAVE_DECIDED),
    notices=sentences.NOTICES,
)
