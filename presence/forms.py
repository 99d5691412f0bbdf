"""Who is here, as the wire shows it."""

from typing import ClassVar, Literal

from store.events import Form


class PresenceForm(Form):
    """Whether a member is here; the identifier is the person's."""

    thing: ClassVar[str] = "presence"
    things: ClassVar[str] = "presences"

    state: Literal["online", "away", "offline"]
