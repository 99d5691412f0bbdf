"""What happens in rooms."""

from typing import Literal

from people.forms import PersonForm
from processes.forms import ProcessForm
from rooms.forms import (
    EntryForm,
    FileForm,
    MemberForm,
    MembershipForm,
    MentionForm,
    MessageForm,
    RoomForm,
    TaskForm,
    TimerForm,
)
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


class MessagePosted(Event):
    """A message was posted on the wall."""

    message: MessageForm | Gone


class MessageEdited(Event):
    """A message was edited by its author."""

    message: MessageForm | Gone


class MessageDeleted(Event):
    """A message was deleted; its words are gone from the log too."""

    message: Gone


class MentionAdded(Event):
    """You were mentioned on a wall, or a department of yours was."""

    mention: MentionForm


class MentionsSeen(Event):
    """You looked at what mentioned you, or it no longer does."""

    mentions: list[Gone]


class TaskCreated(Event):
    """A task was created."""

    task: TaskForm | Gone


class TaskChanged(Event):
    """A task was changed."""

    task: TaskForm | Gone
    changed: list[str]


class TaskCompleted(Event):
    """A task was completed."""

    task: TaskForm | Gone


class TaskReopened(Event):
    """A completed task was taken up again."""

    task: TaskForm | Gone


class TaskWithdrawn(Event):
    """A task was taken back from those who no longer may see it."""

    task: Gone


class TaskRemoved(Event):
    """A task was removed."""

    task: Gone


class TimerStarted(Event):
    """Someone started to work."""

    entry: EntryForm | None = None
    timer: TimerForm | None = None


WhyStopped = Literal["room_archived", "task_completed", "member_removed", "person_deactivated", "started_elsewhere"]


class TimerStopped(Event):
    """A timer stopped: by whom and why is said, whose it was stands in the entry."""

    entry: EntryForm | None = None
    timer: Gone | None = None
    reason: WhyStopped | None = None
    """What it ended with; left out where somebody just stopped it."""


class EntryChanged(Event):
    """A stretch of work is shown to others than before."""

    entry: EntryForm


class EntryWithdrawn(Event):
    """A stretch of work was taken back from those who no longer may see it."""

    entry: Gone


class FileAdded(Event):
    """A file was added."""

    file: FileForm | Gone


class FileChanged(Event):
    """A file was renamed, or shared with the client, or moved to another task."""

    file: FileForm | Gone
    changed: list[str]


class FileWithdrawn(Event):
    """A file was taken back from those who no longer may see it."""

    file: Gone


class FileRemoved(Event):
    """A file was removed."""

    file: Gone
