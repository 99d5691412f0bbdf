"""Token scopes: which one each command, read and ask of a socket takes of an API token. What is not here, none may."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from people.actors import Actor
from people.hands import may_a_program
from people.tokens import Area, must_cover
from store.commands import Command

NOUNS: dict[Area, frozenset[str]] = {
    "rooms": frozenset({"room", "member", "message", "mentions", "task", "timer", "file", "process", "stage"}),
    "people": frozenset(
        {
            "person", "invitation", "department", "department_member", "employee", "employee_status", "card",
        }
    ),
    "companies": frozenset({"company", "company_note", "contact", "client", "service", "subscription"}),
    "leave": frozenset(
        {
            "leave", "leave_allowance", "leave_allowances", "leave_kind", "holiday", "working_day", "calendar",
            "employee_week",
        }
    ),
    "business": frozenset({"business", "logo", "checklist", "meetings_key"}),
    "account": frozenset({"account"}),
    "installation": frozenset(
        {
            "language", "wording", "wordings", "update", "letter", "test_letter", "quota",
        }
    ),
}  # fmt: skip
"""The nouns of the commands, by area. Which of them a program may ask for at all, each command says itself."""

OTHERWISE: dict[str, Area] = {"business.open": "installation", "business.move": "installation"}
"""Commands that go by their own names."""

READS: tuple[tuple[str, str], ...] = (
    ("/api/v1/rooms", "rooms:read"),
    ("/api/v1/search", "rooms:read"),
    ("/api/v1/uploads", "rooms:write"),
    ("/files/", "rooms:read"),
    ("/api/v1/people", "people:read"),
    ("/api/v1/departments", "people:read"),
    ("/api/v1/companies", "companies:read"),
    ("/api/v1/absences", "leave:read"),
)
STREAMS = {"person": "account:read", "business": "people:read", "installation": "installation:read"}


def scope_of_command(command: type[Command], fields: Mapping[str, Any] = MappingProxyType({})) -> str | None:
    """This is the scope that a command with these fields takes; None where no token may."""
    area = OTHERWISE.get(command.wire_name) or _area_of(command.wire_name.partition(".")[0])
    return f"{area}:write" if area and may_a_program(command, fields) else None


def _area_of(noun: str) -> Area | None:
    return next((area for area, nouns in NOUNS.items() if noun in nouns), None)


def must_cover_command(actor: Actor, command: type[Command], fields: Mapping[str, Any]) -> None:
    """Refuse a command that a program's token doesn't cover, or that takes its person's own hands.

    Raises:
        ScopeMissing: it doesn't.
    """
    if actor.scopes is not None:
        must_cover(actor, scope_of_command(command, fields))


def must_cover_request(actor: Actor, method: str, path: str) -> None:
    """Refuse a request that a program's token doesn't cover. A command is looked at when it is run.

    Raises:
        ScopeMissing: it doesn't.
    """
    if actor.scopes is None or path.startswith("/api/v1/commands/") or (method, path) == ("GET", "/api/v1/session"):
        return
    must_cover(actor, scope_of_read(path))


def scope_of_read(path: str) -> str | None:
    """This is the scope that a path takes; None where no token may."""
    return next((scope for start, scope in READS if _begins(path, start)), None)


def _begins(path: str, start: str) -> bool:
    return path == start or path.startswith(start if start.endswith("/") else f"{start}/")


def must_cover_stream(actor: Actor, stream: str | None) -> None:
    """Refuse to let a program hear a stream, or a room where there is none, that its token doesn't cover.

    Raises:
        ScopeMissing: it doesn't.
    """
    if actor.scopes is not None:
        must_cover(actor, "rooms:read" if stream is None else STREAMS.get(stream))
