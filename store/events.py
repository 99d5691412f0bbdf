"""Events: what happened, each declared once as a class.

From the class come the wire name, the row's JSON, the packet, the documents and the TypeScript.
An event carries the whole new form of each thing that it changes, under the thing's name, so that one
small fold (`web/client/models/fold.ts`) rebuilds a room anywhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from store.wire.names import event_name

Audience = Literal["all", "team", "money", "managers"]


class WireForm(BaseModel):
    """A thing as the wire shows it."""

    model_config = ConfigDict(
        extra="forbid", from_attributes=True, frozen=True, json_schema_serialization_defaults_required=True
    )

    thing: ClassVar[str]
    """The name under which events carry it."""
    things: ClassVar[str]
    """The name of its list in a snapshot; equal to ``thing`` where a room has just one."""
    speaks_of: ClassVar[Mapping[str, str]] = {}
    """Its fields that name things of another list, which a snapshot has beside it however few it has of them."""
    called: ClassVar[str] = ""
    """What the contract calls it, where that isn't its class's name without ``Form``."""

    id: UUID


class ActedBy(BaseModel):
    """Who really did what stands under another's name: who runs the installation, acting as them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    name: str


def not_there(value: Any) -> bool:
    """Whether a field is left out of the wire: what people do themselves says nothing of acting."""
    return value is None


def wire(form: "WireForm") -> dict[str, Any]:
    """This is a form as the wire has it."""
    return form.model_dump(mode="json")


def wired(forms: "Iterable[WireForm]") -> list[dict[str, Any]]:
    """These are forms as the wire has them."""
    return [wire(form) for form in forms]


class SignedForm(WireForm):
    """A thing that bears somebody's name. ``acted_by`` is there only when another put it there in that name."""

    acted_by: ActedBy | None = Field(None, exclude_if=not_there)


class Gone(BaseModel):
    """What is left of a thing that was removed."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)

    id: UUID
    gone: Literal[True] = True


class Event(BaseModel):
    """Something that happened. Its first field is its subject: the thing whose removal erases it. Where that may be
    ``Gone``, the fields beside it outlive it: none of its words may stand in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wire_name: ClassVar[str]
    stored: ClassVar[bool] = True
    """Told events (presence, signals) are not: they have no offset."""
    ends_rights: ClassVar[bool] = False
    """Somebody may no longer do what they could: open connections are looked through at once, wherever it is heard."""
    silent: ClassVar[bool] = False
    """Nothing is said of it anywhere: too small for a timeline, and seen where it happened."""
    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(
        cls, *, stored: bool = True, ends_rights: bool = False, silent: bool = False, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.wire_name = event_name(cls.__name__)
        cls.stored, cls.ends_rights, cls.silent = stored, ends_rights, silent
        Event.registry[cls.wire_name] = cls

    @property
    def subject_id(self) -> UUID | None:
        for field in type(self).model_fields:
            value = getattr(self, field)
            if isinstance(value, WireForm | Gone):
                return value.id
        return None
