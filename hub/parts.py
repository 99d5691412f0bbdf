"""The parts: what each folder brings to the whole, in the order of the layers. Nothing else lists them."""

from typing import get_args

from clients.part import CLIENTS
from people.installation.part import INSTALLATION
from people.mail.kinds import MailKind
from people.mail.part import MAIL
from people.part import PEOPLE
from people.persons.part import PERSONS
from people.signing.domains.part import DOMAINS
from people.signing.part import SIGNING
from presence.part import PRESENCE
from processes.part import PROCESSES
from rooms.files.part import FILES
from rooms.folding import Folding
from rooms.part import ROOMS
from rooms.tasks.part import TASKS
from rooms.time.part import TIME
from rooms.wall.part import WALL
from staff.employees.part import EMPLOYEES
from staff.leave.part import LEAVE
from staff.part import STAFF
from store.announcements import Answers
from store.events import WireForm
from store.finds import in_order
from store.parts import Shown, of_all, tabs_of
from store.sentences import joined

IN_ROOMS = (WALL, TASKS, TIME, FILES)
"""What is done in rooms, in the order in which a timeline offers it."""
PARTS = (
    PEOPLE, MAIL, DOMAINS, SIGNING, PERSONS, INSTALLATION,
    PROCESSES, CLIENTS, STAFF, EMPLOYEES, LEAVE,
    ROOMS, *IN_ROOMS, PRESENCE,
)  # fmt: skip

VERBS = of_all(PARTS, lambda part: part.verbs)
"""Every verb that the wire can ask for."""

READS = of_all(PARTS, lambda part: part.reads)
"""Every read of the HTTP API."""

FINDS = in_order(of_all(PARTS, lambda part: part.finds))
"""What search finds, in the order in which it is shown."""

ANSWERS = Answers((*of_all(PARTS, lambda part: part.answers), *(find.answer for find in FINDS)))
"""What follows in one folder from what is announced in another, and who finds what somebody looks for."""

IN_SNAPSHOTS: dict[Shown, tuple[type[WireForm], ...]] = {
    shown: of_all(PARTS, lambda part, shown=shown: part.shown.get(shown, ()))  # type: ignore[misc]
    for shown in get_args(Shown)
}
"""What snapshots are made of."""

ROOM_PARTS = frozenset(part.name for part in IN_ROOMS)
"""Those that can be asked for of a room."""

FOLDING = Folding(IN_SNAPSHOTS["room"], of_all(PARTS, lambda part: part.counts))
"""How a room's snapshot goes on by events."""

LETTERS: dict[str, MailKind] = {kind.name: kind for kind in of_all(PARTS, lambda part: part.letters)}
"""Every kind of letter, by its name."""

TIMELINE = joined(*(part.timeline for part in (*IN_ROOMS, ROOMS) if part.timeline is not None))
"""What is said of what happens in a room: in its timeline, and of the latest on everyone's home."""

TABS = tabs_of(PARTS)
"""Where in a room its parts are looked at."""

JOURNAL = joined(*(part.journal for part in PARTS if part.journal is not None))
"""What is said of the lines of the journal."""

NOTICES = joined(*(part.notices for part in PARTS if part.notices is not None))
"""All that a person's own stream can tell."""
