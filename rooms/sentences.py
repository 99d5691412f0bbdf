"""What is said of what happens to a room itself: in its timeline, and of the latest on everyone's home."""

from people.events import PersonChanged
from people.forms import PersonForm
from processes.events import ProcessChanged
from rooms import events
from store.errors import _
from store.sentences import DOER, NOBODY, FromEvent, Named, Otherwise, Same, Sentences, only, sentence, when

TIMELINE = Sentences(
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
    sentence(events.RoomOpened, _("{who} opened the room"), kind="room", icon="door", latest=True),
    sentence(
        events.RoomChanged,
        when(_("{who} moved the room to {stage}"), only("stage_id"), icon="arrow-right"),
        when(_("{who} renamed the room to {what}"), only("title")),
        _("{who} changed the room"),
        kind="room",
        icon="settings",
        latest=True,
    ),
    sentence(events.RoomArchived, _("{who} archived the room"), kind="room", icon="archive", latest=True),
    sentence(events.RoomRestored, _("{who} restored the room"), kind="room", icon="archive-off", latest=True),
    kinds={"people": _("People"), "room": _("Room")},
    blanks={
        "who": DOER,
        "what": (
            FromEvent("member.id", Named(PersonForm.things)),
            FromEvent("person.name"),
            Otherwise(NOBODY, "member"),
            FromEvent("room.title"),
        ),
        "stage": (FromEvent("room.stage_id", Named("process.room_stages", built_in=True)),),
    },
    # For lists alone.
    silent=(ProcessChanged, PersonChanged),
)
NOTICES = Sentences(
    blanks={},
    silent=(events.MembershipAdded, events.MembershipRemoved),
)
"""To a person, by their own stream: the list of their rooms is drawn anew."""
