"""What happens to working time."""

from typing import Literal

from rooms.time.forms import EntryForm, TimerForm
from store.events import Event, Gone


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
