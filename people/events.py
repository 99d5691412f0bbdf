"""What happens to people."""

from uuid import UUID

from people.forms import (
    AccountForm,
    ApiTokenForm,
    BusinessForm,
    PersonForm,
    RoleForm,
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


class ChecklistHidden(Event):
    """The first steps were hidden from your home, or shown there again."""

    hidden: bool


class ApiTokenMade(Event):
    """You made a token for a program."""

    api_token: ApiTokenForm


class ApiTokenRevoked(Event):
    """You revoked a program's token."""

    api_token: Gone


class SessionsRevoked(Event, ends_rights=True):
    """Some of your own sign-ins were ended."""

    reason: str


class SignInNoticed(Event):
    """Somebody signed in as you from a device or a place that you hadn't signed in from before."""

    device: str
    address: str


class SignInPolicyChanged(Event, ends_rights=True):
    """What is asked of people when they sign in was changed."""

    changed: list[str]
