"""Who is here, as the wire shows it."""

from typing import ClassVar, Literal

from store.events import WireForm


class PresenceForm(WireForm):
    """Whether a member is here; the identifier is the person's."""

    thing: ClassVar[str] = "presence"
    things: ClassVar[str] = "presences"

    state: Literal["online", "away", "offline"]
