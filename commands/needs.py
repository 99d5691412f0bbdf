"""Needs: what each command needs of whoever asks for it. Its class says so (``store.commands.Needs``), once: whoever
runs it, the page of permissions and the screens' buttons read it there.
"""

from people.actors import PERMISSIONS, Actor, Permission
from store.commands import All, Command, Needs
from store.errors import Forbidden


def needed(command: type[Command]) -> tuple[str, ...]:
    """These are all words of what a command needs."""
    return words_of(command.needs)


def words_of(needs: Needs | None) -> tuple[str, ...]:
    """These are the words of a need by themselves."""
    return (needs,) if isinstance(needs, str) else tuple(needs or ())


def opens(permission: Permission, command: type[Command]) -> bool:
    """Whether a permission opens a command, or more of it."""
    return permission in needed(command) or permission in command.widened_by


def meets(actor: Actor, command: type[Command]) -> bool:
    """Whether somebody holds, or is, what a command needs. A room's command asks for a lens too."""
    return met(actor, command.needs)


def met(actor: Actor, needs: Needs | None) -> bool:
    """Whether somebody holds, or is, what is needed: by a command, or by a page."""
    each = (_is(actor, need) for need in words_of(needs))
    return all(each) if isinstance(needs, All) else any(each)


def _is(actor: Actor, need: str) -> bool:
    match need:
        case "anyone":
            return True
        case "team":
            return actor.of_the_team
        case "admin" | "superadmin":
            return actor.kind == need
    return need in PERMISSIONS and actor.business_id is not None and actor.may(need)


def refused_to(command: type[Command]) -> str:
    """These are the words for whom a command is refused before its verb begins, for the documents of the API; empty
    where it is refused to nobody, or only behind a room's door."""
    if command.lenses or "anyone" in needed(command):
        return ""
    return (", or " if isinstance(command.needs, All) else ", and ").join(map(_without, sorted(needed(command))))


def _without(need: str) -> str:
    match need:
        case "team":
            return "the asker isn't of the team"
        case "admin" | "superadmin":
            return f"the asker isn't {'an' if need == 'admin' else 'a'} {need}"
    return f"the permission ``{need}`` isn't held"


def may_begin(actor: Actor, command: type[Command]) -> bool:
    """Whether a command's verb is begun for somebody. A room's always is, since nobody may learn that the room is there
    by being refused in it: its verb asks behind the room's door."""
    return command.lenses is not None or meets(actor, command)


def must_begin(actor: Actor, command: type[Command]) -> None:
    """Refuse a command before its verb begins to whom it is known not to be for.

    Raises:
        Forbidden: they don't hold, and aren't, what it needs.
    """
    if not may_begin(actor, command):
        raise Forbidden()
