"""What people are told, wherever they are, of who works in their name or where they work."""

from people.installation.events import BusinessEntered, ImpersonationBegun, ImpersonationEnded
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
