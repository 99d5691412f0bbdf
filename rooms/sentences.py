"""What is said of what happens in a room: in its timeline, and of the latest on everyone's home."""

from people.events import PersonChanged
from processes.events import ProcessChanged
from rooms import events
from store.errors import _
from store.sentences import Blanks, Differs, Found, Is, Otherwise, Same, Sentences, sentence, when

KINDS = ("wall", "tasks", "time", "files", "people", "room")
"""What one can ask a timeline for, in the order in which it is offered."""
NOBODY = "–"
"""Stands for a name that the reader doesn't see."""
BLANKS: Blanks = {
    "who": (Found("", "doer"),),
    "whose": (Found("entry.person_id", "person"), Otherwise(NOBODY)),
    "words": (Found("message.body", "words"),),
    "what": (
        Found("task.title"), Found("task.id", "task"), Otherwise(_("a task"), "task"),
        Found("entry.task_id", "task"), Found("entry.note"),
        Found("file.name"), Found("file.id", "file"), Otherwise(_("a file"), "file"),
        Found("member.id", "person"), Found("person.name"), Otherwise(NOBODY, "member"),
        Found("room.title"),
    ),
    "stage": (Found("task.stage_id", "stage"), Found("room.stage_id", "stage")),
    "hours": (Found("entry", "hours"),),
}  # fmt: skip
_BY_ANOTHER = Differs("entry.person_id", "bearer")


def _only(field: str) -> Is:
    return Is("changed", [field])


_WALL = (
    sentence(
        events.MessagePosted,
        when(_("{who} wrote a message, deleted since"), Is("message.gone", True)),
        _("{who} wrote: {words}"),
        _("{who} wrote a message"),
        kind="wall",
        icon="message",
        latest=True,
    ),
    sentence(
        events.MessageEdited,
        when(_("{who} edited a message, deleted since"), Is("message.gone", True)),
        _("{who} edited: {words}"),
        _("{who} edited a message"),
        kind="wall",
        icon="edit",
    ),
    sentence(events.MessageDeleted, _("{who} deleted a message"), kind="wall", icon="trash"),
)
_TASKS = (
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
        when(_("{who} moved {what} to {stage}"), _only("stage_id"), icon="arrow-right"),
        when(_("{who} changed when {what} is due"), _only("due_on")),
        when(_("{who} changed who does {what}"), _only("assignee_id")),
        _("{who} changed {what}"),
        kind="tasks",
        icon="pencil",
        latest=True,
    ),
    sentence(events.TaskCompleted, _("{who} completed {what}"), kind="tasks", icon="check", latest=True),
    sentence(events.TaskReopened, _("{who} reopened {what}"), kind="tasks", icon="rotate", latest=True),
    sentence(events.TaskWithdrawn, _("{who} took a task back to the team"), kind="tasks", icon="lock"),
    sentence(events.TaskRemoved, _("{who} removed a task"), kind="tasks", icon="trash"),
)
_TIME = (
    sentence(
        events.TimerStarted,
        _("{who} started working on {what}"),
        _("{who} started working"),
        kind="time",
        icon="player-play",
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
)
_FILES = (
    sentence(
        events.FileAdded,
        when(_("{who} added a file, removed since"), Is("file.gone", True)),
        _("{who} added {what}"),
        kind="files",
        icon="file",
        latest=True,
    ),
    sentence(
        events.FileChanged,
        when(_("{who} shared {what} with the client"), _only("audience"), Is("file.audience", "all")),
        when(_("{who} renamed a file to {what}"), _only("name")),
        _("{who} changed {what}"),
        kind="files",
        icon="edit",
    ),
    sentence(events.FileWithdrawn, _("{who} took a file back to the team"), kind="files", icon="lock"),
    sentence(events.FileRemoved, _("{who} removed a file"), kind="files", icon="trash"),
)
_PEOPLE = (
    sentence(
        events.MemberAdded,
        when(_("{who} came into the room"), Same("member.id", "bearer")),
        _("{who} added {what} to the room"),
        kind="people",
        icon="user-plus",
        latest=True,
    ),
    sentence(
        events.MemberRemoved,
        when(_("{who} left the room"), Same("member.id", "bearer")),
        _("{who} took {what} out of the room"),
        kind="people",
        icon="user-minus",
    ),
)
_ROOM = (
    sentence(events.RoomOpened, _("{who} opened the room"), kind="room", icon="door", latest=True),
    sentence(
        events.RoomChanged,
        when(_("{who} moved the room to {stage}"), _only("stage_id"), icon="arrow-right"),
        when(_("{who} renamed the room to {what}"), _only("title")),
        _("{who} changed the room"),
        kind="room",
        icon="settings",
        latest=True,
    ),
    sentence(events.RoomArchived, _("{who} archived the room"), kind="room", icon="archive", latest=True),
    sentence(events.RoomRestored, _("{who} restored the room"), kind="room", icon="archive-off", latest=True),
)
TIMELINE = Sentences(
    *_WALL,
    *_TASKS,
    *_TIME,
    *_FILES,
    *_PEOPLE,
    *_ROOM,
    blanks=BLANKS,
    # What follows from something else that is said, or is for lists alone.
    silent=(events.EntryChanged, events.EntryWithdrawn, ProcessChanged, PersonChanged),
)
NOTICES = Sentences(
    blanks={},
    # Lists of one's own that are drawn anew.
    silent=(
        events.MembershipAdded,
        events.MembershipRemoved,
        events.MentionAdded,
        events.MentionsSeen,
        events.TimerStarted,
        events.TimerStopped,
    ),
)
"""To a person, by their own stream."""
