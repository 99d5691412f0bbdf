"""How what is no read and no command is described in the OpenAPI document, beside its route."""

from typing import Any

from people.signing.tokens import ANY

Schema = dict[str, Any]
Paths = dict[str, dict[str, Any]]
"""Operations by path and method, as OpenAPI 3.1.1 has them."""

JSON = "application/json"
ID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}


def operation(
    tag: str, name: str, summary: str, responses: dict[str, Any], *, scope: str | None = ANY, **more: Any
) -> Schema:
    """This is an operation. Its scope is what an API token takes for it; None where no token may, ANY where all may."""
    said = {} if scope == ANY else {"x-scope": scope}
    return {**said, "tags": [tag], "operationId": name, "summary": summary, **more, "responses": responses}


def ref(name: str) -> Schema:
    """This is one of the contract's schemas, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def fields(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """This is an object's schema."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def done(schema: Schema) -> dict[str, Any]:
    """This is the response where all is well: an object, with ``ok`` in it."""
    return {"200": {"description": "Done.", "content": {JSON: {"schema": schema}}}}


def ok(**of: Schema) -> dict[str, Any]:
    """This is the response where all is well, by its fields."""
    return done(fields({"ok": {"const": True}, **of}))


def refusals(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def in_path(**schemas: Schema) -> list[Schema]:
    """These are parameters that stand in the path."""
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in schemas.items()]


def header(name: str, schema: Schema, **more: Any) -> Schema:
    """This is a header that has to be sent."""
    return {"name": name, "in": "header", "required": True, **more, "schema": schema}
