"""What happens to people."""

from uuid import UUID

from people.forms import (
    AccountForm,
    ApiTokenForm,
    BusinessForm,
    CompanyForm,
    CompanyNoteForm,
    ContactForm,
    PersonForm,
    RoleForm,
    ServiceForm,
    SubscriptionForm,
)
from store.events import Event, Gone


class BusinessOpened(Event):
    """A business was opened."""

    business: BusinessForm


class BusinessChanged(Event):
    """A business's profile was changed: its name, logo, address or the like."""

    business: BusinessForm
    changed: list[str]


class PersonAdded(Event):
    """A person was added to the business."""

    person: PersonForm


class PersonInvited(Event):
    """A person was invited to the business, or invited anew."""

    person: PersonForm


class InvitationWithdrawn(Event):
    """A person's invitation was taken back before they came in."""

    person: PersonForm


class PersonJoined(Event):
    """A person who was invited has chosen a password and come in."""

    person: PersonForm


class PersonChanged(Event):
    """A person's name was changed, or what else the business knows of them: their role, their companies."""

    person: PersonForm
    changed: list[str]


class PersonPromoted(Event):
    """A member of the staff became an admin."""

    person: PersonForm


class PersonDemoted(Event):
    """An admin became a member of the staff."""

    person: PersonForm


class PersonLocked(Event):
    """A person was locked: they can't sign in, all else of theirs goes on."""

    person: PersonForm


class PersonUnlocked(Event):
    """A person who was locked may sign in again."""

    person: PersonForm


class PersonDeactivated(Event):
    """A person has left; somebody took over what was theirs."""

    person: PersonForm
    successor_id: UUID | None


class PersonReactivated(Event):
    """A person who had left is back."""

    person: PersonForm


class PersonLinked(Event):
    """A client's record was linked to the member of the staff who is the same person, and who alone signs in."""

    person: PersonForm
    staff_id: UUID


class PersonUnlinked(Event):
    """A client's record is somebody by itself again."""

    person: PersonForm


class PersonErased(Event):
    """A person's data were erased on request; a pseudonym stands where the name stood."""

    person: PersonForm


class RoleAdded(Event):
    """A role was added."""

    role: RoleForm


class RoleChanged(Event):
    """A role was changed; those who have it may do more or less."""

    role: RoleForm
    changed: list[str]


class RoleRemoved(Event):
    """A role was removed."""

    role: Gone


class AccountChanged(Event):
    """Your own settings, or what you may do, were changed."""

    account: AccountForm
    changed: list[str]


class CompanyAdded(Event):
    """A company was added."""

    company: CompanyForm


class CompanyChanged(Event):
    """A company's name, address or the like was changed."""

    company: CompanyForm
    changed: list[str]


class CompanyArchived(Event):
    """A company was archived: it is no longer offered for new rooms."""

    company: CompanyForm


class CompanyRestored(Event):
    """An archived company was taken up again."""

    company: CompanyForm


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

    contact: ContactForm


class ContactChanged(Event):
    """A company's contact was changed."""

    contact: ContactForm
    changed: list[str]


class ContactRemoved(Event):
    """A company's contact was removed."""

    contact: Gone


class CompanyNoteAdded(Event):
    """Something was noted about a company."""

    company_note: CompanyNoteForm


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


class ChecklistHidden(Event):
    """The first steps were hidden from your home, or shown there again."""

    hidden: bool


class ApiTokenMade(Event):
    """You made a token for a program."""

    api_token: ApiTokenForm


class ApiTokenRevoked(Event):
    """You revoked a program's token."""

    api_token: Gone


class SessionsRevoked(Event):
    """Some of your own sign-ins were ended."""

    reason: str


class SignInNoticed(Event):
    """Somebody signed in as you from a device or a place that you hadn't signed in from before."""

    device: str
    address: str


class SignInPolicyChanged(Event):
    """What is asked of people when they sign in was changed."""

    changed: list[str]
