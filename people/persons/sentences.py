"""What is said of what befalls persons and their accounts."""

from people.sentences import JOURNAL_BLANKS
from store.errors import _
from store.sentences import Sentences, sentence

JOURNAL = Sentences(
    sentence("password_reset", _("{name} reset their password"), kind="factors"),
    sentence("reset_asked", _("{name} requested a password reset"), kind="factors"),
    sentence("reset_sent", _("{name} was sent a password reset link"), kind="factors"),
    sentence("reset_refused", _("{name} opened a password reset link that no longer works"), kind="factors"),
    sentence("email_changed", _("{name} changed the email"), kind="factors"),
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
    sentence("person_changed", _("{name} was changed"), kind="accounts"),
    sentence("person_promoted", _("{name} became an admin"), kind="accounts"),
    sentence("person_demoted", _("{name} became staff"), kind="accounts"),
    sentence("person_linked", _("{name} was linked to the team"), kind="accounts"),
    sentence("person_unlinked", _("{name} was unlinked from the team"), kind="accounts"),
    blanks=JOURNAL_BLANKS,
    details={
        "expired": _("it had expired"),
        "accepted": _("it was used before"),
        "used": _("it was used before"),
        "replaced": _("a newer one was sent"),
        "withdrawn": _("it was withdrawn"),
    },
)
"""In the journal."""
