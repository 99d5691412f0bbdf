"""What stands in rooms, as the wire shows it."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from store.events import ActedBy, Audience, Form, SignedForm, not_there


class CompanyRef(BaseModel):
    """A company, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    name: str


class RoomForm(Form):
    """A room: a project and everything about it. In a list of rooms its description is null."""

    thing: ClassVar[str] = "room"
    things: ClassVar[str] = "room"

    title: str
    description: str | None
    html: str | None
    process_id: UUID
    stage_id: UUID
    company: CompanyRef | None
    default_audience: Literal["all", "team"]
    opened_at: datetime
    archived_at: datetime | None


class MemberForm(Form):
    """Someone who is in the room now; the identifier is the person's."""

    thing: ClassVar[str] = "member"
    things: ClassVar[str] = "members"

    added_at: datetime


class MembershipForm(Form):
    """A room that the person is in; the identifier is the room's."""

    thing: ClassVar[str] = "membership"
    things: ClassVar[str] = "memberships"

    added_at: datetime


class MessageForm(SignedForm):
    """A message on the wall: as written (Markdown) and as shown (safe HTML).

    Whom it mentions, a person or a department, stands as ``@[id]`` in the one and as ``<span data-mention="id">`` in
    the other: the name is that of today.
    """

    thing: ClassVar[str] = "message"
    things: ClassVar[str] = "messages"

    author_id: UUID
    body: str
    html: str
    audience: Audience
    attachments: list[UUID]
    posted_at: datetime
    edited_at: datetime | None
    edited_by: ActedBy | None = Field(None, exclude_if=not_there)
    """Who last edited it in its author's name, where that was another."""


class MentionForm(SignedForm):
    """A message that mentions the person, at which they haven't looked yet; ``department_id`` where it named that."""

    thing: ClassVar[str] = "mention"
    things: ClassVar[str] = "mentions"

    room_id: UUID
    message_id: UUID
    author_id: UUID
    department_id: UUID | None
    mentioned_at: datetime


class TaskForm(SignedForm):
    """Something to do.

    Its description is null in a snapshot of the room alone, which leaves out the longest where all would be too much;
    read by itself and in events a task is whole.
    """

    thing: ClassVar[str] = "task"
    things: ClassVar[str] = "tasks"

    title: str
    description: str | None
    html: str | None
    assignee_id: UUID | None
    due_on: date | None
    stage_id: UUID
    audience: Audience
    author_id: UUID
    created_at: datetime
    completed_at: datetime | None


class EntryForm(SignedForm):
    """A stretch of work; ``stopped_at`` is null while it runs."""

    thing: ClassVar[str] = "entry"
    things: ClassVar[str] = "entries"

    person_id: UUID
    task_id: UUID | None
    note: str
    audience: Audience
    started_at: datetime
    stopped_at: datetime | None


class TimerForm(SignedForm):
    """A running entry with the names around it, for where the room itself isn't at hand."""

    thing: ClassVar[str] = "timer"
    things: ClassVar[str] = "timers"

    person_id: UUID
    person_name: str
    room_id: UUID
    room_title: str
    company_name: str | None
    task_id: UUID | None
    task_title: str | None
    note: str
    started_at: datetime


class FileForm(SignedForm):
    """A file in the room."""

    thing: ClassVar[str] = "file"
    things: ClassVar[str] = "files"

    name: str
    media_type: str
    size: int
    audience: Audience
    author_id: UUID
    task_id: UUID | None
    added_at: datetime
    width: int | None
    height: int | None
    preview: bool


class PresenceForm(Form):
    """Whether a member is here; the identifier is the person's."""

    thing: ClassVar[str] = "presence"
    things: ClassVar[str] = "presences"

    state: Literal["online", "away", "offline"]
