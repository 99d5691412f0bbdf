"""What is announced of messages, so that what hangs on them follows."""

from dataclasses import dataclass
from uuid import UUID

from people.actors import Actor
from rooms.access import SeenRoom
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class MessageGoes(Announcement):
    """A message is deleted; it is still there."""

    room: SeenRoom
    message_id: UUID
    by: Actor
