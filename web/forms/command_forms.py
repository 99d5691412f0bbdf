"""A command's form: its fields, as a page draws them. What a field is, how long it may be and whether it is required,
the command's class says, as it does to programs; what it is called, and the help below it, is declared beside the page.
After a refusal each field has what was typed into it, and what was wrong with that.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from store.commands import Command
from web.words.formatting import reader
from web.words.translations import translated

LIMITS = {"minLength": "minlength", "maxLength": "maxlength", "minimum": "min", "maximum": "max"}
"""What a class says of a field, by the names of JSON Schema, and as a browser is told it."""
TYPES = {"boolean": "checkbox", "integer": "number", "number": "number", "email": "email", "date": "date"}
Choices = Sequence[tuple[Any, Any]]
"""Value and label of each thing that one may choose."""


@dataclass(frozen=True)
class Asked:
    """A field that a form asks for: its label, its help, and what the class can't say."""

    name: str
    label: str
    help: str = ""
    type: str = ""
    """What it is, where that isn't as the class says: a telephone number, say."""
    choices: str | Choices | Callable[[], Choices] = ()
    """What it is chosen from: by the name under which the page reads it, or value and label of each."""
    nothing: str = ""
    """What choosing nothing is called, where one may."""
    placeholder: str = ""
    rows: int = 0
    """How many lines of text are seen at once; none where it is one line. A list has an entry on each."""
    required: bool = False
    """Whether something must be in it, though the command could do without."""
    more: Mapping[str, str] = field(default_factory=lambda: {"autocomplete": "off"})
    """Other attributes of HTML."""


@dataclass(frozen=True)
class Heading:
    """What stands above the fields after it."""

    text: str
    id: str = ""


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
    choices: Choices


@dataclass(frozen=True)
class DrawnForm:
    """A command's form, as it is drawn."""

    command: str
    action: str
    of: tuple[str, str] | None
    """The field that says what is changed, and its identifier."""
    rows: list[list[Field] | Heading]
    refused: str = ""
    """Why it was refused, if it was."""
    done: bool = False
    """Whether its command was done just now."""

    def __getitem__(self, name: str) -> Field:
        """This is one of its fields, where a page lays them out by itself."""
        rows = (row for row in self.rows if isinstance(row, list))
        return next(each for row in rows for each in row if each.asked.name == name)


@dataclass(frozen=True)
class Typed:
    """What was typed into a form that was refused, and what was wrong with it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


def drawn_form(
    command: type[Command],
    rows: Sequence[Asked | Row | Heading],
    context: Mapping[str, Any],
    of: Any = None,
    id: str = "",
    values: Any = None,
    says: Mapping[str, Mapping[str, Any]] | None = None,
    but: Collection[str] = (),
) -> DrawnForm:
    """This is a command's form on a page: for the thing that it changes, or with the values that it has already, which
    are a mapping or a thing that has them; where neither says, with what the command takes a field to be.

    Where a page has several forms of one name, ``id`` goes before those of the fields; a thing's own goes after them.
    ``says`` is what only a template knows of a field, such as a number in its help. ``but`` isn't asked for here.
    """
    thing = _says_what(command, {asked.name for asked in asked_in(rows)}) if of is not None else ""
    own = (thing, str(of.id)) if thing else None
    typed = _typed(command, context.get("feedback"), own)
    known = (typed.values if typed else {}, values, of)

    def drawn(asked: Asked) -> Field:
        if says and asked.name in says:
            asked = replace(asked, **says[asked.name])
        schema = _schema(command, asked.name)
        type = _type(schema, asked)
        return Field(
            asked=asked,
            id="-".join(filter(None, (id, asked.name, own[1] if own else ""))),
            type=type,
            value=_plain(type, _first(known, asked.name, schema["default"])),
            error=typed.faults.get(asked.name, "") if typed else "",
            required=bool(schema["required"]) or asked.required,
            limits={html: _plain("number", schema[said]) for said, html in LIMITS.items() if said in schema},
            choices=_choices(asked, context),
        )

    return DrawnForm(
        command.wire_name,
        context["own_url"],
        own,
        [
            row if isinstance(row, Heading) else [drawn(asked) for asked in beside]
            for row in rows
            if (beside := [asked for asked in asked_in([row]) if asked.name not in but]) or isinstance(row, Heading)
        ],
        refused=typed.error if typed else "",
        done=context["done"] == command.wire_name,
    )


def asked_in(rows: Sequence[Asked | Row | Heading]) -> list[Asked]:
    """These are the fields that a form asks for, without its headings."""
    return [
        asked for row in rows if not isinstance(row, Heading) for asked in ((row,) if isinstance(row, Asked) else row)
    ]


def lists_in(command: type[Command], rows: Sequence[Asked | Row | Heading]) -> list[str]:
    """These are the lists that a form asks for in one field, with an entry on each line."""
    return [asked.name for asked in asked_in(rows) if asked.rows and _schema(command, asked.name)["type"] == "array"]


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
    filled = found.get("minLength") == 1 and bool(found.pop("minLength"))
    found["required"] = filled or name in whole.get("required", ())
    return {"default": None, "type": "string"} | found


def _type(schema: Mapping[str, Any], asked: Asked) -> str:
    if asked.type:
        return asked.type
    if asked.choices:
        return "several" if schema["type"] == "array" else "choice"
    if asked.rows:
        return "textarea"
    return TYPES.get(schema.get("format") or schema["type"], "text")


def _choices(asked: Asked, context: Mapping[str, Any]) -> Choices:
    if isinstance(asked.choices, str):
        found: Choices = context[asked.choices]
        return found
    if callable(asked.choices):
        return asked.choices()
    return [(value, translated(reader().language, label)) for value, label in asked.choices]


def _first(things: Sequence[Any], name: str, default: Any) -> Any:
    """What the first of several says that says something."""
    for thing in things:
        if isinstance(thing, Mapping) and name in thing:
            return thing[name]
        if hasattr(thing, name):
            return getattr(thing, name)
    return default


def _plain(type: str, value: Any) -> Any:
    """A value as a form has it: nothing is an empty text, and a password is never shown."""
    if value is None or type == "password":
        return ""
    if isinstance(value, list | tuple):
        texts = [str(each) for each in value]
        return texts if type == "several" else ("\n" if type == "textarea" else ", ").join(texts)
    if isinstance(value, Decimal | float):
        return format(Decimal(str(value)).normalize(), "f")
    return str(value).lower() if isinstance(value, bool) else str(value)
