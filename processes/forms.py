"""Processes and their stages, as the wire shows them."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from store.events import WireForm


class StageForm(BaseModel):
    """A step of a process. ``key`` names a built-in one, whose name is translated where it is shown."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)

    id: UUID
    key: str | None
    name: str
    final: bool


class ProcessForm(WireForm):
    """The procedure that a room is a card of: its stages, and those of its tasks."""

    thing: ClassVar[str] = "process"
    things: ClassVar[str] = "process"

    key: str | None
    name: str
    room_stages: list[StageForm]
    task_stages: list[StageForm]
