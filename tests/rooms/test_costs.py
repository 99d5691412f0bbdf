"""What one person sends costs the others nothing: no text that a field takes holds the loop longer than plain words do.

In processor time of the loop's thread, beside an ordinary text of the same length: sandboxes and PostgreSQL work
elsewhere, and a busy machine changes neither.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from hub.contract.classes import COMMANDS
from people.passwords import check_password
from rooms.drawing import SHORT, is_quick
from rooms.markdown import draw
from store.errors import Refusal
from tests.costs import cost, cost_awaited, must_cost_at_most
from tests.people.cases import CASES as OF_PEOPLE
from tests.people.installations import installed
from tests.people.offices import open_office
from tests.rooms.cases import CASES as IN_ROOMS
from tests.rooms.cases import Case, person
from tests.rooms.scenes import Scene
from tests.rooms.shapes import costly_shapes
from web.happenings import plain


def _ordinary(length: int) -> str:
    return ("atât de multe **de spus** @altora și despre `asta` " * (length // 48 + 1))[:length]


LONG = 1_000
"""A field that takes fewer letters can't cost much."""
TIMES = 10
USUAL_SECONDS = cost(lambda: draw(_ordinary(SHORT)))
"""What it takes to draw an ordinary text."""


def long_fields(name: str) -> dict[str, int]:
    """These are a command's fields of long texts, with how many letters each takes."""
    bounds = {
        field: next((bound.max_length for bound in info.metadata if hasattr(bound, "max_length")), 0)
        for field, info in COMMANDS[name].command.model_fields.items()
        if "str" in str(info.annotation) and "list" not in str(info.annotation)
    }
    return {field: most for field, most in bounds.items() if most >= LONG}


LONG_IN_ROOMS = list({case.name: case for case in IN_ROOMS if long_fields(case.name)}.values())


@pytest.mark.parametrize("case", LONG_IN_ROOMS, ids=lambda case: case.name)
async def test_no_text_holds_the_loop(scene: Scene, case: Case) -> None:
    await case.before(scene)
    asker, given = person(scene, case.by), case.fields(scene)
    for field, most in long_fields(case.name).items():
        for length in {min(SHORT, most), most}:
            await _costs_no_more(scene.agency.run, asker, case.name, given, field, length)


async def test_no_text_about_people_holds_the_loop(database: Any) -> None:
    office = await open_office(database)
    office.things |= await installed(database, office)
    for case in {case.name: case for case in OF_PEOPLE if long_fields(case.name)}.values():
        for field, most in long_fields(case.name).items():
            await _costs_no_more(office.agency.run, office.person(case.by), case.name, case.fields(office), field, most)


async def _costs_no_more(run: Any, asker: Any, name: str, given: dict[str, Any], field: str, length: int) -> None:
    def taking(text: str) -> Callable[[], Awaitable[None]]:
        return lambda: _run(run, asker, name, given | {field: text})

    most = TIMES * max(await cost_awaited(taking(_ordinary(length))), USUAL_SECONDS)
    for shape, text in costly_shapes(length):
        taken = await cost_awaited(taking(text), enough=most)
        assert taken <= most, f"{name} {field} {shape}: {TIMES * taken / most:.0f} times"


async def _run(run: Any, asker: Any, name: str, fields: dict[str, Any]) -> None:
    with suppress(Refusal):
        await run(asker, name, **fields)


@pytest.mark.parametrize(("name", "text"), costly_shapes(SHORT))
def test_what_is_drawn_at_once_costs_no_more_than_words(name: str, text: str) -> None:
    """The longest beginning of a text that is drawn where it is."""
    length = max(length for length in range(len(text) + 1) if is_quick(text[:length]))
    must_cost_at_most(TIMES, lambda: draw(_ordinary(SHORT)), lambda: draw(text[:length]), name)


@pytest.mark.parametrize("password", [("@4{3(<[69|!1$50+7%2aA" * 4)[:72], "a" * 200, "4@" * 100, "1234567890!@$" * 15])
async def test_no_password_holds_the_loop(password: str) -> None:
    most = TIMES * max(await cost_awaited(lambda: _check("three plain words")), USUAL_SECONDS)
    assert await cost_awaited(lambda: _check(password), enough=most) <= most


async def _check(password: str) -> None:
    with suppress(Refusal):
        await check_password(password)


@pytest.mark.parametrize(("name", "text"), costly_shapes())
def test_a_line_of_what_happened_costs_no_more(name: str, text: str) -> None:
    def lines_of(text: str) -> list[str]:
        return [plain(text) for _turn in range(20)]

    must_cost_at_most(TIMES, lambda: lines_of(_ordinary(len(text))), lambda: lines_of(text), name)
