"""What happens on the wall."""

from rooms.wall.forms import MentionForm, MessageForm
from store.events import Event, Gone


class MessagePosted(Event):
    """A message was posted on the wall."""

    message: MessageForm | Gone


class MessageEdited(Event):
    """A message was edited by its author."""

    message: MessageForm | Gone


class MessageDeleted(Event):
    """A message was deleted; its words are gone from the log too."""

    message: Gone


class MentionAdded(Event):
    """You were mentioned on a wall, or a department of yours was."""

    mention: MentionForm


class MentionsSeen(Event):
    """You looked at what mentioned you, or it no longer does."""

    mentions: list[Gone]
