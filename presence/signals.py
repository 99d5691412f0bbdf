"""Signals: what people in a room tell each other without keeping it: typing, cursors."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from presence.events import SignalSent
from store.commands import Command
from store.database import to_json
from store.errors import _
from store.events import Audience

BYTES_AT_MOST = 1024
SIGNAL_SENT = SignalSent.wire_name


def small(data: Any) -> Any:
    try:
        fits = len(to_json(data)) <= BYTES_AT_MOST
    except TypeError:  # deeper than JSON is written here
        fits = False
    if not fits:
        raise ValueError(_("A signal can carry at most 1 KB."))
    return data


class SendSignal(Command):
    """Tell the others in a room something that isn't kept."""

    room_id: UUID
    kind: str = Field(min_length=1, max_length=40)
    data: Annotated[Any, AfterValidator(small)] = None
    audience: Audience | None = None
    """Who may know, by the same rule as for a message: typing what is for the team is for the team."""

    @property
    def body(self) -> dict[str, Any]:
        """This is what ``SignalSent`` tells of it."""
        return {"kind": self.kind} if self.data is None else {"kind": self.kind, "data": self.data}
