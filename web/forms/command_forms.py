"""A command's form: its fields, as a page draws them. What a field is, how long it may be and whether it is required,
the command's class says, as it does to programs; what it is called, and the help below it, is declared beside the page.
After a refusal each field has what was typed into it, and what was wrong with that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from store.commands import Command

LIMITS = {"maxLength": "maxlength", "minimum": "min", "maximum": "max"}
"""What a class says of a field, by the names of JSON Schema, and as a browser is told it."""


@dataclass(frozen=True)
class Asked:
    """A field that a form asks for: its label, its help, and what the class can't say."""

    name: str
    label: str
    help: str = ""
    type: str = ""
    """What it is, where that isn't as the class says: a telephone number, say."""
    choices: str | tuple[tuple[str, str], ...] = ()
    """What it is chosen from: by the name under which the page reads it, or value and label of each."""
    nothing: str = ""
    """What choosing nothing is called, where one may."""
    placeholder: str = ""
    rows: int = 0
    """How many lines of text are seen at once; none where it is one line."""
    more: Mapping[str, str] = field(default_factory=lambda: {"autocomplete": "off"})
    """Other attributes of HTML."""


Row = tuple[Asked, ...]
"""Fields beside each other."""


@dataclass(frozen=True)
class Field:
    """A field, as it is drawn."""

    asked: Asked
    id: str
    type: str
    value: Any
    error: str
    required: bool
    limits: Mapping[str, Any]
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class DrawnForm:
    """A command's form, as it is drawn."""

    action: str
    of: tuple[str, str] | None
    """The field that says what is changed, and its identifier."""
    rows: list[list[Field]]
    refused: str = ""
    """Why it was refused, if it was."""
    done: bool = False
    """Whether its command was done just now."""

    def __getitem__(self, name: str) -> Field:
        """This is one of its fields, where a page lays them out by itself."""
        return next(each for row in self.rows for each in row if each.asked.name == name)


@dataclass(frozen=True)
class Typed:
    """What was typed into a form that was refused, and what was wrong with it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


def drawn_form(
    command: type[Command],
    rows: Sequence[Asked | Row],
    context: Mapping[str, Any],
    of: Any = None,
    id: str = "",
    values: Mapping[str, Any] | None = None,
) -> DrawnForm:
    """This is a command's form on a page: for the thing that it changes, or for a new one with some values already.

    Where a page has several forms of one name, ``id`` goes before those of the fields; a thing's own goes after them.
    """
    by_row = [(row,) if isinstance(row, Asked) else row for row in rows]
    thing = _says_what(command, {asked.name for row in by_row for asked in row}) if of is not None else ""
    own = (thing, str(of.id)) if thing else None
    typed = _typed(command, context.get("feedback"), own)
    known = typed.values if typed else values or {}

    def drawn(asked: Asked) -> Field:
        schema = _schema(command, asked.name)
        return Field(
            asked=asked,
            id="-".join(filter(None, (id, asked.name, own[1] if own else ""))),
            type=_type(schema, asked),
            value=_plain(known.get(asked.name, getattr(of, asked.name, None))),
            error=typed.faults.get(asked.name, "") if typed else "",
            required=bool(schema["required"]),
            limits={html: schema[said] for said, html in LIMITS.items() if said in schema},
            choices=context[asked.choices] if isinstance(asked.choices, str) else asked.choices,
        )

    return DrawnForm(
        context["own_url"],
        own,
        [[drawn(asked) for asked in row] for row in by_row],
        refused=typed.error if typed else "",
        done=context["done"] == command.wire_name,
    )


def _typed(command: type[Command], feedback: Any, own: tuple[str, str] | None) -> Typed | None:
    """What was wrong with this very form, if it was posted."""
    if feedback is None or feedback.command != command.wire_name:
        return None
    if own and str(feedback.values.get(own[0])) != own[1]:
        return None
    return Typed(feedback.values, feedback.fields, feedback.error)


def _says_what(command: type[Command], asked: set[str]) -> str:
    """The field in which a command says what it changes: the identifier that it requires and no field asks for."""
    for name, declared in command.model_fields.items():
        if declared.is_required() and name.endswith("_id") and name not in asked:
            return name
    return ""


@cache
def _schema(command: type[Command], name: str) -> dict[str, Any]:
    """What a command's class says of a field, beside that it may be null, and whether something must be in it."""
    whole = command.model_json_schema()
    found: dict[str, Any] = dict(whole["properties"][name])
    for kind in found.pop("anyOf", []):
        found = {**kind, **found} if kind.get("type") != "null" else found
    found["required"] = name in whole.get("required", ()) or found.get("minLength", 0) > 0
    return found


def _type(schema: Mapping[str, Any], asked: Asked) -> str:
    if asked.type:
        return asked.type
    if asked.choices:
        return "choice"
    if asked.rows:
        return "textarea"
    kind = schema.get("format") or schema.get("type")
    return {"boolean": "checkbox", "integer": "number", "number": "number", "email": "email", "date": "date"}.get(
        str(kind), "text"
    )


def _plain(value: Any) -> Any:
    """A value as a form has it: nothing is an empty text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value
