"""Letters and the mail settings, as the wire shows them to superadmins."""

from datetime import datetime
from typing import ClassVar, Literal

from store.events import WireForm

Security = Literal["starttls", "tls", "none"]
State = Literal["queued", "sent", "failed", "withdrawn"]


class LetterForm(WireForm):
    """A letter, without its words and without to whom: those are read from the page alone."""

    thing: ClassVar[str] = "letter"
    things: ClassVar[str] = "letters"

    kind: str
    state: State
    tries: int
    queued_at: datetime
    sent_at: datetime | None


class MailSettingsForm(WireForm):
    """By which server letters are sent. The password isn't shown."""

    thing: ClassVar[str] = "mail_settings"
    things: ClassVar[str] = "mail_settings"

    server: str
    port: int
    security: Security
    username: str
    has_password: bool
    sender_email: str
    sender_name: str
