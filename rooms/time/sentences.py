"""What is said of working time."""

from people.forms import PersonForm
from rooms.tasks.forms import TaskForm
from rooms.time import events
from rooms.time.forms import EntryForm
from store.errors import _
from store.sentences import DOER, NOBODY, Differs, Fact, FromEvent, Is, Named, Otherwise, Sentences, sentence, when

_BY_ANOTHER = Differs("entry.person_id", "bearer")

TIMELINE = Sentences(
    sentence(
        events.TimerStarted,
        _("{who} started working on {what}"),
        _("{who} started working"),
        kind="time",
        icon="player-play",
        fact=Fact(EntryForm, at="started_at", by="person_id", shorter=_("{who} started {what}")),
    ),
    sentence(
        events.TimerStopped,
        when(
            _("{whose} worked for {hours} h until {who} archived the room"), _BY_ANOTHER, Is("reason", "room_archived")
        ),
        when(
            _("{whose} worked for {hours} h until {who} completed the task"),
            _BY_ANOTHER,
            Is("reason", "task_completed"),
        ),
        when(
            _("{whose} worked for {hours} h until {who} took them out of the room"),
            _BY_ANOTHER,
            Is("reason", "member_removed"),
        ),
        when(
            _("{whose} worked for {hours} h until {who} closed their account"),
            _BY_ANOTHER,
            Is("reason", "person_deactivated"),
        ),
        when(_("{whose} worked for {hours} h until {who} stopped the timer"), _BY_ANOTHER),
        _("{who} worked for {hours} h on {what}"),
        _("{who} worked for {hours} h"),
        _("{who} stopped working"),
        kind="time",
        icon="player-stop",
        latest=True,
    ),
    kinds={"time": _("Time")},
    blanks={
        "who": DOER,
        "whose": (FromEvent("entry.person_id", Named(PersonForm.things)), Otherwise(NOBODY)),
        "what": (FromEvent("entry.task_id", Named(TaskForm.things, "title")), FromEvent("entry.note")),
        "hours": (FromEvent("entry", "hours"),),
    },
    # What follows from something else that is said.
    silent=(events.EntryChanged, events.EntryWithdrawn),
)
NOTICES = Sentences(
    blanks={},
    silent=(events.TimerStarted, events.TimerStopped),
)
"""To a person, by their own stream: what runs is drawn anew."""
