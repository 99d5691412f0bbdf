"""What someone may do in a room, as names of commands: for screens, so that they offer only what will be done.

Each command says what it needs and for which lens it is; the verbs decide about its rows.
"""

from functools import lru_cache
from uuid import UUID

from people.actors import Actor
from people.hands import may_be_done
from rooms.lenses import may_ask
from rooms.rooms import RestoreRoom
from store.commands import Command

_ANYONE = UUID(int=0)


def rights_in(actor: Actor, *, archived: bool) -> list[str]:
    """These are the commands that someone may give in a room that they see, and those that it offers. An archived one
    is restored, no more."""
    return list(_rights(_anyone_like(actor), archived))


def _anyone_like(actor: Actor) -> Actor:
    """Whoever has the same that rights hang on: what is theirs is found once for all of them."""
    return Actor(
        id=_ANYONE,
        kind=actor.kind,
        business_id=actor.business_id and _ANYONE,
        name="",
        permissions=actor.permissions,
        impersonator_id=actor.impersonator_id and _ANYONE,
    )


@lru_cache(1_000)
def _rights(actor: Actor, archived: bool) -> list[str]:
    return sorted(
        command.wire_name
        for command in Command.registry.values()
        if (command.lenses is not None or command.offered_in_rooms)
        and (command is RestoreRoom) == archived
        and may_ask(actor, command)
        and may_be_done(actor, command)
    )
