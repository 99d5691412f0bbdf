"""What is announced of people, so that others' folders do what follows from it."""

from dataclasses import dataclass
from uuid import UUID

from people.actors import Actor
from people.businesses import Business
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class AccessEnded(Announcement):
    """Nobody comes in any more by what somebody had given them, nor do their programs."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonForgotten(Announcement):
    """Somebody is erased: what is only about them goes, wherever it is kept. All businesses' rows are seen."""

    business_id: UUID
    person_id: UUID
    pseudonym: str


@dataclass(frozen=True, slots=True)
class ProfileChanged(Announcement):
    """A business's profile changed, in these fields; its row is locked."""

    actor: Actor
    business: Business
    changed: frozenset[str]
