"""What a command needs is said by its class: all of them say it, in words that are known."""

from typing import get_args
from uuid import uuid4

import pytest

from commands.needs import may_begin, meets, must_begin, needed
from hub.contract.classes import COMMANDS
from people.actors import PERMISSIONS, Actor, Kind
from people.hands import BY_A_PROGRAM
from people.signing.tokens import AREAS
from store.commands import All, Command
from store.errors import Forbidden

BUSINESS = uuid4()
KINDS = ("anyone", "team", "admin", "superadmin")
"""What a command may need beside permissions: to be somebody who is signed in, of the team, or of a kind."""


def of_kind(kind: Kind, *permissions: str) -> Actor:
    business_id = None if kind == "superadmin" else BUSINESS
    return Actor(uuid4(), kind, business_id, "Ana", permissions=frozenset(permissions))


def test_every_command_says_what_it_needs() -> None:
    for name, entry in COMMANDS.items():
        assert needed(entry.command), name
        assert set(needed(entry.command)) <= {*KINDS, *PERMISSIONS}, name
        assert set(entry.command.widened_by) <= set(PERMISSIONS), name


def test_a_command_has_an_area_where_a_program_may_ask_for_it() -> None:
    for name, entry in COMMANDS.items():
        assert (entry.command.area in AREAS) is (entry.command.touches in BY_A_PROGRAM), name


class ShutDoors(Command):
    pass


class OpenWindows(Command, needs="anyone"):
    pass


class CountChairs(Command, needs="team"):
    pass


class CountCoins(Command, needs=("admin", "superadmin")):
    pass


class HireBakers(Command, needs="staff"):
    pass


class SellBread(Command, needs=("clients", "superadmin")):
    pass


class SwapAprons(Command, needs=All(("clients", "staff"))):
    pass


class ShareBread(Command, needs="projects", lens="all"):
    pass


EVERYONE = {kind: of_kind(kind) for kind in get_args(Kind)}
EVERYONE |= {permission: of_kind("staff", permission) for permission in ("clients", "staff", "projects")}
EVERYONE["both"] = of_kind("staff", "clients", "staff")


@pytest.mark.parametrize(
    ("command", "met_by"),
    [
        (ShutDoors, ""),
        (OpenWindows, "superadmin admin staff client clients projects both"),
        (CountChairs, "admin staff clients projects both"),
        (CountCoins, "admin superadmin"),
        (HireBakers, "admin staff both"),
        (SellBread, "admin superadmin clients both"),
        (SwapAprons, "admin both"),
    ],
)
def test_who_meets_what_a_command_needs(command: type[Command], met_by: str) -> None:
    for name, actor in EVERYONE.items():
        met = name in met_by.split()
        assert meets(actor, command) is met, name
        assert may_begin(actor, command) is met, name
        if not met:
            with pytest.raises(Forbidden):
                must_begin(actor, command)


def test_a_rooms_command_is_answered_behind_the_rooms_door() -> None:
    assert not meets(EVERYONE["staff"], ShareBread)
    assert may_begin(EVERYONE["staff"], ShareBread)
