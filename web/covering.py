"""Covering: which scope of an API token each command, read and ask of a socket takes. What isn't here, no token may."""

from collections.abc import Mapping
from typing import Any

from people.actors import Actor
from people.tokens import Area, must_cover

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
"""The nouns of the commands, by area."""

OTHERWISE: dict[str, Area | None] = {
    "business.open": "installation",
    "business.move": "installation",
    "business.delete": "installation",
    "business.enter": None,
    "person.add": None,
    "person.reactivate": None,
    "person.unlock": None,
    "person.promote": None,
    "person.demote": None,
}
"""Commands that go by their own names; None are those that no token may."""

NEVER = frozenset(
    {
        "admin", "all_sessions", "api_token", "authenticator", "calendar_feed", "device", "domain", "email", "factors",
        "identity", "impersonation", "impersonations", "installation", "installation_policy", "invitation_link",
        "mail_settings", "other_sessions", "passkey", "password", "provider", "recovery_codes", "registration", "reset",
        "role", "session", "sign_in_policy",
    }
)  # fmt: skip
"""The nouns of how one signs in, of who acts for whom, and of what gives rights or the ways to them, such as letters
with links: for a person's own hands."""

RIGHTS = dict.fromkeys(("person.invite", "person.change"), ("role_id", "permissions", "company_id", "company_ids"))
"""Fields by which a command gives rights; without them a token may have it run."""

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


def scope_of_command(name: str) -> str | None:
    """This is the scope that a command takes; None where no token may."""
    area = OTHERWISE[name] if name in OTHERWISE else _area_of(name.partition(".")[0])
    return None if area is None else f"{area}:write"


def _area_of(noun: str) -> Area | None:
    return next((area for area, nouns in NOUNS.items() if noun in nouns), None)


def must_cover_command(actor: Actor, name: str, fields: Mapping[str, Any]) -> None:
    """Refuse a command that a program's token doesn't cover, or that would give somebody rights.

    Raises:
        ScopeMissing: it doesn't.
    """
    if actor.scopes is not None:
        must_cover(actor, None if _gives_rights(name, fields) else scope_of_command(name))


def _gives_rights(name: str, fields: Mapping[str, Any]) -> bool:
    given = RIGHTS.get(name)
    return given is not None and (fields.get("kind") == "admin" or any(fields.get(field) for field in given))


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
