"""Files, as the wire shows them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from store.events import Audience, SignedForm


class FileForm(SignedForm):
    """A file in the room."""

    thing: ClassVar[str] = "file"
    things: ClassVar[str] = "files"
    called: ClassVar[str] = "FileForm"  # a browser has a File of its own

    name: str
    media_type: str
    size: int
    audience: Audience
    author_id: UUID
    task_id: UUID | None
    added_at: datetime
    width: int | None
    height: int | None
    preview: bool
