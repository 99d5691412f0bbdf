"""What stands in rooms, as the wire shows it."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from store.events import WireForm


class CompanyName(BaseModel):
    """A company, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    name: str


class RoomForm(WireForm):
    """A room: a project and everything about it. In a list of rooms its description is null."""

    thing: ClassVar[str] = "room"
    things: ClassVar[str] = "room"

    title: str
    description: str | None
    html: str | None
    process_id: UUID
    stage_id: UUID
    company: CompanyName | None
    default_audience: Literal["all", "team"]
    opened_at: datetime
    archived_at: datetime | None


class MemberForm(WireForm):
    """Someone who is in the room now; the identifier is the person's."""

    thing: ClassVar[str] = "member"
    things: ClassVar[str] = "members"

    added_at: datetime


class MembershipForm(WireForm):
    """A room that the person is in; the identifier is the room's."""

    thing: ClassVar[str] = "membership"
    things: ClassVar[str] = "memberships"

    added_at: datetime
