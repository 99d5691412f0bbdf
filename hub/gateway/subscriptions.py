"""What a socket may ask for beside commands, at a glance. None of it changes anything that is kept."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from presence.connections import SetPresence
from presence.signals import SendSignal
from store.commands import Command


class EnterRoom(Command):
    """Hear a room from where one left off, or from a snapshot."""

    room_id: UUID
    epoch: str | None = None
    after: int | None = Field(None, ge=0)
    lens: str | None = None
    """Through what the client saw it; another lens makes it a snapshot."""


class LeaveRoom(Command):
    """Hear a room no longer."""

    room_id: UUID


class EnterStream(Command):
    """Hear one's own stream, that of one's business, or, as a superadmin, the installation's."""

    stream: Literal["person", "business", "installation"]
    epoch: str | None = None
    after: int | None = Field(None, ge=0)
    lens: str | None = None


class LeaveStream(Command):
    """Hear one of these streams no longer."""

    stream: Literal["person", "business", "installation"]


ASKS: tuple[type[Command], ...] = (EnterRoom, LeaveRoom, EnterStream, LeaveStream, SendSignal, SetPresence)
