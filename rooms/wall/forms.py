"""The wall's messages and mentions, as the wire shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from store.events import ActedBy, Audience, SignedForm, not_there


class MessageForm(SignedForm):
    """A message on the wall: as written (Markdown) and as shown (safe HTML).

    Whom it mentions, a person or a department, stands as ``@[id]`` in the one and as ``<span data-mention="id">`` in
    the other: the name is that of today.
    """

    thing: ClassVar[str] = "message"
    things: ClassVar[str] = "messages"
    speaks_of: ClassVar[Mapping[str, str]] = {"attachments": "files"}

    author_id: UUID
    body: str
    html: str
    audience: Audience
    attachments: list[UUID]
    posted_at: datetime
    edited_at: datetime | None
    edited_by: ActedBy | None = Field(None, exclude_if=not_there)
    """Who last edited it in its author's name, where that was another."""


class MentionForm(SignedForm):
    """A message that mentions the person, at which they haven't looked yet; ``department_id`` where it named that."""

    thing: ClassVar[str] = "mention"
    things: ClassVar[str] = "mentions"

    room_id: UUID
    message_id: UUID
    author_id: UUID
    department_id: UUID | None
    mentioned_at: datetime
