"""Departments, as the wire shows them, and what happens to them."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from store.events import Event, Gone, WireForm


class SeatForm(BaseModel):
    """Someone in a department; ``main`` where it is their main one."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)

    person_id: UUID
    main: bool


class DepartmentForm(WireForm):
    """A department with its people."""

    thing: ClassVar[str] = "department"
    things: ClassVar[str] = "departments"

    parent_id: UUID | None
    name: str
    head_id: UUID | None
    deputy_ids: list[UUID]
    members: list[SeatForm]


class DepartmentAdded(Event):
    """A department was added."""

    department: DepartmentForm


class DepartmentChanged(Event):
    """A department was renamed or moved, or its head, deputies or people were changed."""

    department: DepartmentForm
    changed: list[str]


class DepartmentRemoved(Event):
    """A department was removed."""

    department: Gone
