"""What is said of how people sign in, and of what they sign in with."""

from people.sentences import JOURNAL_BLANKS
from store.errors import _
from store.sentences import LATEST, Is, Sentences, sentence, when

JOURNAL = Sentences(
    sentence("sign_in", _("{name} signed in"), kind="sign_ins", latest=True),
    sentence("sign_out", _("{name} signed out"), kind="sign_ins", latest=True),
    sentence("new_device", _("{name} signed in from a new device or place"), kind="sign_ins", latest=True),
    sentence("sessions_ended", _("{name} ended sign-ins"), kind="sign_ins", latest=True),
    sentence(
        "sign_in_failed",
        # Who was signed in already.
        when(_("{name} entered a wrong password"), Is("details.how", "signed_in"), says_all=True),
        _("{name} failed to sign in"),
        kind="failed",
        latest=True,
    ),
    sentence("sign_in_refused", _("{name} was refused"), kind="failed", latest=True),
    sentence(
        "slowed_down",
        when(_("{name} had too many wrong attempts: unknown browsers now need a short check"), says_all=True),
        kind="failed",
        latest=True,
    ),
    sentence("locked_out", _("{name} tried too often and has to wait"), kind="failed", latest=True),
    sentence("password_changed", _("{name} changed the password"), kind="factors"),
    sentence("factor_added", _("{name} added a second factor"), kind="factors"),
    sentence("factor_removed", _("{name} removed a second factor"), kind="factors"),
    sentence("factors_reset", _("{name} had all second factors removed"), kind="factors"),
    sentence("recovery_codes_made", _("{name} generated recovery codes"), kind="factors"),
    sentence("identity_unlinked", _("{name} unlinked a sign-in service"), kind="factors"),
    sentence("device_forgotten", _("{name} removed a known browser"), kind="factors"),
    sentence("policy_changed", _("{name} changed how people sign in"), kind="accounts"),
    sentence("provider_added", _("{name} added a sign-in service"), kind="accounts"),
    sentence("provider_changed", _("{name} changed a sign-in service"), kind="accounts"),
    sentence("provider_removed", _("{name} removed a sign-in service"), kind="accounts"),
    sentence("token_made", _("{name} created an API token"), kind="accounts"),
    sentence("token_revoked", _("{name} revoked an API token"), kind="accounts"),
    kinds={
        LATEST: _("Sign-ins and access"),
        "failed": _("Failures"),
        "factors": _("Passwords and second factors"),
    },
    place=1,
    blanks=JOURNAL_BLANKS,
    details={
        "password": _("with a password"),
        "provider": _("with another service"),
        "code": _("with a password and code"),
        "recovery_code": _("with a recovery code"),
        "passkey": _("with a passkey"),
        "locked": _("the account is locked"),
        "waiting": _("awaiting approval"),
        "linked_to_staff": _("signs in as staff only"),
        "network_not_allowed": _("from outside the allowed networks"),
    },
)
"""In the journal."""
