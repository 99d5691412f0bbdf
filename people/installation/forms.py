"""The installation's things, as the wire shows them to superadmins."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from store.events import WireForm, not_there


class AdminForm(WireForm):
    """An admin, as who runs the installation sees them."""

    thing: ClassVar[str] = "admin"
    things: ClassVar[str] = "admins"

    name: str
    email: str
    business_id: UUID
    active: bool


class PlaceForm(WireForm):
    """Where a business stands in the tree."""

    thing: ClassVar[str] = "place"
    things: ClassVar[str] = "places"

    name: str
    parent_id: UUID | None


class QuotaForm(WireForm):
    """How much the files of a business may take; the identifier is the business's."""

    thing: ClassVar[str] = "quota"
    things: ClassVar[str] = "quotas"

    quota_gb: int | None
    """Null for as much as the installation gives every business."""


class RegistrationForm(WireForm):
    """Someone who would like to open a business here."""

    thing: ClassVar[str] = "registration"
    things: ClassVar[str] = "registrations"

    business_name: str
    name: str
    email: str
    asked_at: datetime
    confirm_by: datetime | None = None
    """Until when its e-mail has to be confirmed by the link in a letter; null where none is needed."""
    confirmed_at: datetime | None = None
    decision: str | None


class UpdateForm(WireForm):
    """A run of the database's migrations."""

    thing: ClassVar[str] = "update"
    things: ClassVar[str] = "updates"

    asked_by_name: str
    asked_at: datetime
    ended_at: datetime | None
    state: str
    from_revision: str
    to_revision: str
    backup: str
    said: str


class ImpersonationForm(WireForm):
    """A time in which who runs the installation acted as somebody else."""

    thing: ClassVar[str] = "impersonation"
    things: ClassVar[str] = "impersonations"

    person_id: UUID
    by_name: str
    reason: str
    begun_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    deeds: int | None = Field(None, exclude_if=not_there)
    """How many things were done in it, once it is over."""
