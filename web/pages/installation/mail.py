"""Mail: by which server letters are sent, a test of it, and the latest letters."""

from typing import Any

from starlette.requests import Request

from people.actors import Actor
from people.mail.letters import Letter, RetryLetter, letters
from people.mail.mail_settings import ChangeMailSettings, SendTestLetter, mail_settings
from store.database import Transaction
from store.errors import _
from web.pages.installation import Place

KINDS = {
    "invitation": _("Invitation"),
    "reset": _("Link for a new password"),
    "password_changed": _("Notice of a changed password"),
    "new_sign_in": _("Notice of a new sign-in"),
    "passkey_added": _("Notice of a new passkey"),
    "authenticator_added": _("Notice of a new app for codes"),
    "mail_test": _("Test"),
    "email": _("Link for a new e-mail"),
    "email_changed": _("Notice of a changed e-mail"),
    "registration_asked": _("Registration to decide on"),
    "registration_waiting": _("Registration received"),
    "registration_confirm": _("Confirming the e-mail of a registration"),
    "email_known": _("New e-mail of somebody known"),
    "registration_known": _("Registration of somebody known"),
    "account_approved": _("Registration approved"),
    "account_refused": _("Registration declined"),
    "account_locked": _("Account locked"),
    "account_unlocked": _("Account unlocked"),
    "account_closed": _("Account closed"),
    "account_reopened": _("Account opened again"),
    "leave_asked": _("Request for leave"),
    "leave_decided": _("Answer to a request for leave"),
    "export_ready": _("Export"),
}


async def _reads(request: Request, tx: Transaction, actor: Actor) -> dict[str, Any]:
    latest = await letters(tx, actor)
    return {
        "mail": await mail_settings(tx, actor),
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


PLACE = Place(
    "mail",
    _reads,
    frozenset({ChangeMailSettings.wire_name, SendTestLetter.wire_name, RetryLetter.wire_name}),
)
