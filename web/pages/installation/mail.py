"""Mail: by which server letters are sent, a test of it, and the latest letters."""

from collections.abc import Mapping
from typing import Any

from people.mail.kinds import MailKind
from people.mail.letters import Letter
from people.mail.mail_settings import MAIL_TEST, ChangeMailSettings, SendTestLetter, mail_settings
from people.mail.retries import RetryLetter, letters
from store.errors import _
from web.declared import Form, Visit
from web.forms.command_forms import Asked
from web.pages.installation.page import InstallationPage
from web.site import site_of


async def reads(visit: Visit) -> Mapping[str, Any]:
    kinds = site_of(visit.request).letters
    latest = await letters(visit.tx, visit.actor)
    return {
        "mail": await mail_settings(visit.tx, visit.actor),
        "latest": [_shown(letter, kinds) for letter in latest],
        "tested": next((_shown(letter, kinds) for letter in latest if letter.kind == MAIL_TEST.name), None),
        "waiting": sum(letter.state == "queued" for letter in latest),
    }


def _shown(letter: Letter, kinds: Mapping[str, MailKind]) -> dict[str, Any]:
    known = kinds.get(letter.kind)
    return {
        "id": letter.id,
        "what": known.listed if known else letter.kind,
        "to": letter.email,
        "name": letter.name,
        "state": letter.state,
        "tries": letter.tries,
        "error": letter.error,
        "at": letter.sent_at or letter.tried_at or letter.queued_at,
    }


SECURITY = (
    ("starttls", _("STARTTLS, usually port 587")),
    ("tls", _("TLS from the start, usually port 465")),
    ("none", _("None: only for a server on this machine")),
)
AS_IT_IS = {"autocomplete": "off", "spellcheck": "false"}
SERVER = (
    (
        Asked("server", _("Server"), placeholder="smtp.example.com", more=AS_IT_IS),
        Asked("port", _("Port"), required=True),
    ),
    Asked("security", _("Security"), choices=SECURITY),
    (
        Asked("username", _("User name"), more=AS_IT_IS),
        Asked(
            "password",
            _("Password"),
            _("It is kept encrypted."),
            type="password",
            more={"autocomplete": "new-password"},
        ),
    ),
    (
        Asked("sender_email", _("Sent from"), placeholder="atrium@example.com"),
        Asked("sender_name", _("Sender name")),
    ),
)
TEST = Asked("email", _("Send it to"), _("Leave empty to send it to yourself. The server's response is shown below."))
PAGE = InstallationPage(
    "/installation/mail",
    "installation/mail.html",
    reads,
    forms=(Form(ChangeMailSettings, fields=SERVER), Form(SendTestLetter, fields=(TEST,)), RetryLetter),
    at="installation/mail",
    live=True,
)
