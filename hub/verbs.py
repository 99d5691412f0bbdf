"""Every verb that the wire can ask for: each folder's, in the order of the layers."""

from people import commands as people
from rooms import commands as rooms
from staff.employees import commands as employees
from staff.leave import commands as leave

VERBS = (*people.VERBS, *employees.VERBS, *leave.VERBS, *rooms.VERBS)
