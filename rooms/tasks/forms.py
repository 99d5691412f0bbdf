"""Tasks, as the wire shows them."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from store.events import Audience, SignedForm


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
