"""People, as the wire shows them."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from store.events import Form


class BusinessForm(Form):
    thing: ClassVar[str] = "business"
    things: ClassVar[str] = "businesses"

    name: str
    language: str
    time_zone: str


class PersonForm(Form):
    """A person as others see them."""

    thing: ClassVar[str] = "person"
    things: ClassVar[str] = "persons"

    name: str
    kind: Literal["superadmin", "admin", "staff", "client"]


class AccountForm(Form):
    """A person as they see themselves."""

    thing: ClassVar[str] = "account"
    things: ClassVar[str] = "account"

    name: str
    kind: Literal["superadmin", "admin", "staff", "client"]
    email: str
    business_id: UUID | None
    language: str
    time_zone: str
    theme: str
    permissions: list[str]


class CompanyForm(Form):
    thing: ClassVar[str] = "company"
    things: ClassVar[str] = "companies"

    name: str
    email: str | None


class SessionForm(BaseModel):
    """One of a person's own sign-ins."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    current: bool
