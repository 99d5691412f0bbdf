"""Lenses: through what a person sees a room, and audiences: the sets of lenses that a thing is for.

In a room a person looks through exactly one lens. Which one follows from who they are; whether they see the room at
all follows from its members (``rooms.access``).
"""

from typing import Literal, get_args

from commands.needs import meets
from people.actors import Actor
from store.commands import Command
from store.errors import Forbidden, Invalid, _
from store.events import Audience

Lens = Literal["client", "staff", "manager"]

AUDIENCES: dict[Audience, frozenset[Lens]] = {
    "all": frozenset(get_args(Lens)),
    "team": frozenset(("staff", "manager")),
    "money": frozenset(("manager", "client")),
    "managers": frozenset(("manager",)),
}


def lens_of(actor: Actor) -> Lens:
    """This is the lens that a person looks through."""
    if actor.kind == "client":
        return "client"
    return "manager" if actor.may("invoicing") else "staff"


def may_ask(actor: Actor, command: type[Command]) -> bool:
    """Whether a command is for somebody in a room that they see: they hold what it needs, and it is for their lens."""
    return meets(actor, command) and (command.lenses is None or lens_of(actor) in AUDIENCES[command.lenses])


def must_ask(actor: Actor, command: type[Command], why: str = Forbidden.message) -> None:
    """Refuse a command, behind the door of its room, to whom it isn't for.

    Raises:
        Forbidden: they don't hold what it needs, or it isn't for their lens.
    """
    if not may_ask(actor, command):
        raise Forbidden(why)


def audiences_of(lens: Lens) -> list[Audience]:
    """These are the audiences that a lens belongs to."""
    return [audience for audience, lenses in AUDIENCES.items() if lens in lenses]


def for_the_team(audience: Audience) -> bool:
    """Whether clients see nothing of what has this audience."""
    return "client" not in AUDIENCES[audience]


def narrows(old: str, new: str) -> bool:
    """Whether somebody who saw a thing for the old audience does not for the new."""
    return not AUDIENCES[old] <= AUDIENCES[new]  # type: ignore[index]


def audience_for(lens: Lens, asked: Audience | None, default: Audience) -> Audience:
    """This is the audience of what someone writes: what a client writes is for all, the team may choose.

    Raises:
        Invalid: the audience asked for leaves out its own writer, or a client asks to leave out the team's.
    """
    if lens == "client":
        if asked not in (None, "all"):
            raise Invalid(fields={"audience": _("Everyone in the room sees what you write here.")})
        return "all"
    audience = asked or default
    if lens not in AUDIENCES[audience]:
        raise Invalid(fields={"audience": _("You wouldn't see this yourself.")})
    return audience
