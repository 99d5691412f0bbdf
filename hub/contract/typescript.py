"""The browser's types, as TypeScript."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from hub.contract.classes import ASKED, COMMANDS, EVENTS, THINGS, Schema, answers, schemas
from people.actors import Kind
from rooms.lenses import AUDIENCES, Lens

HEAD = """/** The wire's forms, events and commands. Made from the server's classes by `python -m hub.contract`. */

export type Id = string;
export type Instant = string;
export type Day = string;
export type Audience = keyof typeof AUDIENCES;
export type Lens = %(lenses)s;
export type Kind = %(kinds)s;

/** The lenses through which what has an audience is seen. */
export const AUDIENCES = %(audiences)s as const;

/** A thing's name in an event → the name of its list in a snapshot; the same where there is just one. */
export const THINGS = %(things)s as const;

export type ThingName = keyof typeof THINGS;

/** A place in a stream's log, as an event carries it. */
export interface Position {
  epoch: string;
  offset: number;
}

export interface WireEvent {
  name: string;
  at: Position | null;
  stream: string;
  room_id?: Id;
  /** Who really did it. */
  actor_id: Id | null;
  /** In whose name, where that is another's: the deed stands under this name. */
  on_behalf_of?: Id;
  /** The actor's name, where it can't be looked up among the people whom one sees. */
  actor_name?: string;
  recorded_at: Instant;
  [field: string]: unknown;
}
"""

IN_HEAD = {"Position", "WireEvent", "EventPlace", "Error", "Refused"}
"""What the head has already, or the browser."""


def typescript() -> str:
    """This is the whole module."""
    found = schemas()
    asked = {name: entry.command for name, entry in COMMANDS.items()} | ASKED
    commands = {command.__name__ for command in asked.values()}
    events = {event.__name__ for event in EVENTS.values()}
    head = {
        "lenses": _any_of(get_args(Lens)),
        "kinds": _any_of(get_args(Kind)),
        "audiences": _object({name: sorted(lenses) for name, lenses in AUDIENCES.items()}),
        "things": _object(THINGS),
    }
    fields = {
        "Commands": {name: found[command.__name__] for name, command in asked.items()},
        "Events": {name: found[event.__name__] for name, event in EVENTS.items()},
        "Reads": answers(),
    }
    return "\n".join(
        (
            HEAD % head,
            *(_interface(name, schema) for name, schema in found.items() if name not in commands | events | IN_HEAD),
            _by_name("Commands", "Every command's fields, by name, and the socket's own asks.", fields["Commands"]),
            "export type CommandName = keyof Commands;\n",
            _by_name("Events", "What every event carries, by name.", fields["Events"]),
            "export type EventName = keyof Events;\n",
            _by_name("Reads", "What every read of the HTTP API answers, by name.", fields["Reads"]),
        )
    )


def _any_of(values: Iterable[Any]) -> str:
    return " | ".join(map(json.dumps, values))


def _object(fields: Mapping[str, Any]) -> str:
    return "{\n" + "".join(f"  {name}: {json.dumps(value)},\n" for name, value in fields.items()) + "}"


def _interface(name: str, schema: Schema) -> str:
    doc = f"/** {schema['description'].partition(chr(10))[0]} */\n" if "description" in schema else ""
    return f"{doc}export interface {name} {_fields(schema, '')}\n"


def _by_name(name: str, doc: str, entries: dict[str, Schema]) -> str:
    lines = "".join(f"  {json.dumps(key)}: {_all_of(schema, '  ')};\n" for key, schema in entries.items())
    return f"/** {doc} */\nexport interface {name} {{\n{lines}}}\n"


def _all_of(schema: Schema, indent: str) -> str:
    parts: list[Schema] = schema.get("allOf", [schema])
    return " & ".join(_type(part) if "$ref" in part else _fields(part, indent) for part in parts)


def _fields(schema: Schema, indent: str) -> str:
    properties: dict[str, Schema] = schema.get("properties", {})
    if not properties:
        return "Record<string, never>"
    required = schema.get("required", [])
    lines = "".join(
        f"{indent}  {name}{'' if name in required else '?'}: {_type(field)};\n" for name, field in properties.items()
    )
    return f"{{\n{lines}{indent}}}"


_FORMATS = {"uuid": "Id", "date-time": "Instant", "date": "Day"}
_SIMPLE = {"integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_SAYS_NOTHING = {"title", "description", "default"}
"""What a schema has, too, that takes anything."""
_NAMED = {
    frozenset(AUDIENCES): "Audience",
    frozenset(get_args(Lens)): "Lens",
    frozenset(get_args(Kind)): "Kind",
}


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return _NAMED.get(frozenset(schema["enum"])) or _any_of(schema["enum"])
    if "anyOf" in schema:
        return _union([_type(part) for part in schema["anyOf"]])
    return _plain(schema)


def _union(types: list[str]) -> str:
    """One of several; where any text may stand, none is named."""
    named = (kind for kind in types if "string" not in types or not kind.startswith('"'))
    return " | ".join(dict.fromkeys(named))


def _plain(schema: Schema) -> str:
    kind: Any = schema.get("type")
    if kind == "array":
        inner = _type(schema["items"])
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    if kind == "object":
        extra = schema.get("additionalProperties")
        return f"Record<string, {_type(extra)}>" if isinstance(extra, dict) else "Record<string, unknown>"
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "string")
    if kind is None and not schema.keys() - _SAYS_NOTHING:
        return "unknown"
    return _SIMPLE[kind]
