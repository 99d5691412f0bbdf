"""What is said of who runs the installation, and of who works in whose name, and where."""

from people.installation.events import BusinessEntered, ImpersonationBegun, ImpersonationEnded
from people.sentences import JOURNAL_BLANKS
from store.errors import _
from store.sentences import FromEvent, Is, Sentences, sentence, when

NOTICES = Sentences(
    sentence(ImpersonationBegun, _("{name} is now acting as you: {reason}"), kind="warning", icon="alert-triangle"),
    sentence(
        BusinessEntered,
        when(
            _("The business you were working in was moved. You're back in your own business. Reload the page."),
            Is("actor_id", None),
        ),
        kind="warning",
        icon="alert-triangle",
    ),
    blanks={"name": (FromEvent("impersonation.by_name"),), "reason": (FromEvent("impersonation.reason"),)},
    silent=(ImpersonationEnded,),
)
"""To a person, by their own stream."""
JOURNAL = Sentences(
    sentence("impersonation_begun", _("{by} began to act as {name}"), kind="acting", latest=True),
    sentence("impersonation_ended", _("{by} stopped acting as {name}"), kind="acting", latest=True),
    sentence("business_entered", _("{name} came to work here from a parent business"), kind="acting", latest=True),
    sentence("business_left", _("{name} went back to a parent business"), kind="acting", latest=True),
    sentence("admin_activated", _("{name} was activated"), kind="accounts"),
    sentence("admin_deactivated", _("{name} was deactivated"), kind="accounts"),
    sentence("admin_changed", _("{name} was changed"), kind="accounts"),
    sentence("registration_confirmed", _("{name} confirmed the email of a registration"), kind="accounts"),
    sentence("registration_approved", _("{name} was approved"), kind="accounts"),
    sentence("registration_refused", _("{name} was declined"), kind="accounts"),
    sentence("admin_deleted", _("{name} was deleted"), kind="accounts"),
    kinds={"acting": _("Acting as others")},
    place=2,
    blanks=JOURNAL_BLANKS,
)
"""In the journal."""
