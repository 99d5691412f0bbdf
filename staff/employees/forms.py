"""Employees, as the wire shows them: to their team, and to themselves."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from store.events import SignedForm, WireForm


class EmployeeForm(WireForm):
    """What of someone's card their team sees; the identifier is the person's."""

    thing: ClassVar[str] = "employee"
    things: ClassVar[str] = "employees"

    position: str
    work_phone: str


class CardReadingForm(SignedForm):
    """That somebody read, or changed, what is kept about you and isn't for everyone."""

    thing: ClassVar[str] = "card_reading"
    things: ClassVar[str] = "card_readings"

    reader_id: UUID
    reader_name: str
    act: Literal["read", "changed"]
    fields: list[str]
    at: datetime


class EmployeeStatusForm(WireForm):
    """A status that an employee may have. ``key`` names a built-in one, whose name is translated where it is shown."""

    thing: ClassVar[str] = "employee_status"
    things: ClassVar[str] = "employee_statuses"

    key: str | None
    name: str
