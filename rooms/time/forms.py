"""Stretches of work and running timers, as the wire shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from store.events import Audience, SignedForm


class EntryForm(SignedForm):
    """A stretch of work; ``stopped_at`` is null while it runs."""

    thing: ClassVar[str] = "entry"
    things: ClassVar[str] = "entries"
    speaks_of: ClassVar[Mapping[str, str]] = {"task_id": "tasks"}

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
