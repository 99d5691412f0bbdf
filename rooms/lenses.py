"""Lenses: through what a person sees a room, and audiences: the sets of lenses that a thing is for.

In a room a person looks through exactly one lens. Which one follows from who they are; whether they see the room at
all follows from its members (``rooms.rooms``).
"""

from typing import Literal, get_args

from people.actors import Actor
from store.errors import Invalid, _
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


def audiences_of(lens: Lens) -> list[Audience]:
    """These are the audiences that a lens belongs to."""
    return [audience for audience, lenses in AUDIENCES.items() if lens in lenses]


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
            raise Invalid(fields={"audience": _("What you write here is seen by everyone in the room.")})
        return "all"
    audience = asked or default
    if lens not in AUDIENCES[audience]:
        raise Invalid(fields={"audience": _("You would not see this yourself.")})
    return audience
