"""What is said of what happens to people: on a person's page, to themselves wherever they are, and in the journal."""

from people import events
from store.errors import _
from store.sentences import Differs, FromEvent, Is, Otherwise, Sentences, sentence, when

HISTORY = Sentences(
    sentence(events.PersonAdded, _("added by {who}"), kind="people", icon="user-plus"),
    sentence(events.PersonInvited, _("invited by {who}"), kind="people", icon="mail"),
    sentence(events.PersonJoined, _("accepted the invitation"), kind="people", icon="check"),
    sentence(events.PersonChanged, _("changed by {who}"), kind="people", icon="pencil"),
    sentence(events.PersonPromoted, _("made an admin by {who}"), kind="people", icon="arrow-up"),
    sentence(events.PersonDemoted, _("made staff by {who}"), kind="people", icon="arrow-down"),
    sentence(events.PersonLocked, _("locked by {who}"), kind="people", icon="lock"),
    sentence(events.PersonUnlocked, _("unlocked by {who}"), kind="people", icon="lock-open"),
    sentence(events.PersonDeactivated, _("deactivated by {who}"), kind="people", icon="user-minus"),
    sentence(events.PersonReactivated, _("reactivated by {who}"), kind="people", icon="user-check"),
    sentence(events.PersonLinked, _("linked to the team by {who}"), kind="people", icon="link"),
    sentence(events.PersonUnlinked, _("unlinked by {who}"), kind="people", icon="unlink"),
    sentence(events.PersonErased, _("personal data erased by {who}"), kind="people", icon="eraser"),
    blanks={"who": (FromEvent("", "doer"),)},
)
"""On a person's page, which is about them: their name needs no saying."""
FIELDS = {
    "name": _("name"),
    "phone": _("phone"),
    "address": _("address"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "role_id": _("role"),
    "permissions": _("permissions"),
    "company_ids": _("companies"),
    "email": _("email"),
}
"""What was changed, as it stands behind the sentence."""
NOTICES = Sentences(
    sentence(
        events.SignInNoticed,
        _("New sign-in: {device}, {address}. If this wasn't you, sign it out on your account page."),
        kind="warning",
        icon="alert-triangle",
    ),
    sentence(
        events.AccountChanged,
        when(
            _("Your language has changed. Reload the page to see it."),
            Differs("account.language", "language"),
        ),
        kind="news",
        icon="circle-check",
    ),
    blanks={"device": (FromEvent("device"),), "address": (FromEvent("address"),)},
    # Lists of one's own that are drawn anew.
    silent=(events.ApiTokenMade, events.ApiTokenRevoked, events.ChecklistHidden, events.SessionsRevoked),
)
"""To a person, by their own stream, on whatever page they look at."""
UNKNOWN = Otherwise(_("Unknown person"))
JOURNAL = Sentences(
    sentence("sign_in", _("{name} signed in"), kind="sign_ins"),
    sentence("sign_out", _("{name} signed out"), kind="sign_ins"),
    sentence("new_device", _("{name} signed in from a new device or place"), kind="sign_ins"),
    sentence("sessions_ended", _("{name} ended sign-ins"), kind="sign_ins"),
    sentence(
        "sign_in_failed",
        when(_("{name} entered a wrong password"), Is("details.how", "signed_in")),  # who was signed in already
        _("{name} failed to sign in"),
        kind="failed",
    ),
    sentence("sign_in_refused", _("{name} was refused"), kind="failed"),
    sentence(
        "slowed_down",
        _("{name} had too many wrong attempts: unknown browsers now need a short check"),
        kind="failed",
    ),
    sentence("locked_out", _("{name} tried too often and has to wait"), kind="failed"),
    sentence("impersonation_begun", _("{by} began to act as {name}"), kind="acting"),
    sentence("impersonation_ended", _("{by} stopped acting as {name}"), kind="acting"),
    sentence("business_entered", _("{name} came to work here from a parent business"), kind="acting"),
    sentence("business_left", _("{name} went back to a parent business"), kind="acting"),
    sentence("password_changed", _("{name} changed the password"), kind="factors"),
    sentence("password_reset", _("{name} reset their password"), kind="factors"),
    sentence("reset_asked", _("{name} requested a password reset"), kind="factors"),
    sentence("reset_sent", _("{name} was sent a password reset link"), kind="factors"),
    sentence("factor_added", _("{name} added a second factor"), kind="factors"),
    sentence("factor_removed", _("{name} removed a second factor"), kind="factors"),
    sentence("factors_reset", _("{name} had all second factors removed"), kind="factors"),
    sentence("recovery_codes_made", _("{name} generated recovery codes"), kind="factors"),
    sentence("identity_unlinked", _("{name} unlinked a sign-in service"), kind="factors"),
    sentence("device_forgotten", _("{name} removed a known browser"), kind="factors"),
    sentence("reset_refused", _("{name} opened a password reset link that no longer works"), kind="factors"),
    sentence("email_changed", _("{name} changed the email"), kind="factors"),
    sentence("policy_changed", _("{name} changed how people sign in"), kind="accounts"),
    sentence("provider_added", _("{name} added a sign-in service"), kind="accounts"),
    sentence("provider_changed", _("{name} changed a sign-in service"), kind="accounts"),
    sentence("provider_removed", _("{name} removed a sign-in service"), kind="accounts"),
    sentence("domain_proven", _("{name} verified a domain"), kind="accounts"),
    sentence("domain_vouched", _("{name} was verified manually"), kind="accounts"),
    sentence("domain_withdrawn", _("{name} lost its verification"), kind="accounts"),
    sentence("domain_lost", _("{name} is no longer verified"), kind="accounts"),
    sentence("token_made", _("{name} created an API token"), kind="accounts"),
    sentence("token_revoked", _("{name} revoked an API token"), kind="accounts"),
    sentence("invitation_sent", _("{name} was invited"), kind="accounts"),
    sentence("invitation_accepted", _("{name} accepted the invitation"), kind="accounts"),
    sentence("invitation_resent", _("{name} was invited again"), kind="accounts"),
    sentence("invitation_link_made", _("{name} had a link for the invitation made"), kind="accounts"),
    sentence("invitation_refused", _("{name} opened an invitation that no longer works"), kind="accounts"),
    sentence("invitation_withdrawn", _("{name} had the invitation withdrawn"), kind="accounts"),
    sentence("person_locked", _("{name} was locked"), kind="accounts"),
    sentence("person_unlocked", _("{name} was unlocked"), kind="accounts"),
    sentence("person_deactivated", _("{name} was deactivated"), kind="accounts"),
    sentence("person_reactivated", _("{name} was reactivated"), kind="accounts"),
    sentence("person_erased", _("{name} was erased"), kind="accounts"),
    sentence("admin_activated", _("{name} was activated"), kind="accounts"),
    sentence("admin_deactivated", _("{name} was deactivated"), kind="accounts"),
    sentence("admin_changed", _("{name} was changed"), kind="accounts"),
    sentence("person_changed", _("{name} was changed"), kind="accounts"),
    sentence("person_promoted", _("{name} became an admin"), kind="accounts"),
    sentence("person_demoted", _("{name} became staff"), kind="accounts"),
    sentence("person_linked", _("{name} was linked to the team"), kind="accounts"),
    sentence("person_unlinked", _("{name} was unlinked from the team"), kind="accounts"),
    sentence("rights_changed", _("{name} has new permissions"), kind="accounts"),
    sentence("registration_confirmed", _("{name} confirmed the email of a registration"), kind="accounts"),
    sentence("registration_approved", _("{name} was approved"), kind="accounts"),
    sentence("registration_refused", _("{name} was declined"), kind="accounts"),
    sentence("admin_deleted", _("{name} was deleted"), kind="accounts"),
    blanks={
        "name": (
            FromEvent("person"),
            FromEvent("details.name"),
            FromEvent("details.email"),
            FromEvent("details.domain"),
            UNKNOWN,
        ),
        "by": (FromEvent("by"), UNKNOWN),
    },
)
"""By the words that lines are written with, in the kinds that one can ask for."""
DETAILS = {
    "password": _("with a password"),
    "provider": _("with another service"),
    "code": _("with a password and code"),
    "recovery_code": _("with a recovery code"),
    "passkey": _("with a passkey"),
    "expired": _("it had expired"),
    "accepted": _("it was used before"),
    "used": _("it was used before"),
    "replaced": _("a newer one was sent"),
    "withdrawn": _("it was withdrawn"),
    "locked": _("the account is locked"),
    "waiting": _("awaiting approval"),
    "linked_to_staff": _("signs in as staff only"),
    "network_not_allowed": _("from outside the allowed networks"),
}
"""How it was done, or why it wasn't, as it stands behind a line; what isn't here stands as it was noted."""
