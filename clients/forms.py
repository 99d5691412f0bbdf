"""Companies and what is known of them, as the wire shows it."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from store.events import SignedForm, WireForm


class CompanyForm(WireForm):
    thing: ClassVar[str] = "company"
    things: ClassVar[str] = "companies"

    name: str
    email: str | None
    phone: str
    address: str
    tax_id: str
    website: str
    note: str
    archived_at: datetime | None


class ContactForm(WireForm):
    """Someone of a company who can be called or written to, but doesn't sign in."""

    thing: ClassVar[str] = "contact"
    things: ClassVar[str] = "contacts"

    company_id: UUID
    name: str
    role: str
    phone: str
    email: str


class CompanyNoteForm(SignedForm):
    """What someone of the team noted about a company."""

    thing: ClassVar[str] = "company_note"
    things: ClassVar[str] = "company_notes"

    company_id: UUID
    author_id: UUID
    body: str
    written_at: datetime


class ServiceForm(WireForm):
    """A product or service that the business offers."""

    thing: ClassVar[str] = "service"
    things: ClassVar[str] = "services"

    name: str
    note: str


class SubscriptionForm(WireForm):
    """A service that a company uses."""

    thing: ClassVar[str] = "subscription"
    things: ClassVar[str] = "subscriptions"

    company_id: UUID
    service_id: UUID
    since_on: date
