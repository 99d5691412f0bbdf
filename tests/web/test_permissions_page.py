"""What commands say that they need, and are widened by, is what is asked for before they are refused; the page of
permissions says so."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from hub.contract.classes import COMMANDS
from people.actors import Actor
from store.errors import Forbidden, Refusal
from tests.hub.agencies import Agency, Person
from tests.people.cases import CASES
from tests.people.installations import open_installed
from tests.people.offices import Office
from tests.rooms.cases import CASES as IN_ROOMS
from tests.rooms.scenes import Scene, set_scene
from tests.stages import staged
from web.words.permissions import PERMITS, opened

SIGHT = {"lens_of", "sees_all"}
"""Where it is asked what someone sees, not what they may do."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The permissions that were asked for, in order."""
    found: list[str] = []
    may = Actor.may

    def listening(self: Actor, permission: Any) -> bool:
        if not SIGHT & set(_callers()):
            found.append(permission)
        return may(self, permission)

    monkeypatch.setattr(Actor, "may", listening)
    return found


def _callers() -> Iterator[str]:
    frame = sys._getframe(2)
    for _depth in range(2):
        yield frame.f_code.co_name
        if frame.f_back is None:
            return
        frame = frame.f_back


scene = staged(set_scene)
office = staged(open_installed)


OPENED = opened(entry.command for entry in COMMANDS.values())
SIGHT_ONLY = {"invoicing"}
"""Permissions by which one sees more, and does nothing more."""


def test_a_permission_that_opens_nothing_promises_nothing() -> None:
    for permission, permit in PERMITS.items():
        assert permit.text.startswith("Nothing yet") == (not permit.opens), permission
        assert bool(permit.opens) == bool(OPENED[permission] or permission in SIGHT_ONLY), permission


def said_of(command: str) -> set[str]:
    return {permission for permission, names in OPENED.items() if command in names}


async def test_of_commands_about_people(office: Office, asked: list[str]) -> None:
    needed: dict[str, set[str]] = {}
    for case in CASES:
        fields = case.fields(office)
        needed.setdefault(case.name, set()).update(await _needed(office.agency, office.agency.ana, asked, case, fields))
        with suppress(Refusal):
            await office.agency.commands.run(office.person(case.by).actor, case.name, fields)
    assert not (wrong := _wrong(needed)), "\n".join(wrong)


async def test_of_commands_in_rooms(scene: Scene, asked: list[str]) -> None:
    needed: dict[str, set[str]] = {}
    for case in IN_ROOMS:
        with suppress(Refusal):
            await case.before(scene)
            fields = case.fields(scene)
            needed.setdefault(case.name, set()).update(
                await _needed(scene.agency, scene.agency.mihai, asked, case, fields)
            )
    assert not (wrong := _wrong(needed)), "\n".join(wrong)


async def _needed(agency: Agency, plain: Person, asked: list[str], case: Any, fields: dict[str, Any]) -> set[str]:
    """What was asked for before somebody who holds nothing was refused."""
    asked.clear()
    try:
        await agency.commands.run(plain.actor, case.name, fields)
    except Forbidden:
        return set(asked)
    except Refusal:
        pass
    return set()


def _wrong(needed: dict[str, set[str]]) -> list[str]:
    """The commands of which its class says something else than what they ask for. Verbs stop at the first permission
    that is missing, and some ask for one only to see how to answer."""
    return [
        f"{name} asks for {sorted(found)}, its class says {sorted(said_of(name))}"
        for name, found in sorted(needed.items())
        if found and not (said_of(name) and (said_of(name) <= found or found <= said_of(name)))
    ]
