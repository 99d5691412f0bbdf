"""What is said of what happens on the wall."""

from rooms.wall import events, pins
from store.errors import _
from store.sentences import DOER, FromEvent, Is, Sentences, sentence, when

TIMELINE = Sentences(
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
    sentence(pins.PinAdded, _("{who} pinned a message"), kind="wall", icon="pin"),
    sentence(pins.PinRemoved, _("{who} unpinned a message"), kind="wall", icon="pinned-off"),
    sentence(events.MessageDeleted, _("{who} deleted a message"), kind="wall", icon="trash"),
    kinds={"wall": _("Wall")},
    blanks={
        "who": DOER,
        "words": (FromEvent("message.body", "words"),),
    },
)
NOTICES = Sentences(
    blanks={},
    silent=(events.MentionAdded, events.MentionsSeen),
)
"""To a person, by their own stream: a list of their own is drawn anew."""
