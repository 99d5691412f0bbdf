"""What a socket may ask for beside commands, at a glance. None of it changes anything that is kept."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from presence.connections import SetPresence
from presence.signals import SendSignal
from store.commands import Command

PartName = Annotated[str, Field(max_length=40)]


class EnterRoom(Command):
    """Hear a room and its process from where one left off, or from a snapshot."""

    room_id: UUID
    epoch: str | None = None
    after: int | None = Field(None, ge=0)
    lens: str | None = None
    """Through what the client saw it; another lens makes it a snapshot."""
    process_epoch: str | None = None
    process_after: int | None = Field(None, ge=0)
    """Where the client left off in the log of the room's process; without it nothing is told of what it missed there.
    """
    parts: list[PartName] | None = Field(None, max_length=100)
    """Which parts a snapshot has whole, such as `wall` and `tasks`. Of the others it has the few things by which the
    room lives without them, and `counts`. Without this it has all.
    """


class LeaveRoom(Command):
    """Hear a room no longer, nor its process, unless through another room."""

    room_id: UUID


class EnterStream(Command):
    """Hear one's own stream, one's business's, that of a process of whose rooms one sees one, or the installation's."""

    stream: Literal["person", "business", "process", "installation"]
    id: UUID | None = None
    """Which process."""
    epoch: str | None = None
    after: int | None = Field(None, ge=0)
    lens: str | None = None


class LeaveStream(Command):
    """Hear one of these streams no longer."""

    stream: Literal["person", "business", "process", "installation"]
    id: UUID | None = None


ASKS: tuple[type[Command], ...] = (EnterRoom, LeaveRoom, EnterStream, LeaveStream, SendSignal, SetPresence)
