"""Token scopes: which one each command and ask of a socket takes of an API token. A command's class says its area;
where there is none, no token may ask."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from people.actors import Actor
from people.hands import may_a_program
from people.signing.tokens import must_cover
from store.commands import Command

STREAMS = {
    "process": "rooms:read",
    "person": "account:read",
    "business": "people:read",
    "installation": "installation:read",
}


def scope_of_command(command: type[Command], fields: Mapping[str, Any] = MappingProxyType({})) -> str | None:
    """This is the scope that a command with these fields takes; None where no token may."""
    return f"{command.area}:write" if command.area and may_a_program(command, fields) else None


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
