"""What happens to companies and their clients."""

from uuid import UUID

from clients.forms import CompanyForm, CompanyNoteForm, ContactForm, ServiceForm, SubscriptionForm
from people.forms import PersonForm
from store.events import Event, Gone


class CompanyAdded(Event):
    """A company was added."""

    company: CompanyForm | Gone


class CompanyChanged(Event):
    """A company's name, address or the like was changed."""

    company: CompanyForm | Gone
    changed: list[str]


class CompanyArchived(Event):
    """A company was archived: it is no longer offered for new rooms."""

    company: CompanyForm | Gone


class CompanyRestored(Event):
    """An archived company was taken up again."""

    company: CompanyForm | Gone


class CompanyRemoved(Event):
    """A company was removed, with its contacts and notes."""

    company: Gone


class ClientLinked(Event):
    """A client was linked with a company."""

    person: PersonForm
    company_id: UUID


class ClientUnlinked(Event):
    """A client no longer belongs to a company."""

    person: PersonForm
    company_id: UUID


class ContactAdded(Event):
    """Someone to call or write to was noted at a company."""

    contact: ContactForm | Gone


class ContactChanged(Event):
    """A company's contact was changed."""

    contact: ContactForm | Gone
    changed: list[str]


class ContactRemoved(Event):
    """A company's contact was removed."""

    contact: Gone


class CompanyNoteAdded(Event):
    """Something was noted about a company."""

    company_note: CompanyNoteForm | Gone


class CompanyNoteRemoved(Event):
    """A note about a company was removed."""

    company_note: Gone


class ServiceAdded(Event):
    """A product or service was added to what the business offers."""

    service: ServiceForm


class ServiceChanged(Event):
    """A product or service was renamed or described anew."""

    service: ServiceForm
    changed: list[str]


class ServiceRemoved(Event):
    """A product or service is no longer offered."""

    service: Gone


class SubscriptionAdded(Event):
    """A company uses a service from now on."""

    subscription: SubscriptionForm


class SubscriptionRemoved(Event):
    """A company no longer uses a service."""

    subscription: Gone
