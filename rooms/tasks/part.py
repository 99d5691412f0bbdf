"""What tasks bring."""

from rooms.rendering import draw_ahead
from rooms.tasks import reads, sentences
from rooms.tasks.departures import pass_on_tasks, rooms_of_tasks, tasks_held
from rooms.tasks.forms import TaskForm
from rooms.tasks.stages import count_tasks_at_stages, tasks_are_at
from rooms.tasks.summaries import sum_tasks
from rooms.tasks.tasks import (
    Task,
    change_task,
    complete_task,
    create_task,
    find_tasks,
    remove_task,
    reopen_task,
    show_tasks,
)
from store.commands import Prepared
from store.parts import Part
from store.upkeep import Upkeep

TASKS = Part(
    "tasks",
    verbs=(
        Prepared(create_task, draw_ahead),
        Prepared(change_task, draw_ahead),
        complete_task,
        reopen_task,
        remove_task,
    ),
    reads=reads.READS,
    answers=(
        show_tasks,
        find_tasks,
        sum_tasks,
        tasks_are_at,
        count_tasks_at_stages,
        tasks_held,
        rooms_of_tasks,
        pass_on_tasks,
    ),
    shown={"room": (TaskForm,)},
    counts=("tasks", "open_tasks"),
    upkeep=Upkeep(described=(Task,)),
    timeline=sentences.TIMELINE,
)
