"""What happens to tasks."""

from rooms.tasks.forms import TaskForm
from store.events import Event, Gone


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
