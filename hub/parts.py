"""The parts: what each folder brings to the whole, in the order of the layers."""

from people import commands as people
from people import reads as people_reads
from rooms import commands as rooms
from rooms import reads as room_reads
from rooms.tasks import reads as task_reads
from rooms.time import reads as time_reads
from rooms.wall import reads as wall_reads
from staff import reads as staff_reads
from staff.employees import commands as employees
from staff.employees.erasures import erase_record
from staff.leave import commands as leave
from staff.leave.erasures import erase_leave
from staff.leave.feeds import end_feed
from staff.leave.recounts import recount_by_profile
from store.announcements import Answers

VERBS = (*people.VERBS, *employees.VERBS, *leave.VERBS, *rooms.VERBS)
"""Every verb that the wire can ask for."""

READS = (
    *room_reads.READS,
    *wall_reads.READS,
    *task_reads.READS,
    *time_reads.READS,
    *people_reads.READS,
    *staff_reads.READS,
)
"""Every read of the HTTP API."""

ANSWERS = Answers((erase_record, erase_leave, end_feed, recount_by_profile))
"""What follows in one folder from what is announced in another."""
