"""The HTTP API as OpenAPI 3.1.

Source: OpenAPI Specification 3.1.1.
"""

from typing import Any

from pydantic import TypeAdapter

from commands.token_scopes import scope_of_command, scope_of_read
from hub.contract.asyncapi import ACTOR, ACTOR_NAME, ON_BEHALF_OF
from hub.contract.classes import COMMANDS, Schema, described, schemas
from people.tokens import SCOPES
from store.commands import Entry

JSON = "application/json"
SCOPES_SAY = (
    "The token of a session, or an API token (`atr_…`) that its person made. An API token may what its person may, "
    "narrowed to its scopes: `<area>:read` or `<area>:write`, which includes reading. `x-scope` names the scope of "
    "each command and read; null is for a person's own hands. What a scope doesn't cover is `403 scope_missing`, over "
    "HTTP and on the socket, where a room takes `rooms:read`, and the streams `account:read` (person), `people:read` "
    "(business) and `installation:read`."
)
"""What an API token may."""
ID: Schema = {"type": "string", "format": "uuid"}
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
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

WORK_SAYS = """\
The device's cookie, which is set too, opens nothing: wrong tries of whoever shows it later are counted apart from those
of strangers.

When too many tries for an account were wrong, one without that cookie is answered 429 with `error.challenge`: work for
one more try for this e-mail, good for ten minutes. It is a proof of work of ALTCHA, version 2, with scrypt: find the
counter, from 0 and below `parameters.data.most`, for which `scrypt(nonce + counter as 4 bytes, salt, N=cost,
r=memoryCost, p=1)` in hexadecimal (`derivedKey`) begins with `keyPrefix`. Ask again with `solution`: the Base64 of the
JSON `{"challenge": challenge, "solution": {"counter": counter, "derivedKey": derivedKey}}`. A 429 without a challenge
passes with time alone. Send `code` along where a second step is needed: a solution is good for one request."""


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
        "paths": {**_session(), **_commands(), **_scoped(_reads()), **_scoped(_files()), **_hub()},
        "components": {
            "schemas": schemas(),
            "responses": {
                str(status): {"description": text, "content": {JSON: {"schema": _ref("Refused")}}}
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


def _scoped(paths: dict[str, Any]) -> dict[str, Any]:
    """These are paths, each with the scope that an API token needs for it."""
    return {
        path: {method: {"x-scope": scope_of_read(path), **said} for method, said in item.items()}
        for path, item in paths.items()
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _refusals(*statuses: int) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _ok(**fields: Schema) -> dict[str, Any]:
    schema = _object({"ok": {"const": True}, **fields})
    return {"200": {"description": "Done.", "content": {JSON: {"schema": schema}}}}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _session() -> dict[str, Any]:
    credentials = _object({"email": TEXT, "password": TEXT}, {"code": TEXT, "solution": TEXT})
    person = _object({"id": ID, "name": TEXT, "kind": TEXT, "business_id": _or_null(ID)})
    return {
        "/api/v1/session": {
            "post": {
                "tags": ["session"],
                "operationId": "sign_in",
                "summary": "Sign in: sets the session's cookie.",
                "description": WORK_SAYS,
                "security": [],
                "requestBody": {"required": True, "content": {JSON: {"schema": credentials}}},
                "responses": {**_ok(person=person), **_refusals(400, 401, 413, 422, 429, 503)},
            },
            "get": {
                "tags": ["session"],
                "operationId": "who_am_i",
                "summary": "Who am I.",
                "responses": {**_ok(person=person), **_refusals(401, 503)},
            },
            "delete": {
                "tags": ["session"],
                "operationId": "sign_out",
                "summary": "Sign out.",
                "responses": {**_ok(), **_refusals(401, 503)},
            },
        }
    }


def _commands() -> dict[str, Any]:
    return {f"/api/v1/commands/{name}": {"post": _command(entry)} for name, entry in COMMANDS.items()}


def _command(entry: Entry) -> dict[str, Any]:
    summary, description = described(entry.command)
    result = TypeAdapter(entry.result).json_schema() if entry.result is type(None) else _ref(_result_name(entry))
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key with the same body gives the first answer again, within 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    }
    return {
        "tags": ["commands"],
        "operationId": entry.command.wire_name.replace(".", "_"),
        "summary": summary,
        "description": description,
        "parameters": [key],
        "x-scope": scope_of_command(entry.command),
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref(entry.command.__name__)}}},
        "responses": {
            **_ok(result=result, at=_or_null(_ref("Position"))),
            **_refusals(400, 401, 403, 404, 409, 413, 422, 429, 503),
        },
    }


def _result_name(entry: Entry) -> str:
    name: str = entry.result.__name__
    return name if name == "FileForm" else name.removesuffix("Form")


def _reads() -> dict[str, Any]:
    event = {
        "type": "object",
        "description": "An event: its name, its place, and the things that it changed (see the AsyncAPI document).",
        "properties": {
            "name": TEXT,
            "at": _or_null(_object({"epoch": TEXT, "offset": NUMBER})),
            "stream": TEXT,
            "room_id": ID,
            "actor_id": ACTOR,
            "on_behalf_of": ON_BEHALF_OF,
            "actor_name": ACTOR_NAME,
            "recorded_at": MOMENT,
        },
        "required": ["name", "at", "stream", "recorded_at"],
    }
    found = _object({"kind": TEXT, "title": TEXT, "detail": TEXT, "url": TEXT})
    snapshot = {"allOf": [_ref("Snapshot"), _object({"ok": {"const": True}, "at": _ref("Position")})]}
    room = {"room_id": ID}
    page = {"limit": NUMBER}
    return {
        "/api/v1/rooms": _read(
            "rooms",
            "Rooms that I may see, the newest first; `after` is the last one's id.",
            query={
                "process": TEXT, "archived": FLAG, "q": TEXT, "company_id": ID, "stage_id": ID, "mine": FLAG,
                "after": ID, **page,
            },
            rooms=_list(_ref("Room")),
            after=_or_null(ID),
        ),
        "/api/v1/rooms/{room_id}": {
            "get": {
                "tags": ["reads"],
                "operationId": "room",
                "summary": "A snapshot of a room, with its place in the log.",
                "parameters": _parameters(room, {}),
                "responses": {
                    "200": {"description": "Done.", "content": {JSON: {"schema": snapshot}}},
                    **_refusals(401, 404, 503),
                },
            }
        },
        "/api/v1/rooms/{room_id}/events": _read(
            "room_events",
            "The log after an offset, oldest first, as my lens shows it: fewer events than `limit` where they are "
            "large. While there are `more`, go on from `at`; 409 `gap` when it can't be continued.",
            path=room,
            query={"epoch": TEXT, "after": NUMBER, **page},
            refusals=(401, 404, 409, 422, 503),
            events=_list(event),
            at=_ref("Position"),
            more=FLAG,
        ),
        "/api/v1/rooms/{room_id}/messages": _read(
            "room_messages",
            "Messages before one of them, or the latest, the oldest first: fewer than `limit` where they are large.",
            path=room,
            query={"before": ID, **page}, messages=_list(_ref("Message")), earlier=FLAG,
        ),
        "/api/v1/rooms/{room_id}/tasks/{task_id}": _read(
            "task", "A task with its description, however long.", path=room | {"task_id": ID},
            refusals=(401, 404, 503), task=_ref("Task"),
        ),
        "/api/v1/rooms/{room_id}/entries": _read(
            "room_entries", "Time entries that reach into a span of time; how long was worked in it.", path=room,
            query={"from": MOMENT, "to": MOMENT}, entries=_list(_ref("Entry")), seconds=NUMBER,
        ),
        "/api/v1/rooms/{room_id}/timeline": _read(
            "room_timeline", "What happened in a room, the newest first: fewer than `limit` where it is large.",
            path=room, query={"before": NUMBER, "names": TEXT, "person_id": ID, **page}, events=_list(event),
            earlier=FLAG,
        ),
        "/api/v1/people": _read(
            "people", "The business's people, for its team.", refusals=(401, 403, 503),
            people=_list(_ref("Person") | {}),
        ),
        "/api/v1/companies": _read(
            "companies", "The business's companies, for its team.", refusals=(401, 403, 503),
            companies=_list(_ref("Company")),
        ),
        "/api/v1/people/{person_id}/card": _read(
            "card", "Someone's card; what is encrypted of it under a reading of the asker's, from `card.read`.",
            path={"person_id": ID}, query={"reading": ID}, refusals=(401, 403, 404, 422, 503), card={"type": "object"},
        ),
        "/api/v1/departments": _read(
            "departments", "The business's departments with their people, for its team.", refusals=(401, 404, 503),
            departments=_list(_ref("Department")),
        ),
        "/api/v1/absences": _read(
            "absences", "Who of the team is away, or will be soon, for the team.", refusals=(401, 404, 503),
            absences=_list(_ref("Absence")),
        ),
        "/api/v1/sessions": _read(
            "sessions", "My own sign-ins, and the browsers that are known as mine.", refusals=(401, 503),
            sessions=_list(_ref("Session")), devices=_list(_ref("Device")),
        ),
        "/api/v1/search": _read(
            "search",
            "Rooms, people, companies, tasks, files and messages by their words. Where a business lets its staff find "
            "what is closed to them: the names of that too, and whom to ask.",
            query={"q": TEXT}, results=_list(found),
            closed=_list(_object({"kind": {"enum": ["room", "client"]}, "title": TEXT})), ask=_list(TEXT),
        ),
    }  # fmt: skip


def _read(
    name: str,
    summary: str,
    *,
    path: dict[str, Schema] | None = None,
    query: dict[str, Schema] | None = None,
    refusals: tuple[int, ...] = (401, 404, 422, 503),
    **fields: Schema,
) -> dict[str, Any]:
    return {
        "get": {
            "tags": ["reads"],
            "operationId": name,
            "summary": summary,
            "parameters": _parameters(path or {}, query or {}),
            "responses": {**_ok(**fields), **_refusals(*refusals)},
        }
    }


def _parameters(path: dict[str, Schema], query: dict[str, Schema]) -> list[dict[str, Any]]:
    return [
        *({"name": name, "in": "path", "required": True, "schema": schema} for name, schema in path.items()),
        *({"name": name, "in": "query", "schema": schema} for name, schema in query.items()),
    ]


def _files() -> dict[str, Any]:
    upload = _parameters({"upload_id": ID}, {})
    offset = {"Upload-Offset": {"schema": NUMBER}}
    version = {"name": "Tus-Resumable", "in": "header", "required": True, "schema": {"const": "1.0.0"}}
    return {
        "/api/v1/uploads": {
            "post": {
                "tags": ["files"],
                "operationId": "create_upload",
                "summary": "Begin an upload; `Location` says where to send it. The file's id is the upload's.",
                "parameters": [
                    version,
                    {"name": "Upload-Length", "in": "header", "required": True, "schema": NUMBER},
                    {
                        "name": "Upload-Metadata",
                        "in": "header",
                        "required": True,
                        "description": "room_id, filename, and if wanted audience and task_id, as tus encodes them.",
                        "schema": TEXT,
                    },
                ],
                "responses": {
                    "201": {"description": "Begun.", "headers": {"Location": {"schema": TEXT}}},
                    **_refusals(400, 401, 403, 404, 409, 413, 422, 429, 503),
                },
            }
        },
        "/api/v1/uploads/{upload_id}": {
            "head": {
                "tags": ["files"],
                "operationId": "upload_offset",
                "summary": "How much of an upload has arrived.",
                "parameters": [*upload, version],
                "responses": {"200": {"description": "So much.", "headers": offset}, **_refusals(401, 404, 503)},
            },
            "patch": {
                "tags": ["files"],
                "operationId": "continue_upload",
                "summary": "Send more of an upload. With the last byte the file appears, whole.",
                "parameters": [
                    *upload, version, {"name": "Upload-Offset", "in": "header", "required": True, "schema": NUMBER},
                ],
                "requestBody": {"required": True, "content": {"application/offset+octet-stream": {}}},
                "responses": {
                    "204": {"description": "Taken.", "headers": offset},
                    **_refusals(400, 401, 403, 404, 409, 413, 429, 503),
                },
            },
            "delete": {
                "tags": ["files"],
                "operationId": "drop_upload",
                "summary": "Give an upload up.",
                "parameters": [*upload, version],
                "responses": {"204": {"description": "Gone."}, **_refusals(401, 404, 503)},
            },
        },
        "/files/{file_id}/{name}": {
            "get": {
                "tags": ["files"],
                "operationId": "download",
                "summary": "Download a file, whole or by Range.",
                "parameters": _parameters({"file_id": ID, "name": TEXT}, {}),
                "responses": {
                    "200": {"description": "The file.", "content": {"*/*": {}}},
                    "206": {"description": "The part asked for.", "content": {"*/*": {}}},
                    "416": {"description": "There is no such part."},
                    **_refusals(401, 404, 503),
                },
            }
        },
        "/files/{file_id}/preview": {
            "get": {
                "tags": ["files"],
                "operationId": "preview",
                "summary": "A small picture of an image.",
                "parameters": _parameters({"file_id": ID}, {}),
                "responses": {
                    "200": {"description": "The picture.", "content": {"image/webp": {}}},
                    **_refusals(401, 404, 503),
                },
            }
        },
    }  # fmt: skip


def _hub() -> dict[str, Any]:
    plain = {"200": {"description": "So it is."}}
    return {
        "/healthz": _state("healthz", "Whether the hub lives.", plain),
        "/readyz": _state("readyz", "Whether the hub can serve.", {**plain, "503": {"description": "Not now."}}),
        "/metrics": _state("metrics", "Figures, as Prometheus reads them.", plain),
    }


def _state(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"tags": ["hub"], "operationId": name, "summary": summary, "security": [], "responses": responses}}
