"""What people being here brings: nothing of it is kept."""

from presence import events as events  # noqa: PLC0414 - what is told belongs to the part
from presence.forms import PresenceForm
from presence.snapshots import show_nobody
from store.parts import Part

PRESENCE = Part("presence", answers=(show_nobody,), shown={"room": (PresenceForm,)})
