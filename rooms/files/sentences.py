"""What is said of what happens to files."""

from rooms.files import events
from rooms.files.forms import FileForm
from store.errors import _
from store.sentences import DOER, Fact, FromEvent, Is, Named, Otherwise, Sentences, only, sentence, when

TIMELINE = Sentences(
    sentence(
        events.FileAdded,
        when(_("{who} added a file, removed since"), Is("file.gone", True)),
        _("{who} added {what}"),
        kind="files",
        icon="file",
        latest=True,
        fact=Fact(FileForm, at="added_at", by="author_id"),
    ),
    sentence(
        events.FileChanged,
        when(_("{who} shared {what} with the client"), only("audience"), Is("file.audience", "all")),
        when(_("{who} renamed a file to {what}"), only("name")),
        _("{who} changed {what}"),
        kind="files",
        icon="edit",
    ),
    sentence(events.FileWithdrawn, _("{who} took a file back to the team"), kind="files", icon="lock"),
    sentence(events.FileRemoved, _("{who} removed a file"), kind="files", icon="trash"),
    kinds={"files": _("Files")},
    blanks={
        "who": DOER,
        "what": (FromEvent("file.name"), FromEvent("file.id", Named(FileForm.things)), Otherwise(_("a file"), "file")),
    },
)
