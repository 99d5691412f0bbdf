"""The reads of the HTTP API, as OpenAPI has them: each as it is declared."""

from typing import Any

from hub.contract.classes import Schema, answers, asked_with
from hub.parts import READS
from store.reads import Read
from web.api import PLACE
from web.openapi import Paths, done, fields, operation, refusals

OK = fields({"ok": {"const": True}})


def reads() -> Paths:
    """These are all reads, by path."""
    drawn = answers()
    by_path = sorted(READS, key=lambda read: read.path)
    return {PLACE + read.path: {"get": _read(read, drawn[read.name])} for read in by_path}


def _read(read: Read, answer: Schema) -> Schema:
    return operation(
        "reads",
        read.name,
        read.doc,
        done(_with_ok(answer)) | refusals(*_statuses(read)),
        scope=read.scope,
        parameters=_parameters(read),
    )


def _with_ok(answer: Schema) -> Schema:
    if "properties" not in answer:
        return {"allOf": [*answer["allOf"], OK]}
    return fields(OK["properties"] | {name: answer["properties"][name] for name in answer["required"]})


def _statuses(read: Read) -> list[int]:
    unfit = {422} if read.in_query else set()
    return sorted({401, 503} | unfit | {refusal.status for refusal in read.refuses})


def _parameters(read: Read) -> list[Schema]:
    if read.query is None:
        return []
    drawn = asked_with(read.query)
    in_path = [{"name": name, "in": "path", "required": True, "schema": drawn[name]} for name in read.in_path]
    return in_path + [_in_query(name, drawn[name]) for name in read.in_query]


def _in_query(name: str, schema: Schema) -> dict[str, Any]:
    """What isn't said is as if not there: there is no null in an address."""
    said = next((part for part in schema.get("anyOf", ()) if part != {"type": "null"}), schema)
    kept = {key: value for key, value in said.items() if key != "default"}
    default = {"default": schema["default"]} if schema.get("default") else {}
    return {"name": name, "in": "query", "schema": kept | default}
