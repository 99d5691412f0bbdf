"""What people are told of leave, wherever they are: nothing yet; the pages that show it are drawn anew."""

from staff.leave import forms
from store.sentences import Sentences

NOTICES = Sentences(
    blanks={},
    silent=(
        forms.LeaveRequested,
        forms.LeaveRecorded,
        forms.LeaveApproved,
        forms.LeaveRefused,
        forms.LeaveWithdrawn,
        forms.LeaveCancelled,
        forms.LeaveRecounted,
        forms.LeaveAllowanceChanged,
        forms.EmployeeWeekChanged,
    ),
)
