"""What happens to people."""

from people.forms import AccountForm, BusinessForm, CompanyForm, PersonForm
from store.events import Event


class BusinessOpened(Event):
    """A business was opened."""

    business: BusinessForm


class PersonAdded(Event):
    """A person was added to the business."""

    person: PersonForm


class PersonChanged(Event):
    """A person's name was changed."""

    person: PersonForm
    changed: list[str]


class AccountChanged(Event):
    """Your own settings were changed."""

    account: AccountForm
    changed: list[str]


class CompanyAdded(Event):
    """A company was added."""

    company: CompanyForm


class SessionsRevoked(Event):
    """Some of your own sign-ins were ended."""

    reason: str
