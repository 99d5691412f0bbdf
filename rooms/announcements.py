"""What is announced of rooms, so that what stands in them answers for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from people.actors import Actor
from people.persons.departures import Leaving
from rooms.access import SeenRoom
from store.announcements import Announcement

GLANCED = 60
"""So many things of a kind a glance takes in."""


@dataclass(frozen=True, slots=True)
class RoomShown(Announcement):
    """Somebody enters a room. The answers are pieces of its snapshot, as the asker sees them.

    Of a part that isn't wanted, a piece has the few things by which the rest of the room lives without it, such as its
    latest, and under ``counts`` how many there are. All parts are wanted where none is named.
    """

    actor: Actor
    room: SeenRoom
    parts: frozenset[str] | None = None

    def wants(self, part: str) -> bool:
        """Whether a part is wanted whole."""
        return self.parts is None or part in self.parts


@dataclass(frozen=True, slots=True)
class RoomsSummed(Announcement):
    """Rooms are shown at a glance, in a list. The answers are what stands there of each of them, as the asker sees it:
    by its name, and by the room."""

    actor: Actor
    room_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class EventsShown(Announcement):
    """Events of several rooms are shown outside them. The answers are the names, by identifier, that the asker sees of
    what they tell of."""

    actor: Actor
    bodies: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RoomsLeft(Announcement):
    """Somebody leaves rooms, or is taken out of them; they are still in."""

    person_id: UUID
    room_ids: Sequence[UUID]
    by: Actor
    reason: Literal["member_removed", "person_deactivated"]


@dataclass(frozen=True, slots=True)
class RoomsTakenOver(Announcement):
    """In which rooms does somebody have what a successor takes over? The answers are queries of rooms' identifiers."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class WorkPassedOn(Announcement):
    """Somebody is let go, and their successor, if there is one, is in all their rooms: what they had to do there is the
    successor's, before they are out of the rooms."""

    leaving: Leaving


@dataclass(frozen=True, slots=True)
class RoomArchiving(Announcement):
    """A room is archived; it isn't read-only yet."""

    room: SeenRoom
    by: Actor
