"""People, as the wire shows them."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from people.actors import Kind
from store.events import WireForm


class BusinessForm(WireForm):
    thing: ClassVar[str] = "business"
    things: ClassVar[str] = "businesses"

    name: str
    language: str
    time_zone: str
    country: str | None
    currency: str
    working_week: list[int]
    """The days on which work is done, Monday being 1."""
    hours_a_day: float
    logo: str | None
    """Names the logo at ``/logo/<it>``; a new logo has a new name."""
    header: str
    footer_left: str
    footer_right: str
    address: str
    tax_id: str
    registration_number: str
    bank_account: str
    phone: str
    email: str
    website: str
    meetings_url: str
    shown_at_sign_in: bool
    find_closed: bool = False
    """Whether staff find the names of rooms and clients that they can't open."""


class PersonForm(WireForm):
    """A person as others see them."""

    thing: ClassVar[str] = "person"
    things: ClassVar[str] = "persons"

    name: str
    kind: Kind


class AccountForm(WireForm):
    """A person as they see themselves."""

    thing: ClassVar[str] = "account"
    things: ClassVar[str] = "account"

    name: str
    kind: Kind
    email: str
    business_id: UUID | None
    language: str
    time_zone: str
    theme: str
    start_page: str = "home"
    phone: str
    address: str
    permissions: list[str]


class RoleForm(WireForm):
    """A named set of permissions; ``key`` names one that businesses begin with, whose name is translated."""

    thing: ClassVar[str] = "role"
    things: ClassVar[str] = "roles"

    key: str | None
    name: str
    description: str
    permissions: list[str]


class ApiTokenForm(WireForm):
    """A token by which a program acts for its person."""

    thing: ClassVar[str] = "api_token"
    things: ClassVar[str] = "api_tokens"

    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime | None
    """When it ends: as its last day has passed."""
    used_at: datetime | None

    @property
    def last_at(self) -> datetime | None:
        """A moment of its last day."""
        return self.expires_at - timedelta(microseconds=1) if self.expires_at else None


class DeviceForm(BaseModel):
    """A browser that is known as a person's own, since they signed in there."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID
    agent: str
    made_at: datetime
    used_at: datetime


class SessionForm(BaseModel):
    """One of a person's own sign-ins."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: UUID
    address: str
    agent: str
    factor: str
    """How it was begun: password, provider, code, recovery_code or passkey."""
    created_at: datetime
    seen_at: datetime
    current: bool


class InstallationForm(WireForm):
    """What holds for the whole installation."""

    thing: ClassVar[str] = "installation"
    things: ClassVar[str] = "installation"

    name: str
    address: str
    language: str
    time_zone: str
    registration_open: bool
    notice: str
    support: str
    quota_gb: int | None
    """How much a business's files may take that has no quota of its own; null for without end."""
