"""What happens to the installation. Its stream is heard by superadmins, and by every node."""

from uuid import UUID

from people.forms import InstallationForm
from people.installation.forms import AdminForm, ImpersonationForm, PlaceForm, QuotaForm, RegistrationForm, UpdateForm
from store.events import Event, Gone


class InstallationChanged(Event):
    """The installation's settings were changed."""

    installation: InstallationForm
    changed: list[str]


class LanguageAdded(Event):
    """A further language can be chosen."""

    language: str


class LanguageRemoved(Event):
    """A further language can't be chosen any more."""

    language: str


class WordingsChanged(Event):
    """Words of the interface were changed in a language."""

    language: str
    count: int


class AdminAdded(Event):
    """An admin was added to a business."""

    admin: AdminForm


class AdminChanged(Event, ends_rights=True):
    """An admin's name, e-mail or standing was changed."""

    admin: AdminForm
    changed: list[str]


class AdminDeleted(Event, ends_rights=True):
    """An admin was deleted; with the last of a business, the business too."""

    admin_id: UUID
    business_id: UUID
    with_business: bool


class BusinessDeleted(Event):
    """What was in a deleted business is gone."""

    business_id: UUID


class PlaceChanged(Event, ends_rights=True):
    """A business is new, has another name, or stands elsewhere in the tree."""

    place: PlaceForm


class QuotaChanged(Event):
    """How much the files of a business may take is another number."""

    quota: QuotaForm


class BusinessEntered(Event, ends_rights=True):
    """You went on to work in another of your businesses."""

    business_id: UUID


class RegistrationAsked(Event):
    """Someone registered and waits for an answer."""

    registration: RegistrationForm


class RegistrationConfirmed(Event):
    """Whoever registered has shown that the e-mail is theirs."""

    registration: RegistrationForm


class RegistrationLapsed(Event):
    """A registration went away whose e-mail wasn't confirmed: in time, or before another one with it."""

    registration: Gone


class RegistrationDecided(Event):
    """A registration was approved or refused."""

    registration: RegistrationForm


class UpdateChanged(Event):
    """A run of migrations began, went on or ended."""

    update: UpdateForm


class ImpersonationBegun(Event):
    """Who runs the installation began to act as somebody of the business."""

    impersonation: ImpersonationForm


class ImpersonationEnded(Event, ends_rights=True):
    """Who runs the installation no longer acts as somebody of the business."""

    impersonation: ImpersonationForm
