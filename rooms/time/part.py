"""What working time brings."""

from rooms.time import reads, sentences
from rooms.time.activity import name_work
from rooms.time.departures import erase_from_timers, stop_clock, timers_held
from rooms.time.entries import follow_task, must_be_unused, show_entries, stop_in_room, stop_of_member, stop_on_task
from rooms.time.forms import EntryForm, TimerForm
from rooms.time.summaries import sum_time, sum_time_of_businesses
from rooms.time.timers import show_own_timer, show_timers, start_timer, stop_timer
from store.parts import Part
from store.tabs import Tab

TIME = Part(
    "time",
    verbs=(start_timer, stop_timer),
    reads=reads.READS,
    answers=(
        show_entries,
        show_own_timer,
        show_timers,
        sum_time,
        sum_time_of_businesses,
        name_work,
        must_be_unused,
        follow_task,
        stop_on_task,
        stop_in_room,
        stop_of_member,
        timers_held,
        stop_clock,
        erase_from_timers,
    ),
    shown={"room": (EntryForm,), "person": (TimerForm,), "business": (TimerForm,)},
    timeline=sentences.TIMELINE,
    notices=sentences.NOTICES,
    tabs=(Tab("timesheet", 5, needs=("tasks",)),),
    at_every_tab=True,
)
