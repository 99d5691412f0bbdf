"""What is said of what happens to people: on a person's page, to themselves wherever they are, and in the journal."""

from people import events
from store.errors import _
from store.sentences import Blanks, Differs, FromEvent, Otherwise, Sentences, sentence, when

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
    details={
        "name": _("name"),
        "phone": _("phone"),
        "address": _("address"),
        "language": _("language"),
        "time_zone": _("time zone"),
        "role_id": _("role"),
        "permissions": _("permissions"),
        "company_ids": _("companies"),
        "email": _("email"),
    },
)
"""On a person's page, which is about them: their name needs no saying."""
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
JOURNAL_BLANKS: Blanks = {
    "name": (
        FromEvent("person"),
        FromEvent("details.name"),
        FromEvent("details.email"),
        FromEvent("details.domain"),
        UNKNOWN,
    ),
    "by": (FromEvent("by"), UNKNOWN),
}
"""What fills the journal's sentences, whoever says them."""
JOURNAL = Sentences(
    sentence("rights_changed", _("{name} has new permissions"), kind="accounts"),
    blanks=JOURNAL_BLANKS,
)
"""By the words that lines are written with, in the kinds that one can ask for. Each folder has those that it notes."""
