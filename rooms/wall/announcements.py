"""What is announced of messages, so that what hangs on them follows."""

from dataclasses import dataclass
from uuid import UUID

from people.actors import Actor
from rooms.access import SeenRoom
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class MessageAnnouncement(Announcement):
    """What is announced of one message."""

    room: SeenRoom
    message_id: UUID
    by: Actor


@dataclass(frozen=True, slots=True)
class MessageWritten(MessageAnnouncement):
    """A message has words, or others than before. The usual post names nobody, and isn't announced."""

    html: str
    audience: str


class MessageGoes(MessageAnnouncement):
    """A message is deleted; it is still there."""

    __slots__ = ()
