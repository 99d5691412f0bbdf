"""What is announced of tasks, so that what hangs on them follows."""

from dataclasses import dataclass
from uuid import UUID

from people.actors import Actor
from rooms.access import SeenRoom
from store.announcements import Announcement
from store.events import Audience


@dataclass(frozen=True, slots=True)
class TaskAnnouncement(Announcement):
    """What is announced of one task."""

    room: SeenRoom
    task_id: UUID
    by: Actor


class TaskDone(TaskAnnouncement):
    """A task was completed."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TaskShownTo(TaskAnnouncement):
    """A task is for another audience."""

    audience: Audience


class TaskGoes(TaskAnnouncement):
    """A task goes; whoever keeps what must not lose it refuses."""

    __slots__ = ()
