"""What is told about people being here, and never stored."""

from typing import Any

from presence.forms import PresenceForm
from store.events import Event


class PresenceChanged(Event, stored=False):
    """A member of the room came, went away from the screen, or left."""

    presence: PresenceForm


class PresencesChanged(Event, stored=False):
    """Several members of the room came, went away from the screen, or left, at about the same time."""

    presences: list[PresenceForm]


class SignalSent(Event, stored=False):
    """Someone in the room does something that isn't kept: types, moves a cursor."""

    kind: str
    data: Any = None
