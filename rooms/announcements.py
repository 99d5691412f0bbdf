"""What is announced of rooms, so that what stands in them answers for itself."""

from dataclasses import dataclass

from people.actors import Actor
from rooms.access import SeenRoom
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class RoomShown(Announcement):
    """Somebody enters a room. The answers are pieces of its snapshot, as the asker sees them."""

    actor: Actor
    room: SeenRoom
