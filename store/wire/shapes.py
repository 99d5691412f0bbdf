"""Shapes: what the wire shows beside the forms of things. ``store.log`` draws them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema


class EventPlace(BaseModel):
    """An event's place in the log of its stream, which is named beside it."""

    epoch: str
    offset: int = Field(ge=0)


def _may_lack(schema: dict[str, Any]) -> None:
    """A field that may be lacking isn't null then: it isn't there."""
    for field in schema["properties"].values():
        field.pop("default", None)


class WireEvent(BaseModel):
    """An event: its name, its place, and the things that it changed (see the AsyncAPI document)."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True, json_schema_extra=_may_lack)

    name: str
    at: EventPlace | None
    stream: str
    room_id: UUID | SkipJsonSchema[None] = None
    actor_id: UUID | None
    """Who really did it."""
    on_behalf_of: UUID | SkipJsonSchema[None] = None
    """In whose name, where that is another's: the deed stands under this name."""
    actor_name: str | SkipJsonSchema[None] = None
    """The actor's name, where it can't be looked up among the people whom one sees."""
    recorded_at: datetime
