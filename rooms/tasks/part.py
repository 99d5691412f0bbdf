"""What tasks bring."""

from rooms.rendered_texts import draw_ahead
from rooms.tasks import reads, sentences
from rooms.tasks.departures import pass_on_tasks, rooms_of_tasks, tasks_held
from rooms.tasks.events import TaskCreated
from rooms.tasks.forms import TaskForm
from rooms.tasks.labels import LabelForm, add_label, change_label, remove_label, show_labels_of_process
from rooms.tasks.stages import count_tasks_at_stages, tasks_are_at
from rooms.tasks.summaries import sum_tasks
from rooms.tasks.task_labels import TaskLabelsForm, follow_labelled_task, label_task, leave_labelled_task, show_labels
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
from store.counts import Count
from store.finds import Find
from store.parts import Part
from store.tabs import Tab
from store.upkeep import Upkeep

TASKS = Part(
    "tasks",
    verbs=(
        Prepared(create_task, draw_ahead),
        Prepared(change_task, draw_ahead),
        complete_task,
        reopen_task,
        remove_task,
        add_label,
        change_label,
        remove_label,
        label_task,
    ),
    reads=reads.READS,
    answers=(
        show_tasks,
        sum_tasks,
        tasks_are_at,
        count_tasks_at_stages,
        tasks_held,
        rooms_of_tasks,
        pass_on_tasks,
        show_labels,
        show_labels_of_process,
        follow_labelled_task,
        leave_labelled_task,
    ),
    finds=(Find("task", 4, "checkbox", find_tasks),),
    shown={"room": (TaskForm, LabelForm, TaskLabelsForm), "process": (LabelForm,)},
    counts=(
        Count("tasks", TaskForm, TaskCreated),
        Count("open_tasks", TaskForm, TaskCreated, without="completed_at"),
    ),
    upkeep=Upkeep(described=(Task,)),
    timeline=sentences.TIMELINE,
    tabs=(Tab("tasks", 3, needs=("tasks",), icon="checkbox"),),
    at_tabs=("timeline",),
)
