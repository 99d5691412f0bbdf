"""Hands: in whose a command may be. One's own are the widest; who acts as somebody, and a program, may less.

What a command touches it says itself (``store.commands.Touches``). ``rights`` and ``sign_in`` are in neither set below:
they take the hands of the person themselves, and so does a command that says nothing.
"""

from collections.abc import Mapping
from typing import Any

from people.actors import Actor
from store.commands import Command, Touches
from store.errors import Forbidden, _

IN_ANOTHERS_NAME: frozenset[Touches | None] = frozenset({"work", "session"})
"""What a superadmin who acts as somebody may touch.

``session``, which no program may, since it is how they stop. ``membership``, ``entry`` and ``opinion``, which a program
may, aren't here: the person chose their program's scopes, but nobody asked them who is let in by their name, or what
they think. ``installation``: they run it under their own.
"""
BY_A_PROGRAM: frozenset[Touches | None] = frozenset({"work", "opinion", "membership", "entry", "installation"})
"""What a program may touch by a token that its person made, if one of its scopes covers it. A token has no
``session``."""


class NotInAnothersName(Forbidden):
    code = "not_in_anothers_name"
    message = _("You can't do this while acting as someone else. Stop acting as them first.")


class OwnHandsOnly(Forbidden):
    code = "own_hands_only"
    message = _("Only the person themselves can do this, signed in with a browser.")


def own_hands(actor: Actor) -> None:
    """Refuse what is no command, and concerns how someone signs in, to whoever acts for them.

    Raises:
        NotInAnothersName: a superadmin does.
        OwnHandsOnly: a program with a token does.
    """
    if actor.impersonator_id is not None:
        raise NotInAnothersName()
    if actor.scopes is not None:
        raise OwnHandsOnly()


def must_be_ones_own(actor: Actor, command: type[Command], fields: Mapping[str, Any]) -> None:
    """Refuse to whoever acts as somebody a command that may not be in their hands.

    Raises:
        NotInAnothersName: it is such.
    """
    if actor.impersonator_id is not None and not command.touched(fields) <= IN_ANOTHERS_NAME:
        raise NotInAnothersName()


def may_be_done(actor: Actor | None, command: type[Command] | None, *fields: str) -> bool:
    """Whether somebody may ask for a command, and fill in these of its fields, in the name that they do it in."""
    if actor is None or actor.impersonator_id is None:
        return True
    return command is not None and {command.touches, *map(command.fields_touch.get, fields)} <= IN_ANOTHERS_NAME


def may_a_program(command: type[Command], fields: Mapping[str, Any]) -> bool:
    """Whether a command may be in a program's hands at all."""
    return command.touched(fields) <= BY_A_PROGRAM
