"""What is said of what happens to tasks."""

from rooms.tasks import events
from rooms.tasks.forms import TaskForm
from store.errors import _
from store.sentences import DOER, Fact, FromEvent, Is, Named, Otherwise, Sentences, only, sentence, when

TIMELINE = Sentences(
    sentence(
        events.TaskCreated,
        when(_("{who} added a task, removed since"), Is("task.gone", True)),
        _("{who} added the task {what}"),
        kind="tasks",
        icon="plus",
        latest=True,
    ),
    sentence(
        events.TaskChanged,
        when(_("{who} moved {what} to {stage}"), only("stage_id"), icon="arrow-right"),
        when(_("{who} changed when {what} is due"), only("due_on")),
        when(_("{who} changed who does {what}"), only("assignee_id")),
        _("{who} changed {what}"),
        kind="tasks",
        icon="pencil",
        latest=True,
    ),
    sentence(
        events.TaskCompleted,
        _("{who} completed {what}"),
        kind="tasks",
        icon="check",
        latest=True,
        fact=Fact(TaskForm, at="completed_at", shorter=_("{what} is done")),
    ),
    sentence(events.TaskReopened, _("{who} reopened {what}"), kind="tasks", icon="rotate", latest=True),
    sentence(events.TaskWithdrawn, _("{who} took a task back to the team"), kind="tasks", icon="lock"),
    sentence(events.TaskRemoved, _("{who} removed a task"), kind="tasks", icon="trash"),
    kinds={"tasks": _("Tasks")},
    blanks={
        "who": DOER,
        "what": (
            FromEvent("task.title"),
            FromEvent("task.id", Named(TaskForm.things, "title")),
            Otherwise(_("a task"), "task"),
        ),
        "stage": (FromEvent("task.stage_id", Named("process.task_stages", built_in=True)),),
    },
)
