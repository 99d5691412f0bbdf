"""What happens in rooms."""

from people.forms import PersonForm
from processes.forms import ProcessForm
from rooms.forms import MemberForm, MembershipForm, RoomForm
from store.events import Event, Gone


class RoomOpened(Event):
    """A room was opened."""

    room: RoomForm
    process: ProcessForm | None = None


class RoomChanged(Event):
    """A room's title, description, company, stage or settings were changed."""

    room: RoomForm
    changed: list[str]


class RoomArchived(Event):
    """A room was archived: it is read-only and out of the active list."""

    room: RoomForm


class RoomRestored(Event):
    """An archived room was taken up again."""

    room: RoomForm


class MemberAdded(Event):
    """Someone was added to the room."""

    member: MemberForm
    person: PersonForm


class MemberRemoved(Event):
    """Someone was removed from the room."""

    member: Gone


class MembershipAdded(Event):
    """You were added to a room."""

    membership: MembershipForm


class MembershipRemoved(Event):
    """You were removed from a room."""

    membership: Gone
