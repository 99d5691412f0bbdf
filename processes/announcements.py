"""What is announced of processes, so that others' folders do what follows from it."""

from dataclasses import dataclass
from uuid import UUID

from people.actors import Actor
from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class ProcessShown(Announcement):
    """Somebody enters a process's stream. The answers are pieces of its snapshot, as the asker sees them."""

    actor: Actor
    process_id: UUID
    business_id: UUID


@dataclass(frozen=True, slots=True)
class StageGoes(Announcement):
    """A stage goes, whose row is locked; the answers say whether anything is at it."""

    stage_id: UUID


@dataclass(frozen=True, slots=True)
class StagesCounted(Announcement):
    """A business's stages are shown. The answers are the numbers of things at each, where there are any."""

    business_id: UUID
