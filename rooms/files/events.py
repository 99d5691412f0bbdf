"""What happens to files."""

from rooms.files.forms import FileForm
from store.events import Event, Gone


class FileAdded(Event):
    """A file was added."""

    file: FileForm | Gone


class FileChanged(Event):
    """A file was renamed, or shared with the client, or moved to another task."""

    file: FileForm | Gone
    changed: list[str]


class FileWithdrawn(Event):
    """A file was taken back from those who no longer may see it."""

    file: Gone


class FileRemoved(Event):
    """A file was removed."""

    file: Gone
