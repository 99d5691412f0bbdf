"""What happens to letters."""

from people.mail.forms import LetterForm, MailSettingsForm
from store.events import Event


class LetterChanged(Event):
    """A letter was sent, waits for its next try, or couldn't be sent."""

    letter: LetterForm


class MailSettingsChanged(Event):
    """The mail settings were changed."""

    mail_settings: MailSettingsForm
