"""The classes that the contract is derived from, and their JSON Schemas."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

import hub.gateway.control_events  # noqa: F401 - importing it registers its events; the parts import theirs
from commands.needs import refused_to
from hub.gateway.subscriptions import ASKS
from hub.parts import FINDS, IN_SNAPSHOTS, PARTS, READS, VERBS
from rooms.reads import Found
from store.commands import Command, catalogue
from store.events import Event, Gone, WireForm, not_there

Schema = dict[str, Any]

COMMANDS = dict(sorted(catalogue(VERBS).items()))
ASKED: dict[str, type[Command]] = {asked.wire_name: asked for asked in ASKS}
"""What sockets ask for besides commands: nothing of it is stored."""


def models_in(hint: Any) -> Iterator[type[BaseModel]]:
    """These are the classes that a type is made of."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for part in get_args(hint):
        yield from models_in(part)


EVENTS: dict[str, type[Event]] = dict(sorted(Event.registry.items()))
RESULTS: tuple[type[BaseModel], ...] = tuple(
    dict.fromkeys(model for entry in COMMANDS.values() for model in models_in(entry.result))
)
"""What verbs answer."""


class Error(BaseModel):
    """Why something was refused."""

    model_config = ConfigDict(extra="forbid")

    code: str
    message: str
    fields: dict[str, str] | None = None
    retry_after_seconds: float | None = None
    challenge: dict[str, Any] | None = None
    """Work that makes up for too many wrong tries to sign in: what `POST /api/v1/session` says of it."""


class Refused(BaseModel):
    """The answer to what is refused."""

    model_config = ConfigDict(extra="forbid")

    ok: Literal[False]
    error: Error


class Me(BaseModel):
    """Who asks, as the room sees them: their lens, and the commands that they may give."""

    person_id: str
    lens: Literal["client", "staff", "manager"]
    may: list[str]


def snapshot(name: str, forms: Iterable[type[WireForm]], doc: str, **more: Any) -> type[BaseModel]:
    """This is the class of a snapshot made of these forms: lists by their plural names, single ones by their own."""
    fields: dict[str, Any] = {
        form.things: (form if form.thing == form.things else list[form], ...)  # type: ignore[valid-type]
        for form in forms
    }
    return create_model(name, __doc__=doc, **fields, **more)


def counts() -> type[BaseModel]:
    """This is the class of what a room's snapshot counts."""
    doc = "How many there are of what a snapshot of some parts may not have whole, as the asker sees it."
    fields: dict[str, Any] = {count.name: (int, ...) for part in PARTS for count in part.counts}
    return create_model("Counts", __doc__=doc, **fields)


SNAPSHOTS = (
    snapshot(
        "Snapshot",
        IN_SNAPSHOTS["room"],
        "A room's state, as the asker sees it: whole, or, where parts were asked for, with `counts`.",
        me=(Me, ...),
        **{name: (type_, ...) for part in PARTS for name, type_ in part.beside.items()},
        counts=(counts() | None, Field(None, exclude_if=not_there)),
    ),
    snapshot("ProcessSnapshot", IN_SNAPSHOTS["process"], "A process with its stages, which all its rooms share."),
    snapshot("PersonSnapshot", IN_SNAPSHOTS["person"], "What concerns one person alone."),
    snapshot("BusinessSnapshot", IN_SNAPSHOTS["business"], "What concerns a business's team."),
    snapshot("InstallationSnapshot", IN_SNAPSHOTS["installation"], "What concerns the whole installation."),
)
COMMON: tuple[type[BaseModel], ...] = (Error, Refused, *SNAPSHOTS)
ANSWERS: tuple[type[BaseModel], ...] = tuple(read.answer for read in READS if not isinstance(read.answer, Mapping))
"""What reads answer."""
FORMS: tuple[type[WireForm], ...] = tuple(
    form
    for carrying in (*EVENTS.values(), *SNAPSHOTS)
    for field in carrying.model_fields.values()
    for form in models_in(field.annotation)
    if issubclass(form, WireForm)
)
"""What events carry, and snapshots are made of."""
THINGS: dict[str, str] = dict(sorted({form.thing: form.things for form in FORMS}.items()))


class _Schemas(GenerateJsonSchema):
    """JSON Schema with the wire's names, without titles that only repeat them."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def get_title_from_name(self, name: str) -> str:
        return name


def schemas() -> dict[str, Schema]:
    """These are the schemas of all classes, by wire name; they refer to each other as ``#/components/schemas/…``.

    What a read answers isn't among them: it is drawn where the read is.
    """
    answers = {answer.__name__ for answer in ANSWERS}
    return {name: schema for name, schema in _all_schemas().items() if name not in answers}


def answers() -> dict[str, Schema]:
    """These are the schemas of what the reads answer beside ``ok``, by the reads' names."""
    found = _all_schemas()
    return {
        read.name: dict(read.answer) if isinstance(read.answer, Mapping) else found[read.answer.__name__]
        for read in sorted(READS, key=lambda read: read.name)
    }


def asked_with(query: type[BaseModel]) -> dict[str, Schema]:
    """These are the schemas of what a read may be asked with, by field."""
    fields: dict[str, Schema] = query.model_json_schema(schema_generator=_Schemas)["properties"]
    return {name: _with_names(schema) for name, schema in fields.items()}


def _all_schemas() -> dict[str, Schema]:
    carried: tuple[type[BaseModel], ...] = (Gone, *RESULTS, *COMMON, *ANSWERS)
    given: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "serialization") for model in carried),
        *((event, "serialization") for event in EVENTS.values()),
        *((entry.command, "validation") for entry in COMMANDS.values()),
        *((asked, "validation") for asked in ASKED.values()),
    ]
    _refs, top = models_json_schema(given, ref_template="#/components/schemas/{model}", schema_generator=_Schemas)
    found: dict[str, Schema] = {}
    for key, schema in top["$defs"].items():
        assert called(key) not in found, f"two classes are called {called(key)}"
        found[called(key)] = _with_names(schema)
    found[Found.__name__]["properties"]["kind"] = {"enum": [find.kind for find in FINDS], "type": "string"}
    return dict(sorted(found.items()))


def called(key: str) -> str:
    """This is what the contract calls a class."""
    return _CALLED.get(key) or key.removesuffix("Form")


_CALLED = {form.__name__: form.called for form in FORMS}


def _with_names(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: _ref(value) if key == "$ref" else _with_names(value)
            for key, value in schema.items()
            if key != "title" or not isinstance(value, str)
        }
    if isinstance(schema, list):
        return [_with_names(part) for part in schema]
    return schema


def _ref(path: str) -> str:
    head, _, key = path.rpartition("/")
    return f"{head}/{called(key)}"


def sentence(model: type[BaseModel]) -> str:
    """This is what a class says of itself in its first line."""
    return (inspect.getdoc(model) or "").partition("\n")[0]


def described(command: type[Command]) -> tuple[str, str]:
    """These are a command's summary and its whole description, as its verb says them; what it needs says its class."""
    doc = COMMANDS[command.wire_name].doc
    return doc.partition("\n")[0], _with_needs(doc, refused_to(command))


def _with_needs(doc: str, refused: str) -> str:
    if not refused:
        return doc
    said, raises, others = doc.partition("\n\nRaises:\n")
    return "\n".join((f"{said}\n\nRaises:", f"    Forbidden: {refused}.", *([others] if raises else [])))
