"""What people are told of leave, wherever they are: nothing yet; the pages that show it are drawn anew."""

from staff.leave import events
from store.sentences import Sentences

NOTICES = Sentences(
    blanks={},
    silent=(
        events.LeaveRequested,
        events.LeaveRecorded,
        events.LeaveApproved,
        events.LeaveRefused,
        events.LeaveWithdrawn,
        events.LeaveCancelled,
        events.LeaveRecounted,
        events.LeaveAllowanceChanged,
        events.EmployeeWeekChanged,
    ),
)
