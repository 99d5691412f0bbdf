"""Token scopes: which one each command and ask of a socket takes of an API token. What is not here, none may."""

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


def must_cover_stream(actor: Actor, stream: str | None) -> None:
    """Refuse to let a program hear a stream, or a room where there is none, that its token doesn't cover.

    Raises:
        ScopeMissing: it doesn't.
    """
    if actor.scopes is not None:
        must_cover(actor, "rooms:read" if stream is None else STREAMS.get(stream))
