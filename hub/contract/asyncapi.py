"""The socket as AsyncAPI 3.

Source: AsyncAPI Specification 3.0.0. Socket.IO has no binding there: a message's name is the Socket.IO event's, and a
reply is the acknowledgement.
"""

from typing import Any

from hub.contract.classes import ASKED, COMMANDS, EVENTS, Schema, described, schemas, sentence
from presence.forms import PresenceForm

KEY: Schema = {"type": "string", "minLength": 1, "maxLength": 200, "description": "An idempotency key."}


def asyncapi(version: str) -> dict[str, Any]:
    """This is the whole document."""
    messages = {**_asked(), **_commands(), **_events(), **_replies()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Atrium's live stream",
            "version": version,
            "description": (
                "Socket.IO (protocol 5, default namespace, WebSocket). Sign in by the session's cookie or by "
                "`auth: {token}`; with `person_id` in it, anyone else's session is refused. Every event has its place "
                "in its stream's log; a client keeps the last offset that it saw and enters again with `after`."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {"hub": {"host": "localhost:8000", "protocol": "wss", "pathname": "/socket.io/"}},
        "channels": {
            "socket": {
                "address": "/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": _operations(),
        "components": {"messages": messages, "schemas": schemas()},
    }


def _id(name: str) -> str:
    return name.replace(".", "_")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: dict[str, Schema], **optional: Schema) -> Schema:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def _asked() -> dict[str, Any]:
    return {
        _id(name): {"name": name, "summary": sentence(asked), "payload": _ref(asked.__name__)}
        for name, asked in ASKED.items()
    }


def _commands() -> dict[str, Any]:
    return {
        _id(name): {
            "name": name,
            "summary": described(entry.command)[0],
            "description": described(entry.command)[1],
            "payload": {"allOf": [_ref(entry.command.__name__), _object({}, key=KEY)]},
        }
        for name, entry in COMMANDS.items()
    }


def _events() -> dict[str, Any]:
    event_in_list = schemas()["WireEvent"]
    of_all = {name: field for name, field in event_in_list["properties"].items() if name != "name"}
    always = {name: of_all.pop(name) for name in event_in_list["required"] if name in of_all}
    envelope = _object(always, **of_all)
    return {
        _id(name): {
            "name": name,
            "summary": sentence(event),
            "payload": {"allOf": [envelope, _ref(event.__name__)]},
        }
        for name, event in EVENTS.items()
    }


def _replies() -> dict[str, Any]:
    done = _object({"ok": {"const": True}, "result": {}, "at": {"anyOf": [_ref("Position"), {"type": "null"}]}})
    of_streams = ("Snapshot", "ProcessSnapshot", "PersonSnapshot", "BusinessSnapshot", "InstallationSnapshot")
    snapshots: Schema = {"anyOf": [_ref(name) for name in of_streams]}
    entered = _object(
        {"ok": {"const": True}, "at": _ref("EventPlace")},
        process_at=_ref("Position")
        | {"description": "Of a room: its process's place. The process's events are in `events` too."},
        events={"type": "array", "items": {"type": "object"}},
        **{PresenceForm.things: {"type": "array", "items": _ref("Presence")}},
        snapshot=snapshots,
    )
    return {
        "done": {"name": "done", "summary": "It was done, or why not.", "payload": {"oneOf": [done, _ref("Refused")]}},
        "entered": {
            "name": "entered",
            "summary": "What was missed, or a snapshot, or why not.",
            "payload": {"oneOf": [entered, _ref("Refused")]},
        },
    }


def _operations() -> dict[str, Any]:
    channel = {"$ref": "#/channels/socket"}

    def message(name: str) -> dict[str, str]:
        return {"$ref": f"#/channels/socket/messages/{_id(name)}"}

    def reply(name: str) -> dict[str, Any]:
        return {"channel": channel, "messages": [message(name)]}

    asked = {
        _id(name): {
            "action": "receive",
            "channel": channel,
            "messages": [message(name)],
            "reply": reply("entered" if name.endswith("enter") else "done"),
        }
        for name in (*ASKED, *COMMANDS)
    }
    told = {f"tell_{_id(name)}": {"action": "send", "channel": channel, "messages": [message(name)]} for name in EVENTS}
    return {**asked, **told}
