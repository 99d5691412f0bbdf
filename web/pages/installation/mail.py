"""Mail: by which server letters are sent, a test of it, and the latest letters."""

from collections.abc import Mapping
from typing import Any

from people.mail.letters import Letter
from people.mail.mail_settings import ChangeMailSettings, SendTestLetter, mail_settings
from people.mail.retries import RetryLetter, letters
from store.errors import _
from web.declared import Form, Visit
from web.forms.command_forms import Asked
from web.pages.installation.page import InstallationPage

KINDS = {
    "invitation": _("Invitation"),
    "reset": _("Link for a new password"),
    "password_changed": _("Password changed"),
    "new_sign_in": _("New sign-in"),
    "passkey_added": _("New passkey"),
    "authenticator_added": _("New authenticator app"),
    "mail_test": _("Test"),
    "email": _("Link for a new email"),
    "email_changed": _("Email changed"),
    "registration_asked": _("Registration to review"),
    "registration_waiting": _("Registration received"),
    "registration_confirm": _("Confirming the email of a registration"),
    "email_known": _("New email already in use"),
    "registration_known": _("Registration with a known email"),
    "account_approved": _("Registration approved"),
    "account_refused": _("Registration declined"),
    "account_locked": _("Account locked"),
    "account_unlocked": _("Account unlocked"),
    "account_closed": _("Account deactivated"),
    "account_reopened": _("Account reactivated"),
    "leave_asked": _("Leave request"),
    "leave_decided": _("Decision on a leave request"),
    "export_ready": _("Export"),
}


async def reads(visit: Visit) -> Mapping[str, Any]:
    latest = await letters(visit.tx, visit.actor)
    return {
        "mail": await mail_settings(visit.tx, visit.actor),
        "latest": [_shown(letter) for letter in latest],
        "tested": next((_shown(letter) for letter in latest if letter.kind == "mail_test"), None),
        "waiting": sum(letter.state == "queued" for letter in latest),
    }


def _shown(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "what": KINDS.get(letter.kind, letter.kind),
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
