"""Every kind of letter, at a glance. Each has its template, ``web/templates/letters/<kind>.html``."""

from dataclasses import dataclass
from typing import Literal

from store.errors import _

Purpose = Literal["invitation", "reset", "email", "registration"]


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of letter: its subject, with blanks for parameters, and what its secret link is for."""

    subject: str
    params: frozenset[str]
    """What it is sent with; texts and numbers, or lists of them."""
    link: Purpose | None = None
    """A letter with a link has the parameter ``<purpose>_id``, and dies with what that names."""


def _kind(subject: str, *params: str, link: Purpose | None = None) -> MailKind:
    return MailKind(subject, frozenset(params), link)


NAMES = ("by", "inviter", "who")
"""Under one of these a letter names the person whose deed it tells of; who that is stands beside it: ``by_id``."""
ABOUT_AN_ACCOUNT = ("business", "by", "contact")
"""Where the account is, who did it, and where to ask about it."""

KINDS: dict[str, MailKind] = {
    "invitation": _kind(
        _("%(inviter)s invites you to %(product)s"), "business", "inviter", "invitation_id", link="invitation"
    ),
    "reset": _kind(_("Reset your %(product)s password"), "by", "reset_id", link="reset"),
    "email": _kind(_("Your new email for %(product)s"), "who", "email_id", link="email"),
    "email_known": _kind(_("You have an account already")),
    "email_changed": _kind(_("Your email was changed"), "email"),
    "password_changed": _kind(_("Your password was changed"), "at", "address", "ways"),
    "new_sign_in": _kind(_("A new sign-in to your account"), "at", "address", "device"),
    "passkey_added": _kind(_("A passkey was added to your account"), "name", "at", "address", "device"),
    "authenticator_added": _kind(_("An authenticator app was added to your account"), "at", "address", "device"),
    "mail_test": _kind(_("Mail settings test"), "by"),
    "registration_asked": _kind(_("%(business)s is waiting for your approval"), "business", "who", "email", "url"),
    "registration_waiting": _kind(_("We received your registration"), "business"),
    "registration_confirm": _kind(
        _("Confirm your email for %(business)s"), "business", "who", "registration_id", link="registration"
    ),
    "registration_known": _kind(_("You have an account already")),
    "account_approved": _kind(_("Your business is ready: %(business)s"), "business"),
    "account_refused": _kind(_("Your registration was declined"), "business", "reason"),
    "account_locked": _kind(_("Your account was locked"), *ABOUT_AN_ACCOUNT),
    "account_unlocked": _kind(_("Your account was unlocked"), *ABOUT_AN_ACCOUNT),
    "account_closed": _kind(_("Your account was deactivated"), *ABOUT_AN_ACCOUNT),
    "account_reopened": _kind(_("Your account is active again"), *ABOUT_AN_ACCOUNT),
    "leave_asked": _kind(_("%(who)s asks for leave"), "who", "kind", "first", "last", "days", "note", "url"),
    "leave_decided": _kind(
        _("Your leave was decided"), "decision", "by", "kind", "first", "last", "days", "note", "url"
    ),
    "domain_missing": _kind(_("The DNS record of %(domain)s is missing"), "domain", "until", "url"),
    "domain_lost": _kind(_("%(domain)s is no longer verified"), "domain", "url"),
    "provider_added": _kind(_("%(by)s added a sign-in service"), "by", "name", "issuer", "url"),
    "provider_changed": _kind(_("%(by)s changed a sign-in service"), "by", "name", "issuer", "url"),
    "export_ready": _kind(_("Your export is ready: %(name)s"), "name", "url"),
}
