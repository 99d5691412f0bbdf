"""The HTTP API as OpenAPI 3.1.

Source: OpenAPI Specification 3.1.1.
"""

from typing import Any

from pydantic import TypeAdapter

from commands.token_scopes import STREAMS, scope_of_command
from hub.contract.classes import COMMANDS, called, described, schemas
from hub.contract.reads import reads
from people.signing.tokens import SCOPES
from store.commands import ListedCommand
from web import api, downloads, health, uploads
from web.openapi import JSON, ok, operation, or_null, ref, refusals

SCOPES_SAY = (
    "The token of a session, or an API token (`atr_…`) that its person made. An API token may what its person may, "
    "narrowed to its scopes: `<area>:read` or `<area>:write`, which includes reading. `x-scope` names the scope of "
    "each command and read; null is for a person's own hands. What a scope doesn't cover is `403 scope_missing`, over "
    "HTTP and on the socket, where a room takes `rooms:read`, and the other streams "
    f"{', '.join(f'`{scope}` ({stream})' for stream, scope in STREAMS.items())}."
)
"""What an API token may."""
REFUSALS = {
    400: "It can't be read.",
    401: "Nobody known asks.",
    403: "It isn't allowed.",
    404: "It isn't there, or isn't yours.",
    409: "It can't be done as things are.",
    413: "It is too large.",
    422: "A field can't be so; `fields` names it.",
    429: "Too much at once; `Retry-After` says how long to wait.",
    503: "The database can't be reached, and nothing was changed; or there is too much to do just now: `overloaded`.",
}


def openapi(version: str) -> dict[str, Any]:
    """This is the whole document."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Atrium",
            "version": version,
            "description": "Every project is a live room, and every room is one ordered log.",
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}, {"bearer": []}],
        "tags": [
            {"name": "session", "description": "Signing in and out."},
            {"name": "commands", "description": "Asking for changes; the same over the socket."},
            {"name": "reads", "description": "Reading what one may see."},
            {"name": "files", "description": "Uploading (tus 1.0.0) and downloading files."},
            {"name": "hub", "description": "How the hub itself is."},
        ],
        "paths": {
            **api.DESCRIBED,
            **_commands(),
            **reads(),
            **uploads.DESCRIBED,
            **downloads.DESCRIBED,
            **health.DESCRIBED,
        },
        "components": {
            "schemas": schemas(),
            "responses": {
                str(status): {"description": text, "content": {JSON: {"schema": ref("Refused")}}}
                for status, text in REFUSALS.items()
            },
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "__Host-hub_session",
                    "description": "Over plain http, as on one's own machine, it is named hub_session.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": SCOPES_SAY,
                    "x-scopes": list(SCOPES),
                },
            },
        },
    }


def _commands() -> dict[str, Any]:
    return {f"/api/v1/commands/{name}": {"post": _command(entry)} for name, entry in COMMANDS.items()}


def _command(entry: ListedCommand) -> dict[str, Any]:
    summary, description = described(entry.command)
    result = (
        TypeAdapter(entry.result).json_schema() if entry.result is type(None) else ref(called(entry.result.__name__))
    )
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same body gives the first answer again, within 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    }
    person = {
        "name": "Atrium-Person",
        "in": "header",
        "description": "For whom a window was drawn: anyone else's session is refused (`not_signed_in`).",
        "schema": {"type": "string", "format": "uuid"},
    }
    return operation(
        "commands",
        entry.command.wire_name.replace(".", "_"),
        summary,
        ok(result=result, at=or_null(ref("Position"))) | refusals(400, 401, 403, 404, 409, 413, 422, 429, 503),
        scope=scope_of_command(entry.command),
        description=description,
        parameters=[key, person],
        requestBody={"required": True, "content": {JSON: {"schema": ref(entry.command.__name__)}}},
    )
