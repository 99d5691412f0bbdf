"""The parts: what each folder brings to the whole, in the order of the layers."""

from people import commands as people
from rooms import commands as rooms
from staff.employees import commands as employees
from staff.employees.erasures import erase_record
from staff.leave import commands as leave
from staff.leave.erasures import erase_leave
from staff.leave.feeds import end_feed
from staff.leave.recounts import recount_by_profile
from store.announcements import Answers

VERBS = (*people.VERBS, *employees.VERBS, *leave.VERBS, *rooms.VERBS)
"""Every verb that the wire can ask for."""

ANSWERS = Answers((erase_record, erase_leave, end_feed, recount_by_profile))
"""What follows in one folder from what is announced in another."""
